import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, sentenceOf } from '../http/html/words.ts'
import type { DraftView } from './draft.ts'
import type { LetterPreview } from './preview.ts'
import { setUpPlace, teamPlaces } from './places.ts'
import { beginning, listOfMethods } from './pages-words.ts'
import { toWanted } from './wanted.ts'

/** Asks before a change of what a team requires: numbers, date and effects once more (A11Y-11). */
export function confirmPage(view: View, draft: DraftView): Html {
  const at = teamPlaces(draft.team)
  const turnsOn = !draft.before.required && draft.policy.required
  const heading = turnsOn ? 'Turn it on for your team?' : 'Change what your team requires?'
  return settingsPage(view, {
    title: heading,
    heading,
    current: 'team-general',
    back: { href: at.panel, label: 'Back to the settings' },
    focus: 'heading',
    body: draft.problem === null ? question(view, draft, turnsOn) : startAgain(draft),
  })
}

function question(view: View, draft: DraftView, turnsOn: boolean): Html {
  const at = teamPlaces(draft.team)
  return html`${card({
    body: confirmation(view, {
      action: at.confirm,
      hidden: { made_at: draft.made_at.toISOString() },
      effects: effectsOf(view, draft, turnsOn),
      submit: turnsOn ? 'Turn it on' : 'Make the change',
      danger: false,
      cancel: { href: at.security },
    }),
  })}${
    draft.previews.length > 0 &&
    card({ heading: 'The mail', body: previewsBlock(draft.previews, null) })
  }`
}

function effectsOf(
  view: View,
  draft: DraftView,
  turnsOn: boolean,
): [string | Html, ...(string | Html)[]] {
  const { changes, impact, policy, before } = draft
  const sentences = turnsOn
    ? [
        `Two-step authentication is required ${beginning(toWanted(policy, view.now), view.now)}. Days begin at 0:00 UTC.`,
        ...changes.sentences.slice(1).map(asSentence),
        `What counts: ${listOfMethods(policy.strengths)}.`,
      ]
    : changes.sentences.map(asSentence)
  const bitesNow = policy.bites === 'now' && (turnsOn || before.bites !== 'now')
  return [
    sentences[0] ?? '',
    ...sentences.slice(1),
    `${impact.ready} of ${count(impact.members, 'member')} ${impact.ready === 1 ? 'is' : 'are'} ready. ${missing(draft)}`,
    ...(bitesNow && impact.open_sessions > 0
      ? [
          `${count(impact.open_sessions, 'open session')} of members who are not ready lead to the set-up at the next click.`,
        ]
      : []),
    ...(changes.announced
      ? [`Every member is mailed now; those who are ready get a shorter mail.`]
      : [`The members are not mailed.`]),
    changes.loosens
      ? 'This asks for less than before: the owner is told, with your name.'
      : 'The owner is told, with your name.',
  ]
}

function missing({ impact, policy }: DraftView): string {
  const { not_ready, exempt, weak_only, unreachable } = impact
  const asked = not_ready - exempt
  if (not_ready === 0) return ''
  const parts = [
    policy.paused_until === null
      ? `${asked} ${asked === 1 ? 'is' : 'are'} not, and will be led to set up a method before anything else opens`
      : `${asked} ${asked === 1 ? 'is' : 'are'} not, and nobody asks them before the pause is over`,
    weak_only > 0
      ? `${weak_only} of them ${weak_only === 1 ? 'has' : 'have'} only a method that does not count`
      : '',
    unreachable > 0 ? `${unreachable} of them never confirmed their address` : '',
    exempt > 0 ? `${exempt} more ${exempt === 1 ? 'is' : 'are'} exempt for now` : '',
  ].filter(Boolean)
  return `${parts.join('; ')}.`
}

function asSentence(words: string): string {
  return `${words}.`
}

/** What was wanted can't be made any more: why, and how to go on. */
function startAgain({ team, problem }: DraftView): Html {
  const at = teamPlaces(team)
  return callout({
    tone: 'warning',
    heading: 'This change was not made',
    body: problem === null ? '' : sentenceOf(problem),
    actions: html`${linkButton({ href: at.panel, label: 'Start again', look: 'primary' })}${
      problem === 'protect-yourself-first' &&
      linkButton({ href: setUpPlace, label: 'Set up a method' })
    }`,
  })
}

/** Mails as their readers will see them, folded away. */
export function previewsBlock(previews: readonly LetterPreview[], title: string | null): Html {
  return html`<div class="stack">
    ${title !== null && html`<p class="label">${title}</p>`}${previews.map(
      ({ to, subject, text }) =>
        html`<details class="mail">
          <summary>
            <span class="soft">To ${to}</span><span class="mail-subject">${subject}</span>
          </summary>
          <p class="mail-body" dir="auto">${text.trim()}</p>
        </details>`,
    )}
  </div>`
}

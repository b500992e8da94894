import { html } from 'hono/html'
import { badge, strengthBadge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { choices } from '../http/html/choices.ts'
import { codeField } from '../http/html/code-field.ts'
import { doorPage } from '../http/html/door-page.ts'
import { form } from '../http/html/form.ts'
import { places } from '../http/html/places.ts'
import { resend } from '../http/html/resend.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateInWords, listInWords, masked } from '../http/html/words.ts'
import { sendable, sent } from '../methods/pages-prove.ts'
import { appAdvice, codesOf, iconOf, obstacle } from '../methods/pages-words.ts'
import type { Offer } from '../methods/offers.ts'
import type { Requirement } from './look.ts'

const root = '/set-up-required'

/**
 * What a person meets whose team requires a method they don't have: why, who asks, and the way
 * through; nobody is trapped (screens.md, Sign in 4).
 */
export function requirementPage(view: View, requirement: Requirement): Html {
  if (requirement.satisfied || !requirement.due) return nothingDuePage(view, requirement)
  if (!requirement.mailbox_missing) return kindsPage(view, requirement)
  return requirement.progress === null ? mailPage(view, requirement) : codePage(view, requirement)
}

function asks({ teams }: Requirement): Html {
  return html`<bdi>${listInWords(teams)}</bdi> ${teams.length > 1 ? 'require' : 'requires'} two-step
    authentication`
}

function who({ email }: Requirement) {
  return { email, leave: places.signOut, leaveLabel: 'Sign out' }
}

function hidden({ return_to }: Requirement): Record<string, string> {
  return return_to === null ? {} : { return_to }
}

function mailPage(view: View, requirement: Requirement): Html {
  return doorPage(view, {
    title: 'Set up two-step verification',
    step: 'Step 1 of 3',
    heading: 'One more lock for your account',
    lead: html`${asks(requirement)}: besides your password, a code that only you can get. Setting it
    up takes about two minutes.`,
    who: who(requirement),
    body: html`<p>
        First we make sure that it is you: we mail a code to ${masked(requirement.masked)}.
      </p>
      ${form(view, {
        action: `${root}/mail`,
        hidden: hidden(requirement),
        submit: 'Mail me the code',
      })}`,
  })
}

function codePage(view: View, requirement: Requirement): Html {
  const { progress } = requirement
  if (progress === null) return mailPage(view, requirement)
  return doorPage(view, {
    title: 'Check your email',
    step: 'Step 1 of 3',
    heading: 'Check your email',
    lead: html`Enter the six digits we sent to ${masked(requirement.masked)}. Then you set up a
    method of your own.`,
    who: who(requirement),
    body: html`${sent(view, progress, '/api/v1/requirement/delivery')}${form(view, {
        action: `${root}/code`,
        hidden: hidden(requirement),
        submit: 'Continue',
        body: codeField(view, {}),
      })}${resend(view, {
        action: `${root}/mail`,
        hidden: hidden(requirement),
        ...sendable(progress),
      })}
      <p class="hint">Never share this code; we never ask for it.</p>`,
  })
}

function kindsPage(view: View, requirement: Requirement): Html {
  const { offers, only_forbidden: forbidden } = requirement
  const kinds = choices(view, {
    action: `${root}/method`,
    name: 'kind',
    hidden: hidden(requirement),
    choices: offers.map(toChoice),
  })
  const lead = forbidden
    ? html`${asks(requirement)}, and your methods so far don’t count there. Set up one of these.`
    : html`${asks(requirement)}. Choose how you want to get your codes; you can add more later.`
  return doorPage(view, {
    title: 'Choose a method',
    step: 'Step 2 of 3',
    heading: 'Choose your method',
    lead,
    who: who(requirement),
    body: html`${kinds}${callout({ tone: 'info', icon: 'shield', body: appAdvice })}`,
  })
}

function toChoice(offer: Offer, place: number) {
  // A missing phone can be given on the spot; nothing else in the way can.
  const closed = offer.why_not !== null && offer.why_not !== 'phone-missing'
  const stop = closed && offer.why_not !== null ? obstacle(offer.why_not, offer.forbidden_by) : null
  return {
    value: offer.kind,
    icon: iconOf(offer.sends),
    title: codesOf(offer),
    words: offer.about.is,
    badges: html`${place === 0 && !closed && badge('Recommended', 'info')}
    ${strengthBadge(offer.strength)}`,
    forbidden: stop?.why,
  }
}

function nothingDuePage(view: View, requirement: Requirement): Html {
  const soon = !requirement.satisfied && requirement.due_at !== null
  return doorPage(view, {
    title: soon ? 'Not required yet' : 'Nothing is missing',
    heading: soon ? 'Not required yet' : 'Nothing is missing',
    lead: soon
      ? html`${asks(requirement)} from ${dateInWords(requirement.due_at ?? view.now, view.now)} on.`
      : 'You have what your teams require.',
    who: who(requirement),
    body: html`<div class="form-end">
      ${linkButton({ href: requirement.return_to ?? places.home, label: 'Continue', look: 'primary' })}
      ${soon && linkButton({ href: '/settings/security/set-up', label: 'Set up a method now' })}
    </div>`,
  })
}

import { html } from 'hono/html'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { countdown } from '../http/html/countdown.ts'
import { definitions } from '../http/html/definitions.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { radios } from '../http/html/radios.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment, masked, momentInWords, sentenceOf, timeAgo } from '../http/html/words.ts'
import { evidenceKinds, evidenceNames } from './evidence.ts'
import type { EvidenceKind } from './evidence.ts'
import type { CaseView } from './look.ts'
import { outcomeInWords, stageBadge } from './pages-words.ts'

/** The address of a case's page. */
export function casePath(id: string, page = ''): string {
  return `${places.support}/cases/${id}${page}`
}

/** Everything support needs to decide a case, and nothing that would let anybody in (REC-06). */
export function supportCasePage(view: View, one: CaseView): Html {
  return settingsPage(view, {
    title: `Case of ${one.name}`,
    heading: html`<bdi>${one.name}</bdi>`,
    lead: html`${stageBadge(one)} Asked ${timeAgo(one.asked_at, view.now)}.`,
    current: 'support',
    back: { href: places.support, label: 'Recovery cases' },
    body: html`${state(view, one)}${aboutCard(view, one)}${proofsCard(view, one)}${
      one.stage !== 'done' && !one.own && decisionCard(one)
    }${historyCard(view, one)}`,
  })
}

function state(view: View, one: CaseView): Html | null {
  if (one.own) {
    return callout({
      tone: 'info',
      heading: 'This is your own account',
      body: 'Somebody else from support has to work on it.',
    })
  }
  if (one.closed_at !== null) {
    return callout({
      tone: one.outcome === 'completed' ? 'good' : 'info',
      heading: outcomeInWords(one.outcome),
      body: html`${momentInWords(one.closed_at)}${one.closed_name && html`, by <bdi>${one.closed_name}</bdi>`}.
      ${one.reason && html`Reason: <bdi>${one.reason}</bdi>`}`,
    })
  }
  if (one.opens_at === null || one.stage !== 'waiting') return null
  return callout({
    tone: 'info',
    icon: 'clock',
    heading: one.link_sent ? 'The link was mailed' : 'The waiting time runs',
    body: one.link_sent
      ? html`It is good until ${momentInWords(one.closes_at ?? one.opens_at)}.`
      : html`${countdown(one.opens_at, view.now)} left, until ${momentInWords(one.opens_at)}. Then
        the link goes to the confirmed address by itself.`,
  })
}

function aboutCard(view: View, one: CaseView): Html {
  const teams = one.teams.map(({ name, role }) => html`<bdi>${name}</bdi> (${role})<br />`)
  return card({
    heading: 'Who asks',
    body: definitions([
      {
        term: 'Address',
        value: html`${masked(one.masked)}${one.email_verified_at === null && ', never confirmed'}`,
      },
      { term: 'Phone in the profile', value: phone(view, one) },
      { term: 'Teams', value: teams.length > 0 ? html`${teams}` : 'None' },
      { term: 'Password', value: one.password_lost ? 'Lost, too: a new one is chosen' : 'Known' },
      {
        term: 'Asked',
        value: html`${dateWithMoment(one.asked_at, view.now)} from <bdi>${one.source}</bdi>, with
          <bdi>${one.browser}</bdi
          >${one.asked_by_name && html`, by <bdi>${one.asked_by_name}</bdi> of support`}`,
      },
      { term: 'How to reach them, they say', value: html`<bdi>${one.contact}</bdi>` },
      { term: 'Open until', value: dateWithMoment(one.expires_at, view.now) },
    ]),
  })
}

/** A number is no contact known before when it was changed a short while before: support sees that. */
function phone(view: View, { masked_phone: number, phone_changed_at: changed }: CaseView): Html {
  const when = changed !== null && html`, changed ${timeAgo(changed, view.now)}`
  return html`${number === null ? 'None' : masked(number)}${when}`
}

function proofsCard(view: View, one: CaseView): Html {
  const mayNote = one.stage === 'proof' || one.stage === 'check'
  return card({
    heading: 'Two proofs',
    lead: 'The person’s own, and yours. Neither is enough alone.',
    body: html`${definitions([
      { term: 'By the person', value: ownProof(view, one) },
      { term: 'By support', value: evidence(view, one) },
    ])}${mayNote && !one.own && evidenceForm(view, one)}`,
  })
}

function ownProof(view: View, { proof, proven_at }: CaseView): string | Html {
  if (proof === null || proven_at === null) return 'Missing. The person was mailed how to give it.'
  const words = { password: 'The password', mailbox: 'A code mailed to the confirmed address' }
  return html`${words[proof]}, ${dateWithMoment(proven_at, view.now)}`
}

function evidence(view: View, one: CaseView): string | Html {
  if (one.evidence === null || one.evidence_at === null) return 'Missing'
  return html`${evidenceKinds[one.evidence as EvidenceKind] ?? one.evidence}:
    “<bdi>${one.evidence_note}</bdi>” — <bdi>${one.evidence_name}</bdi>,
    ${dateWithMoment(one.evidence_at, view.now)}`
}

function evidenceForm(view: View, one: CaseView): Html {
  if (one.evidence === null) {
    return html`<h3 class="title">Note how you checked that it’s them</h3>
      ${evidenceFields(view, one)}`
  }
  return html`<details class="fold">
    <summary>Note it anew</summary>
    ${evidenceFields(view, one)}
  </details>`
}

function evidenceFields(view: View, one: CaseView): Html {
  return html`<p>
      Use a contact that we had <strong>before</strong> ${dateWithMoment(one.asked_at, view.now)},
      never one that came with the request. Don’t ask about anything that others could know, and
      never for a password or a code.
    </p>
    ${form(view, {
      action: casePath(one.id, '/evidence'),
      submit: 'Note it',
      body: html`${radios(view, {
        name: 'kind',
        legend: 'How you checked',
        chosen: one.evidence ?? '',
        radios: evidenceNames.map((value) => ({ value, label: evidenceKinds[value] })),
      })}${field(view, {
        name: 'note',
        label: 'What was said',
        autocomplete: 'off',
        dir: 'auto',
        hint: `Whom you reached, how, and why you are sure. No numbers or codes in full. At most ${limits.caseNoteCharactersMax} characters.`,
      })}`,
    })}`
}

function decisionCard(one: CaseView): Html {
  const { why_not: why, stage } = one
  const two = one.needs_two
    ? 'This account manages others, so two people from support have to approve it.'
    : 'One approval is enough for this account.'
  const first =
    one.first_name !== null && html`<p>Approved already by <bdi>${one.first_name}</bdi>.</p>`
  if (stage === 'waiting') {
    return card({
      heading: 'Stop it',
      lead: 'Is something wrong? A case can be stopped until it is completed.',
      body: linkButton({ href: casePath(one.id, '/cancel'), label: 'Stop this case' }),
    })
  }
  return card({
    heading: 'Decide',
    lead: two,
    body: html`${first}${why !== null && html`<p>${sentenceOf(why)}</p>`}
      <div class="actions">
        ${why === null && linkButton({ href: casePath(one.id, '/approve'), label: 'Approve', look: 'primary' })}
        ${linkButton({ href: casePath(one.id, '/decline'), label: 'Decline' })}
      </div>`,
  })
}

function historyCard(view: View, { history }: CaseView): Html {
  return card({
    heading: 'History',
    body: list(
      history.map((row) => ({
        icon: 'clock' as const,
        title: row.words,
        details: [
          html`${timeAgo(row.at, view.now)}${row.actor_name && html` · <bdi>${row.actor_name}</bdi>`}${row.source && html` · From <bdi>${row.source}</bdi>`}`,
        ],
      })),
    ),
  })
}

import { html } from 'hono/html'
import { badge, strengthBadge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { definitions } from '../http/html/definitions.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import { statusLine } from '../http/html/status-line.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment, masked, timeAgo } from '../http/html/words.ts'
import { iconOf } from '../methods/pages-words.ts'
import type { Happened } from './history.ts'
import type { MemberScreen, MethodOfMember } from './look-at-member.ts'
import { actsCard } from './pages-acts.ts'
import { memberPlaces, roleWords } from './pages-words.ts'

/** Everything an admin sees of one member, and what can be done for them. */
export function memberPage(view: View, screen: MemberScreen): Html {
  const { member, self, history } = screen
  const team = memberPlaces(view.team?.id ?? '')
  return settingsPage(view, {
    title: member.name,
    heading: html`<bdi>${member.name}</bdi>`,
    lead: html`<bdi>${member.email}</bdi> · ${roleWords[member.role]}${self && ' · This is you'}`,
    current: 'team-members',
    back: { href: team.list, label: 'Members' },
    body: html`${status(view, screen)}${self ? yourself() : actsCard(view, screen)}${facts(view, screen)}${methodsCard(view, screen.methods)}${card(
      {
        id: 'history',
        heading: 'History',
        lead: 'What happened to this account in this team since they joined.',
        body: html`${list(
          history.events.map((one) => happened(view, one)),
          emptyState({
            icon: 'clock',
            heading: 'Nothing yet',
            words: 'What happens is listed here.',
          }),
        )}
        ${
          history.next !== null &&
          html`<div class="actions">
            ${linkButton({ href: `${team.one(member.id)}?before=${history.next}#history`, label: 'Older' })}
          </div>`
        }`,
      },
    )}`,
  })
}

function yourself(): Html {
  return callout({
    tone: 'info',
    body: 'You look after your own account yourself.',
    actions: linkButton({ href: places.security, label: 'Go to Security' }),
  })
}

function status(view: View, { member, status: { state, words } }: MemberScreen): Html {
  return statusLine({
    on: state === 'on',
    sentence: `Two-step: ${words}`,
    detail: details[state](view, member),
  })
}

type Detail = (view: View, member: MemberScreen['member']) => string | Html

const details: Readonly<Record<MemberScreen['status']['state'], Detail>> = {
  on: () => 'They have a strong method that counts in this team.',
  'weak-only': () => 'They have only text messages or email. An authenticator app is safer.',
  'not-set-up': () => 'They have no method that counts, and the team asks for none now.',
  due: () => 'They have no method that counts yet. From that day on they need one to go on.',
  'due-at-next-login': () =>
    'They have no method that counts. At their next login they are asked to set one up.',
  exempt: (view, { exempt_until: until, exempt_reason: reason, exempt_by: by }) =>
    html`${until && dateWithMoment(until, view.now)} is the last day. Reason:
      <bdi>${reason}</bdi> ${by !== null && html`(<bdi>${by}</bdi>)`}`,
  locked: (_view, { password_closed_at: closed }) =>
    closed === null
      ? 'All their methods are switched off after too many wrong codes. Only a reset or a one-time pass helps.'
      : 'Their password is closed after a hundred wrong ones in a row. Unlocking mails them the link to choose a new one.',
}

function facts(view: View, { member }: MemberScreen): Html {
  const { last_sign_in_at: last, recovery_codes_left: codes } = member
  const exempt = member.exempt_until !== null && member.exempt_until > view.now
  const rows = [
    { term: 'Joined', value: dateWithMoment(member.joined_at, view.now) },
    { term: 'Last sign-in', value: last === null ? 'Never' : timeAgo(last, view.now) },
    { term: 'Recovery codes left', value: codes === null ? 'None made' : String(codes) },
    { term: 'Trusted devices', value: String(member.trusted_devices) },
    { term: 'Open sessions', value: String(member.sessions) },
    { term: 'Address', value: member.email_verified_at === null ? 'Not confirmed' : 'Confirmed' },
    ...(exempt && member.exempt_until
      ? [{ term: 'Exempt until', value: dateWithMoment(member.exempt_until, view.now) }]
      : []),
    ...(member.pass_until === null
      ? []
      : [
          {
            term: 'One-time pass',
            value: html`Unused, until ${dateWithMoment(member.pass_until, view.now)}`,
          },
        ]),
    ...(member.reminded_at === null
      ? []
      : [{ term: 'Reminded', value: timeAgo(member.reminded_at, view.now) }]),
  ]
  return card({ heading: 'Account', body: definitions(rows) })
}

function methodsCard(view: View, methods: readonly MethodOfMember[]): Html {
  return card({
    heading: 'Methods',
    body: list(
      methods.map((method) => toItem(view, method)),
      emptyState({
        icon: 'shield',
        heading: 'No methods yet',
        words: 'Only they themselves can set one up.',
      }),
    ),
  })
}

function toItem(view: View, method: MethodOfMember): Item {
  return {
    icon: iconOf(method.sends),
    title: method.title,
    badges: html`${strengthBadge(method.strength)}${method.locked && badge('Switched off', 'danger', 'lock')}${!method.counts && badge('Does not count in this team', 'warning', 'warning')}`,
    details: [
      html`${method.masked !== null && html`${masked(method.masked)} · `}Added
      ${dateWithMoment(method.added_at, view.now)} ·
      ${method.used_at ? html`Last used ${timeAgo(method.used_at, view.now)}` : 'Not used yet'}`,
    ],
  }
}

function happened(view: View, event: Happened): Item {
  const { sentence, method, actor, reason } = event
  return {
    icon: actor === null ? 'clock' : 'users',
    title: method === null ? sentence : `${sentence}: ${method}`,
    details: [
      html`${timeAgo(event.at, view.now)}${actor !== null && html` · By <bdi>${actor}</bdi>`} ·
        ${event.browser} · <bdi>${event.source}</bdi>`,
      ...(reason === null ? [] : [html`Reason: <bdi>${reason}</bdi>`]),
    ],
  }
}

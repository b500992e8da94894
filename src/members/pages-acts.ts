import { html } from 'hono/html'
import { actionButton, linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import type { Html, View } from '../http/html/view.ts'
import { sentenceOf } from '../http/html/words.ts'
import type { MemberScreen } from './look-at-member.ts'
import { detailsOf } from './may.ts'
import type { Act } from './may.ts'
import { memberPlaces } from './pages-words.ts'

/** What may be done for a member, each with its button; what may not says why and what helps. */
export function actsCard(view: View, screen: MemberScreen): Html {
  const { may, member } = screen
  const offered = offers.filter(({ when }) => when(view, screen))
  const open = offered.filter(({ act }) => may[act] === null)
  const closed = offered.filter(({ act }) => may[act] !== null)
  const reasons = [...new Set(closed.map(({ act }) => may[act]))]
  return card({
    heading: 'What you can do',
    lead: open.length === 0 ? undefined : html`<bdi>${member.name}</bdi> is told of each by mail.`,
    body: html`${list(open.map((offer) => toItem(view, screen, offer)))}
    ${reasons.map((reason) => {
      if (reason === null) return null
      const titles = closed.filter(({ act }) => may[act] === reason).map(({ title }) => title)
      return html`<p class="soft">
        Not possible here: ${titles.join(', ').toLowerCase()}.
        ${sentenceOf(reason, detailsOf(member))}
      </p>`
    })}
    ${
      may.reset !== null &&
      html`<p class="soft">
        Are they locked out? Show them <a href="${places.helpStuck}">how to get back in</a>.
      </p>`
    }`,
  })
}

type Offer = {
  readonly act: Act
  /** The last part of its address; it asks before it does anything. */
  readonly path: string
  readonly title: string
  readonly label: string
  readonly words: string
  readonly icon: Item['icon']
  readonly when: (view: View, screen: MemberScreen) => boolean
}

const isExempt = (view: View, { member }: MemberScreen) =>
  member.exempt_until !== null && member.exempt_until > view.now

const always = () => true

const offers: readonly Offer[] = [
  {
    act: 'remind',
    path: 'remind',
    title: 'Remind',
    label: 'Send a reminder',
    words: 'A mail that asks them to set up a method; once a day at most.',
    icon: 'mail',
    when: (_view, { status }) => ['due', 'due-at-next-login'].includes(status.state),
  },
  {
    act: 'pass',
    path: 'pass',
    title: 'One-time pass',
    label: 'Make a pass',
    words:
      'For somebody who can’t reach their methods today: stands in for the second step once, within a day.',
    icon: 'key',
    when: (_view, { methods }) => methods.length > 0,
  },
  {
    act: 'unlock',
    path: 'unlock',
    title: 'Unlock',
    label: 'Unlock',
    words: 'Ends the waiting after wrong codes and passwords.',
    icon: 'lock',
    when: always,
  },
  {
    act: 'forget-devices',
    path: 'forget-devices',
    title: 'Forget trusted devices',
    label: 'Forget devices',
    words: 'Each of their devices is asked for a code again.',
    icon: 'device',
    when: (_view, { member }) => member.trusted_devices > 0,
  },
  {
    act: 'end-sessions',
    path: 'end-sessions',
    title: 'End sessions',
    label: 'End sessions',
    words: 'They have to sign in again to go on in this team.',
    icon: 'logout',
    when: always,
  },
  {
    act: 'exempt',
    path: 'exempt',
    title: 'Exempt',
    label: 'Exempt',
    words: 'The team’s requirement does not hold for them until a day you choose.',
    icon: 'clock',
    when: (view, screen) => !isExempt(view, screen),
  },
  {
    act: 'exempt',
    path: 'end-exemption',
    title: 'End the exemption',
    label: 'End the exemption',
    words: 'The team’s requirement holds for them again.',
    icon: 'clock',
    when: isExempt,
  },
  {
    act: 'reset',
    path: 'reset',
    title: 'Reset two-step verification',
    label: 'Reset',
    words:
      'For somebody who has lost their methods for good: removes them all, and they set up new ones.',
    icon: 'shield',
    when: always,
  },
  {
    act: 'change-role',
    path: 'role',
    title: 'Change role',
    label: 'Change role',
    words: 'What they may do in this team.',
    icon: 'users',
    when: always,
  },
  {
    act: 'remove',
    path: 'remove',
    title: 'Remove from the team',
    label: 'Remove',
    words: 'They lose the team at once; their account stays.',
    icon: 'close',
    when: always,
  },
]

function toItem(view: View, { member }: MemberScreen, offer: Offer): Item {
  const { path, label, title, words, icon } = offer
  const to = memberPlaces(view.team?.id ?? '').act(member.id, path)
  const about = member.name
  return {
    icon,
    title,
    details: [words],
    actions:
      path === 'remind'
        ? actionButton(view, { action: to, label, about })
        : linkButton({ href: to, label, about }),
  }
}

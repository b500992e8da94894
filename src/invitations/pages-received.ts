import { html } from 'hono/html'
import { badge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, dateWithMoment, listInWords } from '../http/html/words.ts'
import { roleMeanings, roleNames } from '../teams/role.ts'
import type { Received } from './joining-store.ts'
import type { ReceivedList } from './received.ts'

const root = '/invitations'

/** The invitations to the person's own address, to accept or decline. */
export function receivedPage(view: View, { invitations, unconfirmed }: ReceivedList): Html {
  return settingsPage(view, {
    title: 'Your invitations',
    heading: 'Invitations',
    lead: html`Teams that invited <bdi>${view.account?.email}</bdi>.`,
    current: 'invitations',
    back: { href: places.home, label: 'Home' },
    body: unconfirmed
      ? confirmFirst()
      : card({
          body: list(
            invitations.map((one) => item(view, one)),
            emptyState({
              icon: 'mail',
              heading: 'No invitations',
              words:
                'There is none for your address, or it has ended. Whoever invited you can send it again.',
            }),
          ),
        }),
  })
}

function confirmFirst(): Html {
  return callout({
    tone: 'warning',
    heading: 'Your address isn’t confirmed yet',
    body: 'Invitations show up here once you have confirmed that it is yours.',
    actions: linkButton({ href: places.profile, label: 'Go to Profile' }),
  })
}

function item(view: View, invitation: Received): Item {
  const { id, team, role, invited_by: by, expires_at: end, required } = invitation
  return {
    icon: 'users',
    title: team,
    badges: badge(roleNames[role]),
    details: [
      html`${by === null ? 'You are invited' : html`<bdi>${by}</bdi> invites you`} · Good until
      ${dateWithMoment(end, view.now)}`,
      roleMeanings[role],
      seenBy(required),
    ],
    actions: html`${linkButton({ href: `${root}/${id}/accept`, label: 'Accept', look: 'primary', about: team })}${linkButton({ href: `${root}/${id}/decline`, label: 'Decline', look: 'quiet', about: team })}`,
  }
}

function seenBy(required: boolean): string {
  return required
    ? 'This team requires two-step authentication, and its admins see whether you have it.'
    : 'The team’s admins see whether you use two-step verification.'
}

const becoming: Readonly<Record<Received['role'], string>> = {
  member: 'You become a member: you belong to the team without managing it.',
  admin:
    'You become an admin: you invite and remove members, say what the team requires, and see who is protected.',
}

/** Asks before an invitation is accepted: who may do what to the account from then on (TEAM-07). */
export function acceptPage(view: View, { invitation }: { readonly invitation: Received }): Html {
  const { id, team, role, required } = invitation
  const above = role === 'admin' ? 'its owner' : 'its admins'
  return settingsPage(view, {
    title: `Accept the invitation to ${team}`,
    heading: html`Join <bdi>${team}</bdi>?`,
    current: 'invitations',
    back: { href: root, label: 'Invitations' },
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/${id}/accept`,
        effects: [
          becoming[role],
          seenBy(required),
          `While this is your only team, ${above} can reset your two-step verification, for the day you are locked out.`,
        ],
        submit: 'Join the team',
        danger: false,
        cancel: { href: root },
      }),
    }),
  })
}

/** Asks before an invitation is declined. */
export function declinePage(view: View, { invitation }: { readonly invitation: Received }): Html {
  return settingsPage(view, {
    title: `Decline the invitation to ${invitation.team}`,
    heading: html`Decline the invitation to <bdi>${invitation.team}</bdi>?`,
    current: 'invitations',
    back: { href: root, label: 'Invitations' },
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/${invitation.id}/decline`,
        effects: [
          'The invitation is gone, and the link in its mail stops working.',
          'The team’s log says that you declined. Only a new invitation lets you join.',
        ],
        submit: 'Decline',
        cancel: { href: root },
      }),
    }),
  })
}

/** On Home, while there are some: who invites, and the way there. */
export function invitedCallout(invitations: readonly Received[]): Html | null {
  if (invitations.length === 0) return null
  const teams = listInWords(invitations.slice(0, 3).map(({ team }) => team))
  return callout({
    tone: 'info',
    icon: 'mail',
    heading: `You have ${count(invitations.length, 'invitation')}`,
    body: html`To join <bdi>${teams}</bdi>${invitations.length > 3 && ' and others'}.`,
    actions: linkButton({ href: root, label: 'See invitations', look: 'primary' }),
  })
}

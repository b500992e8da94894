import { html } from 'hono/html'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment } from '../http/html/words.ts'
import { asRole, meaningOf, roleNames } from '../teams/role.ts'
import type { Invitation } from './store.ts'

type Found = { readonly invitation: Invitation }

function back(view: View) {
  return { href: `/teams/${view.team?.id}/invitations`, label: 'Invitations' }
}

/** Asks the owner before the role in an invitation is changed. */
export function changeRolePage(view: View, { invitation }: Found): Html {
  const { id, email, role } = invitation
  const to = role === 'admin' ? 'member' : 'admin'
  return settingsPage(view, {
    title: `Invite ${email} as ${asRole(to)}`,
    heading: html`Invite <bdi>${email}</bdi> as ${asRole(to)} instead?`,
    lead: `Now invited as ${asRole(role)}.`,
    current: 'team-members',
    back: back(view),
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${back(view).href}/${id}/role`,
        hidden: { role: to },
        effects: [
          `Whoever accepts from now on joins as ${asRole(to)}. ${meaningOf(to)}`,
          'The link that was mailed stays good, and its page says the new role. No further mail goes out.',
        ],
        submit: `Invite as ${roleNames[to].toLowerCase()}`,
        cancel: { href: back(view).href },
        danger: false,
      }),
    }),
  })
}

/** Asks before an invitation is withdrawn. */
export function revokePage(view: View, { invitation }: Found): Html {
  const { id, email, role, sent_at: sent } = invitation
  return settingsPage(view, {
    title: `Withdraw the invitation of ${email}`,
    heading: html`Withdraw the invitation of <bdi>${email}</bdi>?`,
    lead: html`Invited as ${asRole(role)}, sent ${dateWithMoment(sent, view.now)}.`,
    current: 'team-members',
    back: back(view),
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${back(view).href}/${id}/revoke`,
        effects: [
          'The link that was mailed stops working, at once.',
          'They are not told. You can invite them again.',
        ],
        submit: 'Withdraw the invitation',
        cancel: { href: back(view).href },
      }),
    }),
  })
}

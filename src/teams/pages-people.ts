import { html } from 'hono/html'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { count } from '../http/html/words.ts'
import type { Somebody } from './people-store.ts'
import { asRole, meaningOf, roleNames } from './role.ts'

/** What happens, one sentence each; there is always one. */
type Effects = [string | Html, ...(string | Html)[]]

const name = (member: Somebody) => html`<bdi>${member.name}</bdi>`

function back(view: View) {
  return { href: `/teams/${view.team?.id}/members`, label: 'Members' }
}

/** Asks the owner before a member becomes an admin, or an admin a member. */
export function rolePage(view: View, { member }: { readonly member: Somebody }): Html {
  const to = member.role === 'admin' ? 'member' : 'admin'
  return settingsPage(view, {
    title: `Make ${member.name} ${asRole(to)}`,
    heading: html`Make ${name(member)} ${asRole(to)}?`,
    lead: html`<bdi>${member.email}</bdi> · now ${roleNames[member.role]}`,
    current: 'team-members',
    back: back(view),
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `/teams/${view.team?.id}/members/${member.id}/role`,
        hidden: { role: to },
        effects: to === 'admin' ? raised(member) : lowered(member),
        submit: to === 'admin' ? 'Make admin' : 'Make member',
        cancel: { href: back(view).href },
        danger: to === 'member',
      }),
    }),
  })
}

function raised(member: Somebody): Effects {
  return [
    html`${name(member)} becomes an admin. ${meaningOf('admin')}`,
    'They cannot change anybody’s role, or do anything to you or to other admins.',
    'They are told by mail.',
  ]
}

function lowered(member: Somebody): Effects {
  return [
    html`${name(member)} stays in the team and manages nothing any more, from their next click on.`,
    ...worksEnd(member, 'They'),
    'They are told by mail.',
  ]
}

/** Asks before somebody is taken out of the team. */
export function removePage(view: View, { member }: { readonly member: Somebody }): Html {
  return settingsPage(view, {
    title: `Remove ${member.name}`,
    heading: html`Remove ${name(member)} from <bdi>${view.team?.name}</bdi>?`,
    lead: html`<bdi>${member.email}</bdi> · ${roleNames[member.role]}`,
    current: 'team-members',
    back: back(view),
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `/teams/${view.team?.id}/members/${member.id}/remove`,
        effects: [
          'They see nothing of this team any more, at once, also where they are signed in now.',
          ...worksEnd(member, 'They'),
          'Their account, its sign-in methods and their other teams stay as they are.',
          'They are told by mail. You can invite them again.',
        ],
        submit: 'Remove from the team',
        cancel: { href: back(view).href },
      }),
    }),
  })
}

/** Asks before somebody leaves a team by themselves. */
export function leavePage(view: View, { member }: { readonly member: Somebody }): Html {
  const general = `/teams/${view.team?.id}/general`
  return settingsPage(view, {
    title: `Leave ${view.team?.name}`,
    heading: html`Leave <bdi>${view.team?.name}</bdi>?`,
    current: 'team-general',
    back: { href: general, label: 'General' },
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `/teams/${view.team?.id}/leave`,
        effects: [
          'You see nothing of this team any more, at once. Only an invitation brings you back.',
          ...worksEnd(member, 'You'),
          'Your account, its sign-in methods and your other teams stay as they are.',
          'Coming back later does not restart a time you were given to set up a second step.',
        ],
        submit: 'Leave the team',
        cancel: { href: general },
      }),
    }),
  })
}

function worksEnd({ api_keys, invitations }: Somebody, who: 'They' | 'You'): string[] {
  const made = `that ${who.toLowerCase()} made for this team ${api_keys === 1 ? 'stops' : 'stop'}`
  const sent = `${who.toLowerCase()} sent and nobody accepted yet ${invitations === 1 ? 'is' : 'are'}`
  return [
    ...(api_keys > 0 ? [`${count(api_keys, 'API key')} ${made} working.`] : []),
    ...(invitations > 0 ? [`${count(invitations, 'invitation')} ${sent} withdrawn.`] : []),
  ]
}

import { html } from 'hono/html'
import { actionButton } from './button.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import { places } from './places.ts'
import type { Html, View, ViewTeam } from './view.ts'
import { avatar } from './who.ts'

export type Current =
  | 'home'
  | 'profile'
  | 'email'
  | 'password'
  | 'security'
  | 'help'
  | 'invitations'
  | 'team-general'
  | 'team-members'
  | 'team-log'
  | 'team-keys'
  | 'support'

type Entry = { current: Current; href: string; label: string; icon: IconName }

type Group = { readonly heading: string | Html | null; readonly entries: readonly Entry[] }

const personal: readonly Group[] = [
  { heading: null, entries: [{ current: 'home', href: places.home, label: 'Home', icon: 'home' }] },
  {
    heading: 'Personal Settings',
    entries: [
      { current: 'profile', href: places.profile, label: 'Profile', icon: 'user' },
      { current: 'email', href: places.email, label: 'Email', icon: 'mail' },
      { current: 'password', href: places.password, label: 'Password', icon: 'lock' },
      { current: 'security', href: places.security, label: 'Security', icon: 'shield' },
    ],
  },
]

/** For people with the support role only. */
const supportGroup: Group = {
  heading: 'Support',
  entries: [{ current: 'support', href: places.support, label: 'Recovery cases', icon: 'help' }],
}

/** A team's own settings: all of them for those who manage it. */
function teamGroup({ id, name, role }: ViewTeam): Group {
  const at = (page: string) => `/teams/${id}/${page}`
  const general = { current: 'team-general', href: at('general'), label: 'General' } as const
  const entries: readonly Entry[] = [
    { ...general, icon: 'settings' },
    { current: 'team-members', href: at('members'), label: 'Members', icon: 'users' },
    { current: 'team-log', href: at('log'), label: 'Security log', icon: 'clock' },
    { current: 'team-keys', href: at('api-keys'), label: 'API keys', icon: 'key' },
  ]
  return {
    heading: html`<bdi>${name}</bdi>`,
    entries: role === 'member' ? entries.slice(0, 1) : entries,
  }
}

/**
 * The pages of a session, the present one marked in words for screen readers (`aria-current`). On a
 * phone a button opens them, without a script.
 */
export function navigation({ team, support }: View, current: Current): Html {
  const groups = [
    ...personal,
    ...(team === null ? [] : [teamGroup(team)]),
    ...(support ? [supportGroup] : []),
  ]
  return html`<button class="button quiet nav-open" type="button" popovertarget="nav">
      ${icon('menu')}Menu
    </button>
    <nav class="nav" id="nav" popover aria-label="Settings">
      ${groups.map(
        (group) =>
          html`<div class="nav-group">
            ${group.heading !== null && html`<p class="nav-heading">${group.heading}</p>`}
            <ul>
              ${group.entries.map(
                (entry) =>
                  html`<li>
                    <a
                      href="${entry.href}"
                      ${entry.current === current && html` aria-current="page"`}
                      >${icon(entry.icon)}<span>${entry.label}</span></a
                    >
                  </li>`,
              )}
            </ul>
          </div>`,
      )}
    </nav>`
}

/** The avatar's menu: Profile → Settings, Help, Sign out. Opens without a script. */
export function profileMenu(view: View): Html | null {
  if (view.account === null) return null
  const { name, email } = view.account
  return html`<details class="menu" data-menu>
    <summary>
      ${avatar(name)}<span class="menu-name"
        ><span class="unseen">Profile: </span><bdi>${name}</bdi></span
      >${icon('chevron')}
    </summary>
    <div class="menu-panel">
      <p class="menu-who">
        <strong><bdi>${name}</bdi></strong
        ><span class="soft"><bdi>${email}</bdi></span>
      </p>
      ${teamSwitcher(view)}
      <ul>
        <li><a href="${places.profile}">${icon('settings')}Settings</a></li>
        <li><a href="${places.help}">${icon('help')}Help</a></li>
        <li>
          ${actionButton(view, { action: places.signOut, label: 'Sign out', look: 'quiet', icon: 'logout' })}
        </li>
      </ul>
    </div>
  </details>`
}

/** For people in several teams: which one's settings the menu shows. */
function teamSwitcher(view: View): Html | null {
  if (view.teams.length < 2 || view.restricted) return null
  return html`<p class="nav-heading" id="teams">Teams</p>
    <ul aria-labelledby="teams">
      ${view.teams.map(({ id, name }) => html`<li>${teamButton(view, id, name)}</li>`)}
    </ul>`
}

function teamButton(view: View, id: string, name: string): Html {
  if (id === view.team?.id) {
    return html`<span class="menu-here" aria-current="true"
      >${icon('check')}<bdi>${name}</bdi></span
    >`
  }
  return actionButton(view, { action: `/teams/${id}/switch`, label: name, look: 'quiet' })
}

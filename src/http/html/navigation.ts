import { html } from 'hono/html'
import { actionButton } from './button.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import { places } from './places.ts'
import type { Html, View } from './view.ts'
import { avatar } from './who.ts'

export type Current = 'home' | 'profile' | 'password' | 'security' | 'help'

type Entry = { current: Current; href: string; label: string; icon: IconName }

/* A team's own settings become a second group of this table. */
const groups: readonly { heading: string | null; entries: readonly Entry[] }[] = [
  { heading: null, entries: [{ current: 'home', href: places.home, label: 'Home', icon: 'home' }] },
  {
    heading: 'Personal Settings',
    entries: [
      { current: 'profile', href: places.profile, label: 'Profile', icon: 'user' },
      { current: 'password', href: places.password, label: 'Password', icon: 'lock' },
      { current: 'security', href: places.security, label: 'Security', icon: 'shield' },
    ],
  },
]

/** The pages of a session, the present one marked in words for screen readers (`aria-current`). */
export function navigation(current: Current): Html {
  return html`<nav class="nav" aria-label="Settings">
    ${groups.map(
      (group) =>
        html`<div class="nav-group">
          ${group.heading !== null && html`<p class="nav-heading">${group.heading}</p>`}
          <ul>
            ${group.entries.map(
              (entry) =>
                html`<li>
                  <a href="${entry.href}" ${entry.current === current && html` aria-current="page"`}
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

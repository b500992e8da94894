import { html } from 'hono/html'
import { badge } from '../http/html/badge.ts'
import type { IconName } from '../http/html/icon.ts'
import type { Html } from '../http/html/view.ts'
import type { Role } from '../policy/policy.ts'
import type { Show, Sort } from './filters.ts'
import type { State, Status } from './status.ts'

/** The addresses of a team's Members page and of what belongs to it. */
export function memberPlaces(team: string) {
  const list = `/teams/${team}/members`
  return {
    list,
    pending: `/teams/${team}/invitations`,
    file: `${list}.csv`,
    remind: `${list}/remind`,
    one: (member: string) => `${list}/${member}`,
    act: (member: string, act: string) => `${list}/${member}/${act}`,
  } as const
}

/** What each list is called. */
export const showWords: Readonly<Record<Show, string>> = {
  all: 'All',
  ready: 'Ready',
  'not-ready': 'Not ready',
  'due-this-week': 'Due this week',
  'weak-only': 'Weak only',
  exempt: 'Exempt',
  locked: 'Locked',
  never: 'Never signed in',
  unreachable: 'Address not confirmed',
}

export const sortWords: Readonly<Record<Sort, string>> = {
  name: 'Name',
  email: 'Email',
  joined: 'Joined last',
}

export const roleWords: Readonly<Record<Role, string>> = {
  owner: 'Owner',
  admin: 'Admin',
  member: 'Member',
}

const looks: Readonly<
  Record<State, readonly [tone: 'good' | 'warning' | 'danger' | 'plain', icon: IconName]>
> = {
  on: ['good', 'shield'],
  'weak-only': ['warning', 'shield'],
  'not-set-up': ['warning', 'warning'],
  due: ['warning', 'clock'],
  'due-at-next-login': ['warning', 'clock'],
  exempt: ['plain', 'clock'],
  locked: ['danger', 'lock'],
}

/** A status in its words with an icon, never by colour alone (A11Y-08). */
export function statusBadge({ state, words }: Status): Html {
  const [tone, icon] = looks[state]
  return html`<span class="status">${badge(words, tone, icon)}</span>`
}

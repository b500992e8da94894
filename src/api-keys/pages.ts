import { html } from 'hono/html'
import { limits } from '../config.ts'
import { badge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment, listInWords, timeAgo } from '../http/html/words.ts'
import type { KeyView } from './look-at.ts'
import type { Scope } from './scopes.ts'

/** The address of the team's keys; of another page below it with `more`. */
export const keysAt = (team: string, more = '') => `/teams/${team}/api-keys${more}`

/** What each scope lets a program do, in the words of the form. */
export const scopeWords: Readonly<Record<Scope, readonly [label: string, detail: string]>> = {
  'read-members': [
    'Read members',
    'Who is in the team or invited, with role, status and kinds of methods. No numbers, no codes.',
  ],
  'manage-members': [
    'Manage members',
    'Remind them, forget their trusted devices, end their sessions, exempt them for a while.',
  ],
  'read-log': ['Read the security log', 'What happened in the team, as this site shows it.'],
}

/** The team's API keys: what each may do, who made it, when it was last used and until when. */
export function keysPage(view: View, keys: readonly KeyView[], team: string): Html {
  const full = keys.filter(({ expired }) => !expired).length >= limits.apiKeysPerTeamMax
  return settingsPage(view, {
    title: 'API keys',
    heading: 'API keys',
    lead: 'For programs that read or manage this team without anybody being signed in.',
    current: 'team-keys',
    body: html`${full && fullCallout()}${card({
      heading: 'Keys',
      lead: html`A key works only while its maker is an owner or admin here and has what the team
        requires. What a program can call is in
        <a href="/api/v1/openapi.json">the API’s document</a>.`,
      actions: full
        ? undefined
        : linkButton({
            href: keysAt(team, '/new'),
            label: 'Make an API key',
            look: 'primary',
            icon: 'plus',
          }),
      body: list(
        keys.map((key) => item(view, key, team)),
        none(),
      ),
    })}`,
  })
}

function fullCallout(): Html {
  return callout({
    tone: 'info',
    body: `This team has ${limits.apiKeysPerTeamMax} API keys, and that is as many as it can have. Revoke one to make another.`,
  })
}

function none(): Html {
  return emptyState({
    icon: 'key',
    heading: 'No API keys',
    words:
      'Make one for a script or an audit tool. You see it once, and can revoke it at any time.',
  })
}

function item(view: View, key: KeyView, team: string): Item {
  const { now } = view
  const used =
    key.last_used_at === null ? 'Never used' : html`Last used ${timeAgo(key.last_used_at, now)}`
  const until = key.expired
    ? html`Expired ${timeAgo(key.expires_at, now)}`
    : html`Expires ${dateWithMoment(key.expires_at, now)}`
  return {
    icon: 'key',
    title: key.name,
    badges: key.expired ? badge('Expired', 'warning', 'warning') : undefined,
    details: [
      said(key.scopes),
      html`${used} · ${until} · Made ${timeAgo(key.created_at, now)} by <bdi>${key.maker}</bdi>`,
    ],
    actions: linkButton({
      href: keysAt(team, `/${key.id}/revoke`),
      label: key.expired ? 'Remove' : 'Revoke',
      about: key.name,
      look: 'quiet',
    }),
  }
}

/** "Read members, manage members and read the security log": the first letter large. */
function said(scopes: readonly Scope[]): string {
  const words = listInWords(scopes.map((scope) => scopeWords[scope][0].toLowerCase()))
  return words.slice(0, 1).toUpperCase() + words.slice(1)
}

/** Asks before a key is revoked (A11Y-11). */
export function revokePage(view: View, key: KeyView, team: string): Html {
  const { now } = view
  return settingsPage(view, {
    title: `Revoke ${key.name}`,
    heading: html`Revoke “<bdi>${key.name}</bdi>”?`,
    lead: html`Made ${timeAgo(key.created_at, now)} by <bdi>${key.maker}</bdi>,
      ${key.last_used_at === null ? 'never used' : html`last used ${timeAgo(key.last_used_at, now)}`}.`,
    current: 'team-keys',
    back: { href: keysAt(team), label: 'API keys' },
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: keysAt(team, `/${key.id}/revoke`),
        effects: [
          'Every program that uses this key is refused from its next request on.',
          'The team’s owner and whoever made the key are told by mail.',
          'It cannot be brought back. For the same purpose, make a new key.',
        ],
        submit: 'Revoke the key',
        cancel: { href: keysAt(team) },
      }),
    }),
  })
}

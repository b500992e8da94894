import { html } from 'hono/html'
import { groupNames } from '../audit/groups.ts'
import type { Group } from '../audit/groups.ts'
import type { Piece } from '../audit/words.ts'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { filterForm, filterLinks, pager } from '../http/html/filters.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { timeAgo } from '../http/html/words.ts'
import { drawingOf } from '../security/pages.ts'
import type { Look, Typed } from './look.ts'
import type { Place, Query } from './query.ts'
import type { LogEntry } from './tell.ts'

/** The address of the log with that filter; of another page below it with `more`. */
export function logAt(
  team: string,
  filter: Partial<Record<keyof (Query & Place), string | number | null>> = {},
  more = '',
): string {
  const given = Object.entries(filter).flatMap(([name, value]) =>
    value === null || value === '' ? [] : [[name, String(value)]],
  )
  const query = new URLSearchParams(given).toString()
  return `/teams/${team}/log${more}${query && `?${query}`}`
}

/** What the groups are called. */
export const groupWords: Readonly<Record<Group, string>> = {
  'sign-ins': 'Sign-ins',
  methods: 'Methods',
  policy: 'Policy',
  members: 'Members and roles',
  'admin-acts': 'Admin acts',
  warnings: 'Warnings',
}

/** The team's security log: who did what, when, in which browser, from where (AUD-01). */
export function logPage(asked: View, found: Look, input: Typed & Place & { team: string }): Html {
  const view = { ...asked, refusal: found.wrong ?? asked.refusal }
  const { team } = input
  const { query } = found
  const start = found.wrong ? null : input.before !== null || input.after !== null
  return settingsPage(view, {
    title: 'Security log',
    heading: 'Security log',
    lead: html`What happened in this team and to its members since they joined. Kept for
    ${limits.eventsRetentionDays} days; days and times are UTC.`,
    current: 'team-log',
    body: html`${filterLinks('Kinds of events', kindLinks(team, query))}${filterForm(view, {
      action: logAt(team),
      submit: 'Show',
      hidden: query.group === null ? {} : { group: query.group },
      clear: isWhole(input) ? undefined : logAt(team, { group: query.group }),
      fields: [
        { name: 'from', label: 'From', type: 'date', value: input.from ?? '' },
        { name: 'to', label: 'Until', type: 'date', value: input.to ?? '' },
        memberField(found, input),
      ],
    })}${card({
      heading: headingOf(found),
      id: 'events',
      actions:
        found.events.length === 0
          ? undefined
          : linkButton({
              href: logAt(team, query, '/export'),
              label: 'Export CSV',
              icon: 'download',
            }),
      body: html`${list(
        found.events.map((entry) => item(view, entry, team, query)),
        none(found),
      )}${pager({
        first: start ? logAt(team, query) : null,
        newer: found.newer === null ? null : logAt(team, { ...query, after: found.newer }),
        older: found.older === null ? null : logAt(team, { ...query, before: found.older }),
      })}`,
    })}`,
  })
}

function isWhole({ from, to, member }: Typed): boolean {
  return from === null && to === null && member === null
}

function kindLinks(team: string, query: Query) {
  const all = { label: 'All', href: logAt(team, { ...query, group: null }) }
  const one = (group: Group) => ({
    label: groupWords[group],
    href: logAt(team, { ...query, group }),
    current: query.group === group,
  })
  return [{ ...all, current: query.group === null }, ...groupNames.map(one)]
}

function memberField({ query, member }: Look, input: Typed) {
  const one = query.member !== null
  return {
    name: 'member',
    label: one && member ? `Member: ${member}` : 'Member’s email address',
    type: 'text' as const,
    value: input.member ?? '',
  }
}

function headingOf({ query, member }: Look): string {
  const what = query.group === null ? 'Events' : groupWords[query.group]
  return query.member === null ? what : `${what}: ${member ?? 'one member'}`
}

function none({ wrong }: Look): Html {
  return emptyState({
    icon: 'clock',
    heading: 'Nothing here',
    words: wrong
      ? 'Correct the filter above to see the events.'
      : 'No event fits this filter. Try a longer time or other kinds.',
  })
}

function item(view: View, entry: LogEntry, team: string, query: Query): Item {
  const { at, browser, source, method, named, api_key: key } = entry
  const by = key && html` · with an API key${key.name && html` (<bdi>${key.name}</bdi>)`}`
  const because = entry.reason === null ? [] : [html`Reason: <bdi>${entry.reason}</bdi>`]
  return {
    icon: drawingOf(entry.kind),
    title: html`${entry.pieces.map((piece) => words(piece, entry, team, query))}`,
    details: [
      html`${timeAgo(at, view.now)} · ${browser} ·
        <bdi>${source}</bdi>${!named && method && ` · ${method}`}${by}`,
      ...because,
    ],
  }
}

/** A name leads to what else its bearer did. */
function words(piece: Piece, entry: LogEntry, team: string, query: Query): string | Html {
  const { text, name, of } = piece
  if (!name) return text
  const party = of && entry[of]
  if (!party) return html`<bdi>${text}</bdi>`
  return html`<a href="${logAt(team, { ...query, member: party.id })}"><bdi>${text}</bdi></a>`
}

import { html } from 'hono/html'
import { linkButton, submitButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { progressBar } from '../http/html/figures.ts'
import { filterLinks } from '../http/html/filters.ts'
import { icon } from '../http/html/icon.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import { tabs } from '../http/html/tabs.ts'
import type { Html, View } from '../http/html/view.ts'
import { shows, sorts } from './filters.ts'
import type { Asked, MembersScreen } from './list.ts'
import { teamPlaces } from '../teams/places.ts'
import { coverageChart } from './pages-chart.ts'
import { membersTable } from './pages-table.ts'
import { memberPlaces, showWords, sortWords } from './pages-words.ts'

type Places = ReturnType<typeof memberPlaces>

/** The Members page (A8): who is protected and how, and the ways to everything about each. */
export function membersPage(view: View, screen: MembersScreen): Html {
  const places = memberPlaces(view.team?.id ?? '')
  return settingsPage(view, {
    title: 'Members',
    heading: 'Members',
    lead: html`Who is in <bdi>${view.team?.name}</bdi>, and how each is protected.`,
    current: 'team-members',
    body: html`${tabs('Members', [
      { href: places.list, label: 'Active', count: screen.counts.all, current: true },
      { href: places.pending, label: 'Pending', count: screen.counts.pending },
    ])}${overview(view, places, screen)}${card({
      body: html`${filters(places, screen)}${searching(places, screen)}${found(view, places, screen)}`,
    })}`,
  })
}

function overview(view: View, places: Places, { counts, days, reminds }: MembersScreen): Html {
  const words = `${counts.ready} of ${counts.all} ready`
  const open = counts['not-ready']
  return card({
    body: html`${progressBar(counts.ready, counts.all, words)}
      <p class="soft">${readyDetail(counts)}</p>
      ${coverageChart(days, view.now)}
      <div class="actions">
        ${reminds && open > 0 && linkButton({ href: teamPlaces(view.team?.id ?? '').remind, label: 'Remind all who are not ready', icon: 'mail' })}
        ${linkButton({ href: places.file, label: 'Export all', icon: 'download' })}
      </div>`,
  })
}

function readyDetail(counts: MembersScreen['counts']): string {
  const parts = [
    counts['weak-only'] > 0 && `${counts['weak-only']} with weak methods only`,
    counts.exempt > 0 && `${counts.exempt} exempt`,
    counts['due-this-week'] > 0 && `${counts['due-this-week']} due this week`,
    counts.locked > 0 && `${counts.locked} locked`,
  ].filter(Boolean)
  return parts.length > 0
    ? `${parts.join(' · ')}.`
    : 'Ready is whoever has a method that counts here.'
}

/** The list's address with something changed; what is usual is left out. */
function addressOf(path: string, asked: Asked, change: Partial<Asked> = {}): string {
  const { show, sort, q, after } = { ...asked, after: '', ...change }
  const query = new URLSearchParams({
    ...(show !== 'all' && { show }),
    ...(q !== '' && { q }),
    ...(sort !== 'name' && { sort }),
    ...(after !== '' && { after }),
  }).toString()
  return query === '' ? path : `${path}?${query}`
}

function filters(places: Places, { asked, counts }: MembersScreen): Html {
  const links = shows.map((show) => ({
    label: showWords[show],
    href: addressOf(places.list, asked, { show }),
    count: counts[show],
    current: show === asked.show,
  }))
  return filterLinks('Which members', links)
}

function searching(places: Places, { asked }: MembersScreen): Html {
  return html`<form class="searching" method="get" action="${places.list}" role="search">
    ${asked.show !== 'all' && html`<input type="hidden" name="show" value="${asked.show}" />`}
    <div class="field">
      <label for="field-q">Name or email</label>
      <input id="field-q" name="q" type="search" value="${asked.q}" autocomplete="off" dir="auto" />
    </div>
    <div class="field">
      <label for="field-sort">Sort by</label>
      <select id="field-sort" name="sort">
        ${sorts.map(
          (sort) =>
            html`<option value="${sort}" ${sort === asked.sort && html` selected`}>
              ${sortWords[sort]}
            </option>`,
        )}
      </select>
    </div>
    ${submitButton('Show', 'secondary')}
  </form>`
}

function found(view: View, places: Places, screen: MembersScreen): Html {
  const { members, next, asked, reminds } = screen
  if (members.length === 0) return nobody(places, asked)
  const narrowed = asked.show !== 'all' || asked.q !== ''
  const ways = [
    next !== null &&
      linkButton({ href: addressOf(places.list, asked, { after: next }), label: 'Next page' }),
    asked.after !== '' && linkButton({ href: addressOf(places.list, asked), label: 'First page' }),
    narrowed &&
      linkButton({
        href: addressOf(places.file, asked),
        label: 'Export this list',
        icon: 'download',
      }),
  ].filter((way) => way !== false)
  return html`${narrowed && whatIsShown(places, asked)}${membersTable(view, places, members, reminds)}${
    ways.length > 0 && html`<div class="actions">${ways}</div>`
  }`
}

function whatIsShown(places: Places, { show, q }: Asked): Html {
  return html`<p class="why">
    ${icon('info')}<span
      >${show !== 'all' && showWords[show]}${q !== '' && html` “<bdi>${q}</bdi>”`}.
      <a href="${places.list}">Show all members</a></span
    >
  </p>`
}

function nobody(places: Places, asked: Asked): Html {
  const all = linkButton({ href: places.list, label: 'Show all members' })
  if (asked.after !== '') {
    return emptyState({
      icon: 'users',
      heading: 'That was the last page',
      words: 'Nobody comes after it any more.',
      action: all,
    })
  }
  return emptyState({
    icon: 'users',
    heading: 'Nobody here',
    words:
      asked.q === ''
        ? 'No member of this team is in this state.'
        : html`No name or email address in this list has “<bdi>${asked.q}</bdi>” in it.`,
    action: all,
  })
}

import { html } from 'hono/html'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { csvFile } from '../http/csv.ts'
import type { File } from '../http/csv.ts'
import { definitions } from '../http/html/definitions.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import type { Exported, ExportOffer } from './export.ts'
import { groupWords, logAt } from './pages.ts'

const most = limits.eventsPerExportMax.toLocaleString('en-GB')

/** Says what an export holds, once the person has confirmed that it is them; the link hands it over. */
export function exportPage(view: View, { query, member }: ExportOffer, team: string): Html {
  const { group, from, to } = query
  const days = [from && `from ${from}`, to && `until ${to}`].filter(Boolean).join(' ')
  const whose = query.member === null ? 'All members' : (member ?? 'One member')
  return settingsPage(view, {
    title: 'Export the security log',
    heading: 'Export the security log',
    lead: 'A file for spreadsheets (CSV) with what the page shows. That you exported it is written into the log.',
    current: 'team-log',
    back: { href: logAt(team, query), label: 'Security log' },
    focus: 'heading',
    body: card({
      body: html`${definitions([
          { term: 'Kinds', value: group === null ? 'All kinds' : groupWords[group] },
          { term: 'Days (UTC)', value: days === '' ? 'All that is kept' : days },
          { term: 'Members', value: whose },
          { term: 'At most', value: `${most} events, the newest first` },
        ])}
        <div class="form-end">
          ${linkButton({
            href: logAt(team, query, '/export.csv'),
            label: 'Download',
            look: 'primary',
            icon: 'download',
          })}${linkButton({ href: logAt(team, query), label: 'Back to the log' })}
        </div>`,
    }),
  })
}

const columns = [
  'Time (UTC)',
  'Event',
  'Kind',
  'Done by',
  'Done by (id)',
  'Account',
  'Account (id)',
  'Method',
  'API key (id)',
  'Browser',
  'From',
]

/** The file; when it had to be cut, its last line says so (TEAM-08). */
export function exportFile({ events, cut }: Exported): File {
  const rows = events.map((entry) => [
    entry.at.toISOString(),
    entry.sentence,
    entry.kind,
    entry.actor?.name ?? '',
    entry.actor?.id ?? '',
    entry.account?.name ?? '',
    entry.account?.id ?? '',
    entry.method ?? '',
    entry.api_key?.id ?? '',
    entry.browser,
    entry.source,
  ])
  const end = cut
    ? [[`Cut here: a file holds ${most} events at most. Export the time before by itself.`]]
    : []
  return csvFile('security-log.csv', [columns, ...rows, ...end])
}

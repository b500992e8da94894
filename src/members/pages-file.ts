import { csvFile } from '../http/csv.ts'
import type { File } from '../http/csv.ts'
import type { Exported } from './export.ts'
import type { MemberView } from './list.ts'

const columns: readonly (readonly [title: string, (member: MemberView) => string])[] = [
  ['Name', ({ name }) => name],
  ['Email', ({ email }) => email],
  ['Role', ({ role }) => role],
  ['Two-step', ({ status }) => status.words],
  ['Methods', ({ methods }) => methods.map(({ title }) => title).join('; ')],
  ['Last sign-in (UTC)', ({ last_sign_in_at: last }) => moment(last)],
  ['Trusted devices', ({ trusted_devices: devices }) => String(devices)],
  ['Joined (UTC)', ({ joined_at: joined }) => moment(joined)],
  ['Address confirmed', ({ reachable }) => (reachable ? 'yes' : 'no')],
]

/** The members as CSV: what the page shows of each, and nothing else (TEAM-08). */
export function membersFile({ members, now }: Exported): File {
  const day = now.toISOString().slice(0, 10)
  const rows = members.map((member) => columns.map(([, value]) => value(member)))
  return csvFile(`members-${day}.csv`, [columns.map(([title]) => title), ...rows])
}

/** "2026-12-12 14:05:00", which spreadsheets take for a time. */
function moment(at: Date | null): string {
  return at === null ? '' : at.toISOString().slice(0, 19).replace('T', ' ')
}

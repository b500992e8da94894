import { kindsIn } from '../audit/groups.ts'
import type { Group } from '../audit/groups.ts'
import { refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { Asked } from './store.ts'

/** What somebody asks of the log: all optional; days are those of UTC, both included. */
export type Query = {
  readonly group: Group | null
  /** An account's id. */
  readonly member: string | null
  /** "2026-11-24" */
  readonly from: string | null
  readonly to: string | null
}

/** Where a page goes on: before or after the event of that id. */
export type Place = { readonly before: number | null; readonly after: number | null }

/** As the store takes it. Refused: dates-turned; bad-input for both directions at once. */
export function readQuery(
  team: string,
  { group, member, from, to }: Query,
  { before, after }: Place,
): { asked: Asked } | Refusal {
  if (before !== null && after !== null)
    return refuse('bad-input', {}, { after: 'field-not-right' })
  if (from !== null && to !== null && to < from) {
    return refuse('dates-turned', {}, { to: 'dates-turned' })
  }
  const kinds = group === null ? null : kindsIn(group)
  const last = to === null ? null : new Date(startOf(to).getTime() + 86_400_000)
  const asked = { team, from: from === null ? null : startOf(from), to: last, kinds, member }
  return { asked: { ...asked, before, after } }
}

function startOf(day: string): Date {
  return new Date(`${day}T00:00:00Z`)
}

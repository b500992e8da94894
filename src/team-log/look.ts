import { emailKey } from '../accounts/email.ts'
import type { Group } from '../audit/groups.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason, Refusal } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { pageOf } from './list.ts'
import type { LogPage } from './list.ts'
import { readQuery } from './query.ts'
import type { Place, Query } from './query.ts'
import { findMember } from './store.ts'

/** What stands in the form: a member by id or by email address, days as they were typed. */
export type Typed = {
  readonly group: Group | null
  readonly member: string | null
  readonly from: string | null
  readonly to: string | null
}

/** A page of the log with the filter it was made by. */
export type Look = LogPage & {
  readonly query: Query
  /** The member's name, where it is known. */
  readonly member: string | null
  /** What is wrong with the filter; then no event is shown. */
  readonly wrong: Refusal | null
}

/**
 * What the page of the log shows. A filter that is not right is said on the page itself, which shows
 * no events then. Never refused. One round trip; two when a member is looked for by address.
 */
export async function look(
  world: World,
  who: InTeam,
  input: Typed & Place,
): Promise<Outcome<Look>> {
  const team = who.team.team_id
  const read = await readTyped(world, team, input)
  const { query } = read
  const asked = read.wrong ?? readQuery(team, query, input)
  if ('ok' in asked) {
    return done({ ...nothing, query, member: read.name, wrong: asked })
  }
  const page = await pageOf(world, asked.asked)
  const member = read.name ?? nameIn(page, query.member)
  return done({ ...page, query, member, wrong: null })
}

const nothing: LogPage = { events: [], older: null, newer: null }

type Read = { readonly query: Query; readonly name: string | null; readonly wrong: Refusal | null }

/** The filter of what was typed, and what is wrong with it. */
export async function readTyped(world: World, team: string, input: Typed): Promise<Read> {
  const from = dayOf(input.from)
  const to = dayOf(input.to)
  const person = await personOf(world, team, input.member)
  const fields: Record<string, Reason> = {
    ...(from === null && input.from !== null && { from: 'field-not-right' as const }),
    ...(to === null && input.to !== null && { to: 'field-not-right' as const }),
    ...(person === 'nobody' && { member: 'nobody-by-that-email' as const }),
  }
  const wrong = Object.keys(fields).length > 0 ? refuse('bad-input', undefined, fields) : null
  const found = person === 'nobody' ? null : person
  const query = { group: input.group, member: found?.id ?? null, from, to }
  return { query, name: found?.name ?? null, wrong }
}

/** A day of the calendar, "2026-11-24". */
function dayOf(text: string | null): string | null {
  if (text === null || !/^\d{4}-\d\d-\d\d$/.test(text)) return null
  const moment = new Date(`${text}T00:00:00Z`)
  return !Number.isNaN(moment.getTime()) && moment.toISOString().startsWith(text) ? text : null
}

async function personOf(
  world: World,
  team: string,
  text: string | null,
): Promise<{ readonly id: string; readonly name: string | null } | 'nobody' | null> {
  if (text === null) return null
  if (/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text)) return { id: text, name: null }
  return (await findMember(world.sql, team, emailKey(text))) ?? 'nobody'
}

function nameIn({ events }: LogPage, id: string | null): string | null {
  const parties = events.flatMap(({ account, actor }) => [account, actor])
  return parties.find((party) => party?.id === id)?.name ?? null
}

import { limits } from '../config.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Actor } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { readQuery } from './query.ts'
import type { Place, Query } from './query.ts'
import { readPage } from './store.ts'
import type { Asked } from './store.ts'
import { tell } from './tell.ts'
import type { LogEntry } from './tell.ts'

/** A page of the log, newest first. */
export type LogPage = {
  readonly events: readonly LogEntry[]
  /** Ids to go on from, `before` and `after`; null where there is no more. */
  readonly older: number | null
  readonly newer: number | null
}

/** The page that was asked for. One round trip. */
export async function pageOf(world: World, asked: Asked): Promise<LogPage> {
  const rows = await readPage(world.sql, asked)
  const more = rows.length > limits.eventsPerPage
  const upwards = asked.after !== null
  const shown = more ? (upwards ? rows.slice(1) : rows.slice(0, -1)) : rows
  const last = shown.at(-1)?.id ?? null
  const first = shown[0]?.id ?? null
  return {
    events: shown.map(tell),
    older: more || upwards ? last : null,
    newer: upwards ? (more ? first : null) : asked.before === null ? null : first,
  }
}

/**
 * The team's security log for programs (AUD-01): what happened in this team, and to its members since
 * they joined; never what concerns another team. Refused: dates-turned, bad-input.
 */
export async function list(
  world: World,
  who: Actor,
  input: Query & Place,
): Promise<Outcome<LogPage>> {
  const read = readQuery(who.team.team_id, input, input)
  return 'ok' in read ? read : done(await pageOf(world, read.asked))
}

import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { turns } from '../database/turns.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { readTyped } from './look.ts'
import type { Typed } from './look.ts'
import { readQuery } from './query.ts'
import type { Query } from './query.ts'
import { eventsPerRead, readOn } from './store.ts'
import { tell } from './tell.ts'
import type { LogEntry } from './tell.ts'

/** What an export holds before it is made, for the page that offers it. */
export type ExportOffer = { readonly query: Query; readonly member: string | null }

/** The filter of an export in the words of the page. Refused: bad-input, dates-turned. */
export async function offerExport(
  world: World,
  who: InTeam,
  input: Typed,
): Promise<Outcome<ExportOffer>> {
  const read = await readTyped(world, who.team.team_id, input)
  const asked = read.wrong ?? readQuery(who.team.team_id, read.query, nowhere)
  return 'ok' in asked ? asked : done({ query: read.query, member: read.name })
}

/** The events of an export; `cut` when there were more than it may hold. */
export type Exported = { readonly events: readonly LogEntry[]; readonly cut: boolean }

const inTurn = turns(limits.exportsAtOnceMax)

/**
 * Every event of the filter, newest first, at most 50,000; read a thousand at a time, so that nobody
 * waits behind it. The export is an event itself. Refused: bad-input, dates-turned; busy while as many
 * are being made as this process has room for.
 */
export async function exportLog(
  world: World,
  who: InTeam,
  input: Typed,
): Promise<Outcome<Exported>> {
  return (await inTurn(() => collect(world, who, input))) ?? refuse('busy', { seconds: 5 })
}

async function collect(world: World, who: InTeam, input: Typed): Promise<Outcome<Exported>> {
  const team = who.team.team_id
  const read = await readTyped(world, team, input)
  const asked = read.wrong ?? readQuery(team, read.query, nowhere)
  if ('ok' in asked) return asked
  const events: LogEntry[] = []
  let before: number | null = null
  for (;;) {
    const rows = await readOn(world.sql, { ...asked.asked, before })
    events.push(...rows.map(tell))
    before = rows.at(-1)?.id ?? null
    if (rows.length < eventsPerRead || events.length > limits.eventsPerExportMax) break
  }
  const cut = events.length > limits.eventsPerExportMax
  const kept = cut ? events.slice(0, limits.eventsPerExportMax) : events
  const { account_id: account, token_hash: sessionHash } = who.session
  const about = { account, team, sessionHash, details: { events: kept.length } }
  await record(world.sql, event(who, world.clock(), 'log.exported', about))
  return done({ events: kept, cut })
}

const nowhere = { before: null, after: null }

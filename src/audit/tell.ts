import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import type { Message } from '../delivery/outbox.ts'
import type { Event } from './event.ts'
import { insertEvents } from './store.ts'

const write = `
  WITH always AS (SELECT 1),
    logged AS (${insertEvents('$1', 'always')}),
    ${tell('$2', 'always')}
  SELECT 1`

/** Writes events and the messages about them together, where no other change is made (NTF-05). */
export async function recordAndTell(
  sql: Sql,
  events: readonly Event[],
  messages: readonly Message[],
): Promise<void> {
  await sql.query(write, [JSON.stringify(events), JSON.stringify(messages)])
}

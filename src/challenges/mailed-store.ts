import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import type { World } from '../world.ts'
import { atDoor, inSession, placed } from './store.ts'
import type { Place } from './store.ts'

/** A spent attempt at a code mailed to the account itself, and what the answer is compared with. */
export type MailedSpent = {
  readonly id: string
  readonly account_id: string
  readonly destination: string
  readonly seed: Buffer
  readonly sent_at: Date | null
  readonly attempts_left: number
}

/*
 * As `spendAttempt`, but no method answers here: one from the challenge's few and one of the count
 * under a key of the account's own (LIM-05, LIM-06), before anything is compared. Decides the race of
 * parallel guesses: each waits for the challenge's row and looks at it again.
 */
const spend = (where: string) => `
  WITH spent AS (
    UPDATE challenges c SET attempts_left = c.attempts_left - 1 FROM accounts a
    WHERE ${where} AND c.attempts_left > 0 AND c.expires_at > $3
      AND a.id = c.account_id AND a.epoch = c.epoch AND a.disabled_at IS NULL
      AND NOT EXISTS (SELECT FROM guesses g
        WHERE g.key = $4 AND (g.not_before > $3 OR g.count >= $5))
    RETURNING c.id, c.account_id, c.destination, c.seed, c.sent_at, c.attempts_left),
  counted AS (
    INSERT INTO guesses AS g (key, count, not_before, at, known)
    SELECT $4::text, 1, 'epoch', $3, true FROM spent
    ON CONFLICT (key) DO UPDATE SET count = g.count + 1, at = $3,
      not_before = $3 + wait_after(g.count + 1, $6, $7, $8)
    WHERE g.not_before <= $3 AND g.count < $5 RETURNING g.key)
  SELECT spent.* FROM spent, counted`

const spendAtDoor = spend(atDoor)
const spendInSession = spend(inSession)

/** Spends one attempt at a mailed code; null when there is none to spend. One round trip. */
export async function spendMailedAttempt(
  world: World,
  place: Place,
  key: string,
): Promise<MailedSpent | null> {
  const { config } = world
  const text = 'tokenHash' in place ? spendAtDoor : spendInSession
  const [row] = await world.sql.query<MailedSpent>(text, [
    ...placed(place),
    world.clock(),
    key,
    limits.methodFailuresMax,
    config.waitFromFailure,
    config.waitFirstSeconds,
    config.waitLongestSeconds,
  ])
  return row ?? null
}

/** The count of wrong answers under that key, if any. */
export async function findCount(
  sql: Sql,
  key: string,
): Promise<{ readonly count: number; readonly not_before: Date } | null> {
  const [row] = await sql.query<{ count: number; not_before: Date }>(
    'SELECT count, not_before FROM guesses WHERE key = $1',
    [key],
  )
  return row ?? null
}

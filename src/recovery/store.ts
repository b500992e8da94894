import { insertEvents } from '../audit/store.ts'
import { atDoor, inSession, placed } from '../challenges/store.ts'
import type { Place } from '../challenges/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import { changeParameters, raiseEpoch } from '../sessions/store.ts'
import type { Change } from '../sessions/store.ts'
import type { World } from '../world.ts'

/** A spent attempt at the recovery codes, and what the answer is compared with. */
export type RecoverySpent = {
  readonly id: string
  readonly account_id: string
  readonly epoch: number
  readonly email: string
  readonly attempts_left: number
  readonly return_to: string | null
  readonly failures: number
  readonly salt: Buffer
  readonly codes_left: number
  readonly hashes: Buffer[] | null
}

/** As `spendAttempt`, with the recovery set in the method's place: its own count (LIM-06). */
const spend = (where: string) => `
  WITH spent AS (
    UPDATE challenges c SET attempts_left = c.attempts_left - 1
    FROM recovery_sets r, accounts a
    WHERE ${where} AND c.attempts_left > 0 AND c.expires_at > $3
      AND a.id = c.account_id AND a.epoch = c.epoch AND a.disabled_at IS NULL
      AND r.account_id = c.account_id AND r.not_before <= $3 AND r.failures < $4
    RETURNING c.id, c.account_id, c.epoch, a.email, c.attempts_left, c.return_to),
  counted AS (
    UPDATE recovery_sets r SET failures = r.failures + 1,
      not_before = $3 + wait_after(r.failures + 1, $5, $6, $7)
    FROM spent WHERE r.account_id = spent.account_id AND r.not_before <= $3 AND r.failures < $4
    RETURNING r.failures, r.salt, r.codes_left)
  SELECT spent.*, counted.*, (SELECT array_agg(k.hash) FROM recovery_codes k
    WHERE k.account_id = spent.account_id AND k.used_at IS NULL) AS hashes
  FROM spent, counted`

const spendAtDoor = spend(atDoor)
const spendInSession = spend(inSession)

/** Takes one attempt from the challenge and one from the recovery set; null when there is none. */
export async function spendRecoveryAttempt(
  world: World,
  place: Place,
): Promise<RecoverySpent | null> {
  const { config } = world
  const text = 'tokenHash' in place ? spendAtDoor : spendInSession
  const [row] = await world.sql.query<RecoverySpent>(text, [
    ...placed(place),
    world.clock(),
    limits.methodFailuresMax,
    config.waitFromFailure,
    config.waitFirstSeconds,
    config.waitLongestSeconds,
  ])
  return row ?? null
}

const giveBack = `
  WITH back AS (UPDATE challenges SET attempts_left = attempts_left + 1 WHERE id = $1)
  UPDATE recovery_sets SET failures = greatest(failures - 1, 0),
    not_before = CASE WHEN failures = $3 THEN 'epoch' ELSE not_before END
  WHERE account_id = $2`

/** Gives an attempt back that was not looked at; a wait that others have earned since stays. */
export async function giveAttemptBack(
  sql: Sql,
  { id, account_id, failures }: RecoverySpent,
): Promise<void> {
  await sql.query(giveBack, [id, account_id, failures])
}

/** The account's set: how many codes are left, when it was made and saved, and its limits. */
export type RecoverySet = {
  readonly codes_left: number
  readonly made_at: Date
  readonly saved_at: Date | null
  readonly failures: number
  readonly not_before: Date
}

/** The account's recovery set, or null before the first method. */
export async function findRecoverySet(sql: Sql, accountId: string): Promise<RecoverySet | null> {
  const [set] = await sql.query<RecoverySet>(
    `SELECT codes_left, made_at, saved_at, failures, not_before FROM recovery_sets
     WHERE account_id = $1`,
    [accountId],
  )
  return set ?? null
}

/** A new set to store: one salt, one hash for each code. */
export type NewSet = { readonly salt: Buffer; readonly hashes: readonly Buffer[] }

/**
 * CTEs that put a new set in the place of the account's old one, from the CTE `from` (id). Nothing
 * happens when the salt parameter is null. Old codes go in the same statement (RC-05).
 */
export function insertRecoverySet(salt: string, hashes: string, now: string, from: string): string {
  return `
  old_codes AS (DELETE FROM recovery_codes k USING ${from} f
    WHERE k.account_id = f.id AND ${salt}::bytea IS NOT NULL),
  made AS (
    INSERT INTO recovery_sets AS r (account_id, salt, made_at, codes_left)
    SELECT f.id, ${salt}::bytea, ${now}, cardinality(${hashes}::bytea[]) FROM ${from} f
    WHERE ${salt}::bytea IS NOT NULL
    ON CONFLICT (account_id) DO UPDATE SET salt = excluded.salt, made_at = excluded.made_at,
      codes_left = excluded.codes_left, saved_at = NULL, failures = 0, not_before = 'epoch'
    RETURNING r.account_id),
  new_codes AS (INSERT INTO recovery_codes (account_id, hash)
    SELECT m.account_id, h FROM made m, unnest(${hashes}::bytea[]) AS h)`
}

const replace = `
  WITH ${raiseEpoch()},
  ${insertRecoverySet('$6', '$7', '$5', 'changed')},
  logged AS (${insertEvents('$8', 'made')}),
  ${tell('$9', 'made')}
  SELECT account_id FROM made`

/** Voids the old codes and stores the new ones. False when the account changed meanwhile. */
export async function replaceRecoverySet(sql: Sql, change: Change, set: NewSet): Promise<boolean> {
  const rows = await sql.query(replace, [
    ...changeParameters(change),
    set.salt,
    set.hashes,
    change.events,
    change.messages,
  ])
  return rows.length > 0
}

const save = `
  WITH saved AS (UPDATE recovery_sets SET saved_at = $2
    WHERE account_id = $1 AND saved_at IS NULL RETURNING account_id),
  logged AS (${insertEvents('$3', 'saved')})
  SELECT account_id FROM saved`

/** Notes that the person says the codes are saved (RC-01). */
export async function markSaved(
  sql: Sql,
  accountId: string,
  now: Date,
  events: string,
): Promise<void> {
  await sql.query(save, [accountId, now, events])
}

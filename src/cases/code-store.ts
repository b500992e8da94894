import { insertEvents } from '../audit/store.ts'
import { atDoor } from '../challenges/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import type { World } from '../world.ts'

export type NewCaseChallenge = {
  readonly id: string
  readonly caseId: string
  readonly tokenHash: Buffer
  readonly destination: string
  readonly seed: Buffer
  readonly attempts: number
  readonly now: Date
  readonly expiresAt: Date
  readonly source: string
  readonly browser: string
}

/* No method answers here: the account's own id stands in its place where the code is derived. */
const open = `
  INSERT INTO challenges AS c (id, purpose, token_hash, account_id, epoch, method_id, destination,
    seed, attempts_left, created_at, expires_at, source, browser)
  SELECT $1, 'case', $3, a.id, a.epoch, a.id, a.email, $5, $6, $7, $8, $9, $10
  FROM cases k JOIN accounts a ON a.id = k.account_id
  WHERE k.id = $2 AND k.closed_at IS NULL AND k.proven_at IS NULL AND a.email = $4
    AND a.email_verified_at IS NOT NULL AND a.disabled_at IS NULL
  ON CONFLICT (token_hash) DO UPDATE SET id = excluded.id, epoch = excluded.epoch,
    destination = excluded.destination, seed = excluded.seed, sent_at = NULL,
    attempts_left = excluded.attempts_left, created_at = excluded.created_at,
    expires_at = excluded.expires_at
  RETURNING c.id`

/** Opens the challenge of the code mailed for a case; one before it is void. False when it is over. */
export async function openCaseChallenge(sql: Sql, one: NewCaseChallenge): Promise<boolean> {
  const { id, caseId, tokenHash, destination, seed, attempts, now, expiresAt } = one
  const values = [id, caseId, tokenHash, destination, seed, attempts, now, expiresAt]
  return (await sql.query(open, [...values, one.source, one.browser])).length > 0
}

/** A spent attempt at the mailed code, and what the answer is compared with. */
export type CaseSpent = {
  readonly id: string
  readonly account_id: string
  readonly destination: string
  readonly seed: Buffer
  readonly sent_at: Date | null
  readonly attempts_left: number
}

/*
 * As `spendAttempt`: one from the challenge's few and one of the account's own count for cases
 * (LIM-05, LIM-06), before anything is compared. Decides the race of parallel guesses: each waits for
 * the challenge's row and looks at it again.
 */
const spend = `
  WITH spent AS (
    UPDATE challenges c SET attempts_left = c.attempts_left - 1 FROM accounts a
    WHERE ${atDoor} AND c.attempts_left > 0 AND c.expires_at > $3
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

/** Spends one attempt at the case's mailed code; null when there is none to spend. One round trip. */
export async function spendCaseAttempt(
  world: World,
  tokenHash: Buffer,
  key: string,
): Promise<CaseSpent | null> {
  const { config } = world
  const [row] = await world.sql.query<CaseSpent>(spend, [
    tokenHash,
    'case',
    world.clock(),
    key,
    limits.methodFailuresMax,
    config.waitFromFailure,
    config.waitFirstSeconds,
    config.waitLongestSeconds,
  ])
  return row ?? null
}

/** The count of wrong answers for that key, if any. */
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

const prove = `
  WITH gone AS (
    DELETE FROM challenges c USING accounts a
    WHERE c.id = $1 AND c.seed = $2 AND c.purpose = 'case' AND c.expires_at > $3
      AND a.id = c.account_id AND a.epoch = c.epoch AND a.email = c.destination
      AND a.email_verified_at IS NOT NULL AND a.disabled_at IS NULL
    RETURNING c.account_id),
  proven AS (
    UPDATE cases k SET proof = 'mailbox', proven_at = $3 FROM gone
    WHERE k.id = $4 AND k.account_id = gone.account_id AND k.closed_at IS NULL
      AND k.proven_at IS NULL RETURNING k.id),
  cleared AS (DELETE FROM guesses WHERE key = $5 AND EXISTS (SELECT FROM proven)),
  logged AS (${insertEvents('$6', 'proven')})
  SELECT id FROM proven`

export type CaseProof = {
  readonly challengeId: string
  readonly seed: Buffer
  readonly now: Date
  readonly caseId: string
  readonly key: string
  readonly events: string
}

/**
 * Notes on the case that the mailed code was entered. Decides the race of one right code sent many
 * times: one deletes the challenge. False when it was spent, or the case ended, meanwhile.
 */
export async function proveCase(sql: Sql, proof: CaseProof): Promise<boolean> {
  const { challengeId, seed, now, caseId, key, events } = proof
  const rows = await sql.query(prove, [challengeId, seed, now, caseId, key, events])
  return rows.length > 0
}

import { insertEvents } from '../audit/store.ts'
import { inSession } from '../challenges/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import type { World } from '../world.ts'

/** A spent attempt at the code that was mailed, and what the answer is compared with. */
export type MailboxSpent = {
  readonly id: string
  readonly account_id: string
  readonly destination: string
  readonly seed: Buffer
  readonly sent_at: Date | null
  readonly attempts_left: number
  readonly failures: number
}

/*
 * As `spendAttempt`: one from the challenge's few and one of the account's own count for its mailbox
 * (LIM-05, LIM-06), before anything is compared. Decides the race of parallel guesses: each waits for
 * the challenge's row and looks at it again.
 */
const spend = `
  WITH spent AS (
    UPDATE challenges c SET attempts_left = c.attempts_left - 1 FROM accounts a
    WHERE ${inSession} AND c.attempts_left > 0 AND c.expires_at > $3
      AND a.id = c.account_id AND a.epoch = c.epoch AND a.disabled_at IS NULL
      AND NOT EXISTS (SELECT FROM guesses g
        WHERE g.key = $4 AND (g.not_before > $3 OR g.count >= $5))
    RETURNING c.id, c.account_id, c.destination, c.seed, c.sent_at, c.attempts_left),
  counted AS (
    INSERT INTO guesses AS g (key, count, not_before, at, known)
    SELECT $4::text, 1, 'epoch', $3, true FROM spent
    ON CONFLICT (key) DO UPDATE SET count = g.count + 1, at = $3,
      not_before = $3 + wait_after(g.count + 1, $6, $7, $8)
    WHERE g.not_before <= $3 AND g.count < $5 RETURNING g.count AS failures)
  SELECT * FROM spent, counted`

/** Spends one attempt of the session's mailed code; null when there is none to spend. One round trip. */
export async function spendMailboxAttempt(
  world: World,
  sessionId: string,
  key: string,
): Promise<MailboxSpent | null> {
  const { config } = world
  const [row] = await world.sql.query<MailboxSpent>(spend, [
    sessionId,
    'mailbox',
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
  WITH admitted AS (
    UPDATE accounts a SET email_verified_at = coalesce(a.email_verified_at, $4) FROM challenges c
    WHERE c.id = $1 AND c.seed = $2 AND c.session_id = $3 AND c.purpose = 'mailbox'
      AND c.expires_at > $4 AND a.id = c.account_id AND a.epoch = c.epoch
      AND a.email = c.destination AND a.disabled_at IS NULL
    RETURNING a.id),
  gone AS (DELETE FROM challenges c USING admitted a WHERE c.id = $1 AND c.seed = $2 RETURNING a.id),
  noted AS (
    UPDATE sessions s SET token_hash = $6, mailbox_at = $4, wanted = coalesce($7, s.wanted)
    FROM gone WHERE s.id = $3 AND s.account_id = gone.id RETURNING s.id),
  cleared AS (DELETE FROM guesses WHERE key = $5 AND EXISTS (SELECT FROM noted)),
  logged AS (${insertEvents('$8', 'noted')})
  SELECT id FROM noted`

export type MailboxProof = {
  readonly challengeId: string
  readonly seed: Buffer
  readonly sessionId: string
  readonly now: Date
  readonly key: string
  readonly tokenHash: Buffer
  readonly wanted: string | null
  readonly events: string
}

/**
 * Notes in the session, under a new id, that the mailed code was right; the address is confirmed with
 * it. Decides the race of one right code sent many times: one deletes the challenge. False when it
 * was spent already or the account changed.
 */
export async function proveMailbox(sql: Sql, proof: MailboxProof): Promise<boolean> {
  const { challengeId, seed, sessionId, now, key, tokenHash, wanted, events } = proof
  const values = [challengeId, seed, sessionId, now, key, tokenHash, wanted, events]
  return (await sql.query(prove, values)).length > 0
}

/** Keeps the page that was first asked for, to go on to afterwards. */
export async function keepWanted(sql: Sql, sessionId: string, wanted: string): Promise<void> {
  await sql.query('UPDATE sessions SET wanted = $2 WHERE id = $1', [sessionId, wanted])
}

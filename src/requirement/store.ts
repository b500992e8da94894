import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'

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

import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'

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

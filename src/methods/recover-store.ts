import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import { approvedByEnough } from '../policy/store.ts'
import { insertRecoverySet } from '../recovery/store.ts'
import { changeParameters, raiseEpoch } from '../sessions/store.ts'
import type { Change } from '../sessions/store.ts'
import type { Confirmation } from './store.ts'

/*
 * Account, then case, then what `confirmMethod` locks. Decides the race with whatever stops the case:
 * each waits for the case's row, and only an open one is completed.
 */
const complete = `
  WITH held_account AS (SELECT id FROM accounts WHERE id = $1 AND epoch = $2 FOR NO KEY UPDATE),
  held AS (
    SELECT k.id, k.password_hash FROM cases k JOIN held_account a ON a.id = k.account_id
    WHERE k.id = $15 AND k.closed_at IS NULL AND k.opened_at IS NOT NULL AND ${approvedByEnough}
    FOR UPDATE OF k),
  ${raiseEpoch(
    `AND EXISTS (SELECT FROM held) AND EXISTS (SELECT FROM methods m
      JOIN challenges c ON c.method_id = m.id JOIN sessions s ON s.id = c.session_id
      WHERE m.id = $6 AND m.account_id = $1 AND m.confirmed_at IS NULL AND m.pending_until > $5
        AND c.id = $7 AND c.seed = $8 AND c.purpose = 'set-up' AND c.expires_at > $5
        AND s.id = $3 AND s.recovery_case = $15 AND s.expires_at > $5)`,
    `, second_step_at = $5, second_step_kind = $10, second_step_method = $6, recovery_case = NULL,
      expires_at = $16`,
    `, password_hash = coalesce((SELECT password_hash FROM held), password_hash),
      password_closed_at = CASE WHEN EXISTS (SELECT FROM held WHERE password_hash IS NOT NULL)
        THEN NULL ELSE password_closed_at END, frozen_until = $17, last_sign_in_at = $5`,
  )},
  gone AS (DELETE FROM methods m USING changed WHERE m.account_id = changed.id AND m.id <> $6
    RETURNING 1),
  no_passes AS (DELETE FROM passes p USING changed WHERE p.account_id = changed.id),
  forgiven AS (DELETE FROM guesses g USING changed WHERE g.key = ANY($18::text[])),
  confirmed AS (
    UPDATE methods m SET confirmed_at = $5, pending_until = NULL, failures = 0,
      not_before = 'epoch', last_step = $9
    FROM changed WHERE m.id = $6 AND m.confirmed_at IS NULL AND (SELECT count(*) FROM gone) >= 0
    RETURNING m.account_id AS id),
  ${insertRecoverySet('$11', '$12', '$5', 'confirmed')},
  closed_case AS (
    UPDATE cases k SET closed_at = $5, outcome = 'completed', password_hash = NULL
    FROM confirmed WHERE k.id = $15 RETURNING k.id),
  no_link AS (UPDATE links l SET used_at = $5 FROM closed_case
    WHERE l.id = closed_case.id AND l.used_at IS NULL),
  logged AS (${insertEvents('$13', 'confirmed')}),
  ${tell('$14', 'confirmed')}
  SELECT id FROM confirmed`

/** What the completion of a recovery adds to the confirmation of its method. */
export type Completion = {
  readonly caseId: string
  readonly sessionExpiresAt: Date
  readonly frozenUntil: Date
  /** Counts of wrong passwords that are forgiven. */
  readonly guesses: readonly string[]
}

/**
 * Completes a recovery with the method that was set up in its session: the old methods, recovery codes,
 * sessions and trusted devices go, the new password counts, what protects the account is frozen, and
 * the session becomes an ordinary one (REC-07). False when the case was stopped, or the account
 * changed, meanwhile.
 */
export async function completeRecovery(
  sql: Sql,
  change: Change,
  confirmation: Confirmation,
  completion: Completion,
): Promise<boolean> {
  const { methodId, kind, challengeId, seed, step, set } = confirmation
  const { caseId, sessionExpiresAt, frozenUntil, guesses } = completion
  const rows = await sql.query(complete, [
    ...changeParameters(change),
    methodId,
    challengeId,
    seed,
    step,
    kind,
    set?.salt ?? null,
    set?.hashes ?? null,
    change.events,
    change.messages,
    caseId,
    sessionExpiresAt,
    frozenUntil,
    guesses,
  ])
  return rows.length > 0
}

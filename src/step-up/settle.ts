import { event } from '../audit/event.ts'
import { insertEvents } from '../audit/store.ts'
import type { Spent } from '../challenges/store.ts'
import { tell, noticeMessages } from '../delivery/outbox.ts'
import type { RecoverySpent } from '../recovery/store.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/**
 * Takes the challenge once, then the method's step, then notes the proof in the session under a new
 * id (SES-05). Decides the race of one right code sent many times, as at sign-in (CODE-03, TOTP-04).
 */
const byCode = `
  WITH gone AS (
    DELETE FROM challenges c USING accounts a
    WHERE c.id = $1 AND c.seed = $2 AND c.session_id = $3 AND c.purpose = 'step-up'
      AND c.expires_at > $4 AND a.id = c.account_id AND a.epoch = c.epoch
    RETURNING c.account_id),
  used AS (
    UPDATE methods m SET failures = 0, not_before = 'epoch', last_used_at = $4,
      last_step = coalesce($6::bigint, m.last_step)
    FROM gone WHERE m.id = $5 AND m.account_id = gone.account_id AND m.confirmed_at IS NOT NULL
      AND ($6::bigint IS NULL OR m.last_step IS NULL OR m.last_step < $6)
    RETURNING m.id, m.kind),
  noted AS (
    UPDATE sessions s SET token_hash = $7, second_step_at = $4, second_step_kind = used.kind,
      second_step_method = used.id
    FROM used WHERE s.id = $3 RETURNING s.id),
  logged AS (${insertEvents('$8', 'noted')})
  SELECT id FROM noted`

/** Settles a right code inside the session. False when it was spent already. */
export async function settleByCode(
  world: World,
  who: Member,
  tokenHash: Buffer,
  spent: Spent,
  step: number | null,
): Promise<boolean> {
  const now = world.clock()
  const details = { method: spent.method_id }
  const about = {
    account: spent.account_id,
    sessionHash: tokenHash,
    methodKind: spent.kind,
    details,
  }
  const rows = await world.sql.query(byCode, [
    spent.id,
    spent.seed,
    who.session.id,
    now,
    spent.method_id,
    step,
    tokenHash,
    JSON.stringify([event(who, now, 'step-up.done', about)]),
  ])
  return rows.length > 0
}

const byRecoveryCode = `
  WITH gone AS (
    DELETE FROM challenges c USING accounts a
    WHERE c.id = $1 AND c.session_id = $2 AND c.purpose = 'step-up' AND c.expires_at > $3
      AND a.id = c.account_id AND a.epoch = c.epoch
    RETURNING c.account_id),
  used AS (UPDATE recovery_codes k SET used_at = $3 FROM gone
    WHERE k.account_id = gone.account_id AND k.hash = $4 AND k.used_at IS NULL
    RETURNING k.account_id),
  counted AS (
    UPDATE recovery_sets r SET codes_left = codes_left - 1, failures = 0, not_before = 'epoch'
    FROM used WHERE r.account_id = used.account_id RETURNING r.account_id),
  untrusted AS (DELETE FROM trusted_devices d USING counted
    WHERE d.account_id = counted.account_id),
  noted AS (
    UPDATE sessions s SET token_hash = $5, second_step_at = $3, second_step_method = NULL,
      second_step_kind = 'recovery-code'
    FROM counted WHERE s.id = $2 RETURNING s.id),
  logged AS (${insertEvents('$6', 'noted')}),
  ${tell('$7', 'noted')}
  SELECT id FROM noted`

/** Settles a right recovery code inside the session. False when it was spent already. */
export async function settleByRecoveryCode(
  world: World,
  who: Member,
  tokenHash: Buffer,
  spent: RecoverySpent,
  hash: Buffer,
): Promise<boolean> {
  const now = world.clock()
  const details = { left: spent.codes_left - 1 }
  const about = {
    account: spent.account_id,
    sessionHash: tokenHash,
    methodKind: 'recovery-code',
    details,
  }
  const holder = { id: spent.account_id, email: spent.email }
  const rows = await world.sql.query(byRecoveryCode, [
    spent.id,
    who.session.id,
    now,
    hash,
    tokenHash,
    JSON.stringify([
      event(who, now, 'recovery.code-used', about),
      event(who, now, 'step-up.done', about),
    ]),
    JSON.stringify(
      noticeMessages(world, who, holder, 'recovery-code-used', { ...details, use: 'step-up' }),
    ),
  ])
  return rows.length > 0
}

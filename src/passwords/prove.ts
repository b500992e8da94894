import { event } from '../audit/event.ts'
import { insertEvents } from '../audit/store.ts'
import type { Spent } from '../challenges/store.ts'
import { noticeMessages, tell } from '../delivery/outbox.ts'
import type { RecoverySpent } from '../recovery/store.ts'
import type { Caller, World } from '../world.ts'

/*
 * Holds the challenge, takes the method's step, then notes the proof. Decides the race of one right
 * code sent many times: each waits for the challenge, whose seed the first has replaced (CODE-03).
 */
const byCode = `
  WITH held AS (
    SELECT c.id, c.account_id FROM challenges c JOIN accounts a ON a.id = c.account_id
    WHERE c.id = $1 AND c.seed = $2 AND c.purpose = 'reset' AND c.expires_at > $4
      AND a.epoch = c.epoch AND a.disabled_at IS NULL FOR UPDATE OF c),
  used AS (
    UPDATE methods m SET failures = 0, not_before = 'epoch', last_used_at = $4,
      last_step = coalesce($6::bigint, m.last_step)
    FROM held WHERE m.id = $5 AND m.account_id = held.account_id AND m.confirmed_at IS NOT NULL
      AND ($6::bigint IS NULL OR m.last_step IS NULL OR m.last_step < $6)
    RETURNING m.id),
  proven AS (UPDATE challenges c SET proven_at = $4, seed = $3, sent_at = NULL
    FROM used WHERE c.id = $1 RETURNING c.id),
  logged AS (${insertEvents('$7', 'proven')})
  SELECT id FROM proven`

/** Notes that the reset's second step was passed by a code. False when that was spent already. */
export async function proveByCode(
  world: World,
  who: Caller,
  spent: Spent,
  step: number | null,
): Promise<boolean> {
  const now = world.clock()
  const about = { account: spent.account_id, actor: null, methodKind: spent.kind }
  const rows = await world.sql.query(byCode, [
    spent.id,
    spent.seed,
    world.random(16),
    now,
    spent.method_id,
    step,
    JSON.stringify([event(who, now, 'password.reset-confirmed', about)]),
  ])
  return rows.length > 0
}

const byRecoveryCode = `
  WITH held AS (
    SELECT c.id, c.account_id FROM challenges c JOIN accounts a ON a.id = c.account_id
    WHERE c.id = $1 AND c.purpose = 'reset' AND c.expires_at > $3
      AND a.epoch = c.epoch AND a.disabled_at IS NULL FOR UPDATE OF c),
  used AS (UPDATE recovery_codes k SET used_at = $3 FROM held
    WHERE k.account_id = held.account_id AND k.hash = $4 AND k.used_at IS NULL
    RETURNING k.account_id),
  counted AS (
    UPDATE recovery_sets r SET codes_left = codes_left - 1, failures = 0, not_before = 'epoch'
    FROM used WHERE r.account_id = used.account_id RETURNING r.account_id),
  untrusted AS (DELETE FROM trusted_devices d USING counted
    WHERE d.account_id = counted.account_id),
  proven AS (UPDATE challenges c SET proven_at = $3, seed = $2, sent_at = NULL
    FROM counted WHERE c.id = $1 RETURNING c.id),
  logged AS (${insertEvents('$5', 'proven')}),
  ${tell('$6', 'proven')}
  SELECT id FROM proven`

/** The same by a recovery code, which is used up at once (RC-04). */
export async function proveByRecoveryCode(
  world: World,
  who: Caller,
  spent: RecoverySpent,
  hash: Buffer,
): Promise<boolean> {
  const now = world.clock()
  const details = { left: spent.codes_left - 1 }
  const about = { account: spent.account_id, actor: null, methodKind: 'recovery-code', details }
  const holder = { id: spent.account_id, email: spent.email }
  const rows = await world.sql.query(byRecoveryCode, [
    spent.id,
    world.random(16),
    now,
    hash,
    JSON.stringify([
      event(who, now, 'recovery.code-used', about),
      event(who, now, 'password.reset-confirmed', about),
    ]),
    JSON.stringify(
      noticeMessages(world, who, holder, 'recovery-code-used', { ...details, use: 'reset' }),
    ),
  ])
  return rows.length > 0
}

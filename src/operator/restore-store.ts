import { endAll } from '../accounts/epoch.ts'
import type { Sql } from '../database/port.ts'
import type { Caller } from '../world.ts'

/** One thing about an account that happened in the time that is lost. */
export type Lost = { readonly account_id: string; readonly kind: string }

/** What in an account's log says that its recovery codes, its ways in or where it is told changed. */
export const lostKinds = [
  'recovery.code-used',
  'sign-in.done-with-recovery-code',
  'recovery.codes-made',
  'method.confirmed',
  'method.removed',
  'method.number-changed',
  'password.changed',
  'password.reset',
  'member.reset',
  'case.completed',
  'operator.reset-two-step',
  'account.email-changed',
  'account.address-removed',
  'api-key.revoked',
] as const

const lost = `
  SELECT DISTINCT account_id, kind FROM (
    SELECT account_id, 'recovery.code-used' AS kind FROM recovery_codes WHERE used_at >= $1
    UNION ALL SELECT account_id, 'recovery.codes-made' FROM recovery_sets WHERE made_at >= $1
    UNION ALL SELECT account_id, kind FROM events
      WHERE at >= $1 AND kind = ANY($2::text[]) AND account_id IS NOT NULL) AS found
  WHERE EXISTS (SELECT FROM accounts a WHERE a.id = found.account_id)`

/** What the restored data and its log say of the time since then. */
export function findLost(sql: Sql, since: Date): Promise<Lost[]> {
  return sql.query<Lost>(lost, [since, lostKinds])
}

/** Addresses of those of these accounts that are there. */
export function addressesOf(
  sql: Sql,
  ids: readonly string[],
): Promise<{ readonly id: string; readonly email_key: string }[]> {
  return sql.query(
    'SELECT id, email_key FROM accounts WHERE id = ANY($1::uuid[]) ORDER BY email_key',
    [ids],
  )
}

const raise = `
  WITH chosen AS (SELECT id FROM accounts WHERE id > $1 ORDER BY id LIMIT $2 FOR NO KEY UPDATE),
  raised AS (UPDATE accounts a SET epoch = a.epoch + 1 FROM chosen WHERE a.id = chosen.id
    RETURNING a.id, a.epoch),
  ${endAll()},
  no_pass AS (DELETE FROM passes p USING changed WHERE p.account_id = changed.id),
  logged AS (
    INSERT INTO events (at, kind, account_id, source, browser, request_id, details)
    SELECT $3, 'operator.restored', id, $4, $5, $6, '{"actor": "operator"}' FROM changed)
  SELECT id FROM raised ORDER BY id`

/**
 * Moves so many accounts, in the order of their ids, to their next epoch: their sessions, pending
 * sign-ins, trusted devices, links to a new password and one-time passes are over. Gives how many,
 * and the last one.
 */
export async function endEverything(
  sql: Sql,
  after: string,
  count: number,
  now: Date,
  { source, browser, requestId }: Caller,
): Promise<{ readonly ended: number; readonly last: string | null }> {
  const values = [after, count, now, source, browser, requestId]
  const rows = await sql.query<{ id: string }>(raise, values)
  return { ended: rows.length, last: rows.at(-1)?.id ?? null }
}

/** Codes that waited to be sent when the back-up was made are not sent any more. Gives how many. */
export async function voidUnsentCodes(sql: Sql, now: Date): Promise<number> {
  const rows = await sql.query(
    `UPDATE messages SET failed_at = $1, failure = 'restored'
     WHERE template = 'code' AND accepted_at IS NULL AND failed_at IS NULL RETURNING 1`,
    [now],
  )
  return rows.length
}

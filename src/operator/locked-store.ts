import type { Sql } from '../database/port.ts'

/** One reason why somebody cannot get in, or must wait. */
export type Locked = {
  readonly email: string
  /** A kind of method, 'recovery-code', 'password' or 'disabled'. */
  readonly why: string
  /** Off for good, not for a while. */
  readonly off: boolean
  readonly since: Date | null
  readonly until: Date | null
}

const lockedAt = (kind: string) => `(SELECT max(e.at) FROM events e
  WHERE e.account_id = a.id AND e.kind = 'method.locked' AND e.method_kind = ${kind})`

const list = `
  SELECT a.email, m.kind AS why, m.failures >= $1 AS off, ${lockedAt('m.kind')} AS since,
    m.not_before AS until, a.email_key
  FROM methods m JOIN accounts a ON a.id = m.account_id
  WHERE m.confirmed_at IS NOT NULL AND (m.failures >= $1 OR m.not_before > $2)
  UNION ALL
  SELECT a.email, 'recovery-code', r.failures >= $1, ${lockedAt("'recovery-code'")},
    r.not_before, a.email_key
  FROM recovery_sets r JOIN accounts a ON a.id = r.account_id
  WHERE r.failures >= $1 OR r.not_before > $2
  UNION ALL
  SELECT a.email, 'disabled', true, a.disabled_at, NULL, a.email_key
  FROM accounts a WHERE a.disabled_at IS NOT NULL
  ORDER BY email_key, why`

/** Methods and recovery codes that are off or wait, and accounts that are disabled. */
export function listLocked(sql: Sql, failuresMax: number, now: Date): Promise<Locked[]> {
  return sql.query<Locked>(list, [failuresMax, now])
}

export type Closed = { readonly key: string; readonly at: Date }

/** Counts of wrong passwords that have closed somebody's password, by their digest. */
export function closedCounts(sql: Sql, max: number): Promise<Closed[]> {
  return sql.query<Closed>('SELECT key, at FROM guesses WHERE known AND count >= $1', [max])
}

/** Addresses after that one in the order of their keys, so many at a time. */
export function listAddresses(
  sql: Sql,
  after: string,
  count: number,
): Promise<{ readonly email: string; readonly email_key: string }[]> {
  return sql.query(
    'SELECT email, email_key FROM accounts WHERE email_key > $1 ORDER BY email_key LIMIT $2',
    [after, count],
  )
}

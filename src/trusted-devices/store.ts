import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'

export type TrustedDevice = {
  readonly id: string
  readonly created_at: Date
  readonly last_used_at: Date
  readonly expires_at: Date
  readonly source: string
  readonly browser: string
}

/** The account's trusted devices that still count, newest use first. */
export function listDevices(sql: Sql, accountId: string, now: Date): Promise<TrustedDevice[]> {
  return sql.query<TrustedDevice>(
    `SELECT d.id, d.created_at, d.last_used_at, d.expires_at, d.source, d.browser
     FROM trusted_devices d JOIN accounts a ON a.id = d.account_id AND a.epoch = d.epoch
     WHERE d.account_id = $1 AND d.expires_at > $2 ORDER BY d.last_used_at DESC LIMIT 100`,
    [accountId, now],
  )
}

/** A device that still counts, whosever it is; for who shows its cookie. */
export async function findDevice(
  sql: Sql,
  id: string,
  now: Date,
): Promise<{ readonly account_id: string; readonly expires_at: Date } | null> {
  const [device] = await sql.query<{ account_id: string; expires_at: Date }>(
    `SELECT d.account_id, d.expires_at
     FROM trusted_devices d JOIN accounts a ON a.id = d.account_id AND a.epoch = d.epoch
     WHERE d.id = $1 AND d.expires_at > $2`,
    [id, now],
  )
  return device ?? null
}

const forgetOne = `
  WITH gone AS (DELETE FROM trusted_devices WHERE id = $1 AND account_id = $2 RETURNING id),
    logged AS (${insertEvents('$3', 'gone')}),
    ${tell('$4', 'gone')}
  SELECT id FROM gone`

/** Removes one device of this account, with its event and notices; false when it is not there. */
export async function deleteDevice(
  sql: Sql,
  accountId: string,
  id: string,
  events: string,
  messages: string,
): Promise<boolean> {
  const rows = await sql.query(forgetOne, [id, accountId, events, messages])
  return rows.length > 0
}

const forgetAll = `
  WITH gone AS (DELETE FROM trusted_devices WHERE account_id = $1 RETURNING id),
    logged AS (${insertEvents('$2', 'gone')})
  SELECT id FROM gone`

/** Removes every device of this account. Gives how many. */
export async function deleteAllDevices(
  sql: Sql,
  accountId: string,
  events: string,
): Promise<number> {
  const rows = await sql.query(forgetAll, [accountId, events])
  return rows.length
}

/**
 * The piece of the sign-in statement that makes a device trusted (TD-01, TD-03), from the CTE
 * `proven` (id, epoch): $id, $now, $until, $source and $browser name its parameters; no row when
 * $id is null.
 */
export function insertDevice(
  p: Readonly<Record<'id' | 'now' | 'until' | 'source' | 'browser', string>>,
  proven: string,
): string {
  return `INSERT INTO trusted_devices
      (id, account_id, epoch, rotated_at, created_at, last_used_at, expires_at, source, browser)
    SELECT ${p.id}::uuid, id, epoch, ${p.now}, ${p.now}, ${p.now}, ${p.until}, ${p.source}, ${p.browser}
    FROM ${proven} WHERE ${p.id}::uuid IS NOT NULL`
}

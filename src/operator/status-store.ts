import type { Sql } from '../database/port.ts'

export type Counts = {
  readonly accounts: number
  readonly enrolled: number
  readonly teams: number
  readonly requiring: number
  readonly methods: Readonly<Record<string, number>>
  readonly sessions: number
  readonly devices: number
  readonly waiting: number
  readonly waiting_since: Date | null
  readonly failed: number
  readonly events: number
}

const counts = `
  SELECT (SELECT count(*)::int FROM accounts) AS accounts,
    (SELECT count(*)::int FROM accounts WHERE cardinality(kinds) > 0) AS enrolled,
    (SELECT count(*)::int FROM teams) AS teams,
    (SELECT count(*)::int FROM policies WHERE required) AS requiring,
    (SELECT coalesce(json_object_agg(kind, n), '{}') FROM (SELECT kind, count(*) AS n FROM methods
      WHERE confirmed_at IS NOT NULL GROUP BY kind ORDER BY kind) AS by_kind) AS methods,
    (SELECT count(*)::int FROM sessions s JOIN accounts a ON a.id = s.account_id
      AND a.epoch = s.epoch WHERE s.expires_at > $1) AS sessions,
    (SELECT count(*)::int FROM trusted_devices d JOIN accounts a ON a.id = d.account_id
      AND a.epoch = d.epoch WHERE d.expires_at > $1) AS devices,
    (SELECT count(*)::int FROM messages
      WHERE accepted_at IS NULL AND failed_at IS NULL) AS waiting,
    (SELECT min(created_at) FROM messages
      WHERE accepted_at IS NULL AND failed_at IS NULL) AS waiting_since,
    (SELECT count(*)::int FROM messages
      WHERE failed_at > $1::timestamptz - interval '1 day') AS failed,
    (SELECT count(*) FROM events) AS events`

/** How much there is of everything. */
export async function countEverything(sql: Sql, now: Date): Promise<Counts> {
  const [row] = await sql.query<Counts>(counts, [now])
  if (!row) throw new Error('counting gave no row')
  return row
}

/** How many stored secrets name which key (see `seal`). */
export function countSecrets(
  sql: Sql,
): Promise<{ readonly key: string; readonly count: number }[]> {
  return sql.query(
    `SELECT encode(substring(secret FROM 2 FOR 4), 'hex') AS key, count(*)::int AS count
     FROM methods WHERE secret IS NOT NULL GROUP BY 1 ORDER BY 1`,
  )
}

/** Names of the migrations applied, in order. */
export async function listMigrations(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(
    'SELECT name FROM migrations ORDER BY name COLLATE "C"',
  )
  return rows.map(({ name }) => name)
}

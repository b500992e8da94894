/** The database as a test compares it: before an attack and after it. */
import type { Sql } from '../../src/database/port.ts'

const tables = [
  'accounts',
  'teams',
  'memberships',
  'policies',
  'notification_addresses',
  'former_members',
  'invitations',
  'links',
  'guesses',
  'methods',
  'recovery_sets',
  'recovery_codes',
  'sessions',
  'challenges',
  'trusted_devices',
  'cases',
  'passes',
  'messages',
  'sends',
  'events',
] as const

export type Table = (typeof tables)[number]

/** Rows by table, each table's in an order of their own. */
export type Rows = Readonly<Partial<Record<Table, unknown>>>

/** Every row of every table but those named, in one statement. */
export async function rowsBut(sql: Sql, ...but: readonly Table[]): Promise<Rows> {
  const text = tables
    .filter((table) => !but.includes(table))
    .map(
      (table) => `SELECT '${table}' AS name, (SELECT
        coalesce(jsonb_agg(to_jsonb(r) ORDER BY to_jsonb(r)::text), '[]') FROM ${table} r) AS rows`,
    )
    .join(' UNION ALL ')
  return sql.tx(async (held) => {
    // Compiling a statement that reads everything takes a hundred times as long as running it.
    await held.query('SET LOCAL jit = off')
    const rows = await held.query<{ name: Table; rows: unknown }>(text)
    return Object.fromEntries(rows.map((row) => [row.name, row.rows]))
  })
}

/** How many rows a statement gives. */
export async function countOf(sql: Sql, text: string, ...values: unknown[]): Promise<number> {
  const rows = await sql.query(text, values)
  return rows.length
}

/** The kinds of the account's events so far, oldest first. */
export async function eventsOf(sql: Sql, accountId: string): Promise<string[]> {
  const rows = await sql.query<{ kind: string }>(
    'SELECT kind FROM events WHERE account_id = $1 ORDER BY id',
    [accountId],
  )
  return rows.map(({ kind }) => kind)
}

/** How many wrong answers in a row the method counts. */
export async function failuresOf(sql: Sql, methodId: string | undefined): Promise<number> {
  const [row] = await sql.query<{ failures: number }>(
    'SELECT failures FROM methods WHERE id = $1',
    [methodId],
  )
  if (!row) throw new Error('there is no such method')
  return row.failures
}

/** How many sessions the account has. */
export function sessionsOf(sql: Sql, accountId: string): Promise<number> {
  return countOf(sql, 'SELECT 1 FROM sessions WHERE account_id = $1', accountId)
}

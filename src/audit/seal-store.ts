import type { Unsealed } from '../crypto/log-seal.ts'
import type { Sql } from '../database/port.ts'

/** A seal as it is stored. */
export type Seal = Unsealed & { readonly mac: Buffer }

/** A row of the log in its canonical form. */
export type LogRow = {
  readonly id: number
  readonly at: Date
  readonly text: string
  /** It stands in the log of each further team that it names. */
  readonly spread: boolean
}

/*
 * The canonical form: all columns of 0004_events.sql in their order and `others`, the time in
 * microseconds. A column that is added later needs another form from the first seal on that covers it.
 */
const canonical = `jsonb_build_array(id, (extract(epoch FROM at) * 1000000)::bigint, kind, account_id,
  actor_id, team_id, method_kind, source, browser, session_hash, request_id, details, others)::text`

const spread = `others IS NULL OR NOT EXISTS (SELECT FROM unnest(others) AS other
  WHERE NOT EXISTS (SELECT FROM team_events t WHERE t.team_id = other AND t.at = e.at
    AND t.event_id = e.id AND t.kind = e.kind))`

const rowsOf = (where: string) =>
  `SELECT id, at, ${canonical} AS text, ${spread} AS spread FROM events e WHERE ${where} ORDER BY id`

const rowsWithin = `${rowsOf('id BETWEEN $1 AND $2')} LIMIT $3`

/** Rows from id to id, both included, in their order, so many at most. */
export function readRows(sql: Sql, from: number, to: number, most: number): Promise<LogRow[]> {
  return sql.query<LogRow>(rowsWithin, [from, to, most])
}

/** The newest row's id; 0 when there is none. */
export async function newestId(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ id: number | null }>('SELECT max(id) AS id FROM events')
  return row?.id ?? 0
}

const writers = `
  SELECT virtualtransaction AS name FROM pg_locks
  WHERE locktype = 'relation' AND relation = 'events'::regclass AND mode = 'RowExclusiveLock'
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
    AND pid <> pg_backend_pid() AND ($1::text[] IS NULL OR virtualtransaction = ANY($1))`

/**
 * Transactions that write to the log at this moment, of these if any are named. A statement takes the
 * lock they are known by before it takes an id, and gives it back when what it wrote is there to see.
 */
export async function listWriters(sql: Sql, among: readonly string[] | null): Promise<string[]> {
  const rows = await sql.query<{ name: string }>(writers, [among])
  return rows.map(({ name }) => name)
}

/** Takes the right to write seals until the transaction ends; false when another copy has it. */
export async function takeTurn(sql: Sql): Promise<boolean> {
  const [row] = await sql.query<{ mine: boolean }>(
    'SELECT pg_try_advisory_xact_lock(7294023) AS mine',
  )
  return row?.mine === true
}

const columns = 'number, from_id, to_id, count, newest_at, rows_hash, previous_mac, mac, at'

/** The newest seal, or null. */
export async function newestSeal(sql: Sql): Promise<Seal | null> {
  const [seal] = await sql.query<Seal>(
    `SELECT ${columns} FROM event_seals ORDER BY number DESC LIMIT 1`,
  )
  return seal ?? null
}

/** Seals after that number, in their order. */
export function listSeals(sql: Sql, after: number, most: number): Promise<Seal[]> {
  return sql.query<Seal>(
    `SELECT ${columns} FROM event_seals WHERE number > $1 ORDER BY number LIMIT $2`,
    [after, most],
  )
}

/** Writes a seal. Two of one number are refused by the table itself. */
export async function insertSeal(sql: Sql, s: Seal): Promise<void> {
  await sql.query(
    `INSERT INTO event_seals (${columns}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [s.number, s.from_id, s.to_id, s.count, s.newest_at, s.rows_hash, s.previous_mac, s.mac, s.at],
  )
}

export type Outside = {
  /** Rows with ids that no seal may ever cover. */
  readonly before: number
  readonly after: number
  readonly oldest_after: Date | null
}

/** Rows outside all ranges: before the first id, and after the last one that is sealed. */
export async function countOutside(sql: Sql, lastId: number): Promise<Outside> {
  const [row] = await sql.query<Outside>(
    `SELECT (SELECT count(*)::int FROM events WHERE id < 1) AS before,
       (SELECT count(*)::int FROM events WHERE id > $1) AS after,
       (SELECT min(at) FROM events WHERE id > $1) AS oldest_after`,
    [lastId],
  )
  return row ?? { before: 0, after: 0, oldest_after: null }
}

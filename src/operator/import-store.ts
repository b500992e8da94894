import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'

/** Which of these addresses have an account. */
export async function knownAddresses(sql: Sql, keys: readonly string[]): Promise<Set<string>> {
  const rows = await sql.query<{ email_key: string }>(
    'SELECT email_key FROM accounts WHERE email_key = ANY($1::text[])',
    [keys],
  )
  return new Set(rows.map(({ email_key }) => email_key))
}

export type KnownTeam = { readonly id: string; readonly name: string; readonly owned: boolean }

/** Teams with one of these names or ids. */
export function knownTeams(sql: Sql, namesOrIds: readonly string[]): Promise<KnownTeam[]> {
  return sql.query<KnownTeam>(
    `SELECT t.id, t.name, EXISTS (SELECT FROM memberships m
       WHERE m.team_id = t.id AND m.role = 'owner') AS owned
     FROM teams t WHERE t.name = ANY($1::text[]) OR t.id::text = ANY($1::text[])`,
    [namesOrIds],
  )
}

export type NewPerson = {
  readonly id: string
  readonly email: string
  readonly emailKey: string
  readonly verifiedAt: Date | null
  readonly passwordHash: string
  readonly name: string
  readonly phone: string | null
  readonly now: Date
  readonly teamId: string | null
  /** Set when the team is to be made with its owner. */
  readonly newTeam: string | null
  readonly role: string
  /** JSON array of `Brought`. */
  readonly methods: string
  readonly events: string
}

const insert = `
  WITH made AS (
    INSERT INTO accounts (id, email, email_key, email_verified_at, password_hash, name, phone,
      created_at)
    VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (email_key) DO NOTHING RETURNING id),
  team AS (INSERT INTO teams (id, name, created_at)
    SELECT $9, $10, $8 FROM made WHERE $10::text IS NOT NULL RETURNING id),
  joined AS (INSERT INTO memberships (team_id, account_id, role, joined_at)
    SELECT $9, id, $11, $8 FROM made WHERE $9::uuid IS NOT NULL),
  apps AS (
    INSERT INTO methods (id, account_id, kind, slot, name, secret, parameters, created_at,
      confirmed_at)
    SELECT m.id, made.id, m.kind, m.slot, m.name, decode(m.secret, 'base64'), m.parameters, $8, $8
    FROM made, jsonb_to_recordset($12::jsonb) AS m(id uuid, kind text, slot text, name text,
      secret text, parameters jsonb)),
  logged AS (${insertEvents('$13', 'made')})
  SELECT id FROM made`

/**
 * Makes one person with all that was brought along, or nothing. False when the address has an account
 * already: of two imports at once, the unique address decides.
 */
export async function insertPerson(sql: Sql, p: NewPerson): Promise<boolean> {
  const rows = await sql.query(insert, [
    p.id,
    p.email,
    p.emailKey,
    p.verifiedAt,
    p.passwordHash,
    p.name,
    p.phone,
    p.now,
    p.teamId,
    p.newTeam,
    p.role,
    p.methods,
    p.events,
  ])
  return rows.length > 0
}

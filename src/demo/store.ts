import { usualTotp } from '../crypto/totp.ts'
import type { Sql } from '../database/port.ts'

/** How many accounts there are. */
export async function countAccounts(sql: Sql): Promise<number> {
  const [row] = await sql.query<{ count: number }>('SELECT count(*)::int AS count FROM accounts')
  return row?.count ?? 0
}

/** Makes a team. */
export async function addTeam(sql: Sql, id: string, name: string, now: Date): Promise<void> {
  await sql.query('INSERT INTO teams (id, name, created_at) VALUES ($1, $2, $3)', [id, name, now])
}

export type DemoPerson = {
  readonly id: string
  readonly team: string
  readonly role: string
  readonly name: string
  readonly email: string
  readonly key: string
  readonly phone: string | null
  readonly hash: string
  readonly now: Date
}

/** Makes a person of the team, the address confirmed. */
export async function addPerson(sql: Sql, p: DemoPerson): Promise<void> {
  await sql.query(
    `WITH made AS (
       INSERT INTO accounts (id, email, email_key, email_verified_at, password_hash, name, phone,
         created_at)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $4) RETURNING id)
     INSERT INTO memberships (team_id, account_id, role, joined_at) SELECT $8, id, $9, $4 FROM made`,
    [p.id, p.email, p.key, p.now, p.hash, p.name, p.phone, p.team, p.role],
  )
}

export type DemoMethod = {
  readonly id: string
  readonly account: string
  readonly kind: string
  readonly slot: string
  readonly name: string
  readonly destination: string | null
  readonly secret: Buffer | null
  readonly salt: Buffer
  readonly hashes: readonly Buffer[]
  readonly now: Date
}

/** Gives a person a confirmed method, and recovery codes with the first. */
export async function addMethod(sql: Sql, m: DemoMethod): Promise<void> {
  await sql.query(
    `WITH made AS (
       INSERT INTO methods (id, account_id, kind, slot, name, destination, secret, created_at,
         confirmed_at, parameters)
       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8, $11) RETURNING account_id),
     set AS (INSERT INTO recovery_sets (account_id, salt, made_at, saved_at, codes_left)
       SELECT account_id, $9, $8, $8, cardinality($10::bytea[]) FROM made
       ON CONFLICT DO NOTHING RETURNING account_id)
     INSERT INTO recovery_codes (account_id, hash)
     SELECT account_id, h FROM set, unnest($10::bytea[]) AS h`,
    [
      m.id,
      m.account,
      m.kind,
      m.slot,
      m.name,
      m.destination,
      m.secret,
      m.now,
      m.salt,
      m.hashes,
      JSON.stringify(m.secret ? usualTotp : {}),
    ],
  )
}

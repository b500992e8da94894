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

export type DemoPlace = {
  readonly team: string
  readonly account: string
  readonly joinedAt: Date
  readonly signedInAt: Date | null
  readonly exemptUntil: Date | null
  readonly locked: boolean
}

/** Makes a member look as if they had been in the team for a while. */
export async function placeMember(sql: Sql, p: DemoPlace): Promise<void> {
  await sql.query(
    `UPDATE memberships SET joined_at = $3, first_joined_at = $3, exempt_until = $4,
       exempt_reason = CASE WHEN $4::timestamptz IS NOT NULL THEN 'On leave' END
     WHERE team_id = $1 AND account_id = $2`,
    [p.team, p.account, p.joinedAt, p.exemptUntil],
  )
  await sql.query('UPDATE accounts SET last_sign_in_at = $2 WHERE id = $1', [
    p.account,
    p.signedInAt,
  ])
  if (!p.locked) return
  await sql.query('UPDATE methods SET failures = 100 WHERE account_id = $1', [p.account])
}

export type DemoPolicy = {
  readonly team: string
  readonly since: Date
  readonly bitesAt: Date
  /** Whose decision it was. */
  readonly by: string
  readonly now: Date
  readonly members: number
}

/** Lets the team require two steps from a day on, and gives it sixty days of coverage. */
export async function fillTeam(sql: Sql, p: DemoPolicy): Promise<void> {
  await sql.query(
    `INSERT INTO policies (team_id, required, bites, since, bites_at, joiner_days, changed_at,
       changed_by)
     SELECT $1, true, 'date', $2, $3, 14, $2, a.id FROM accounts a WHERE a.email_key = $4`,
    [p.team, p.since, p.bitesAt, p.by],
  )
  await sql.query(
    `INSERT INTO coverage (team_id, day, members, ready)
     SELECT $1, ($2::timestamptz AT TIME ZONE 'UTC')::date - i, $3::int,
       round($3::int * (0.15 + 0.4 * (60 - i) / 60))::int
     FROM generate_series(0, 60) AS i`,
    [p.team, p.now, p.members],
  )
}

export type DemoInvitation = {
  readonly id: string
  readonly link: string
  readonly team: string
  readonly email: string
  readonly now: Date
  readonly expiresAt: Date
}

/** Somebody who was invited and has not answered. */
export async function addInvitation(sql: Sql, p: DemoInvitation): Promise<void> {
  await sql.query(
    `INSERT INTO invitations (id, team_id, email, email_key, role, link_id, created_at, sent_at,
       expires_at) VALUES ($1, $2, $3, $3, 'member', $4, $5, $5, $6)`,
    [p.id, p.team, p.email, p.link, p.now, p.expiresAt],
  )
}

import { Client } from 'pg'
import { newId, random } from '../src/crypto/random.ts'
import type { Database } from '../src/database/port.ts'

/*
 * Rows as the program would leave them, made by the server in a few statements. The triggers that
 * keep memberships would take as long as all the rest and are left out: their columns are filled in.
 */
/** A text of 32 hexadecimal digits as an id that passes for a random one. */
const idOf = (digits: string) =>
  `overlay(overlay(md5(${digits}) placing '4' from 13) placing '8' from 17)::uuid`

const people = `
  SELECT i, ${idOf('$1 || i')} AS id, 'person-' || i || '-' || $1 || '@example.com' AS email,
    'Person ' || md5('name' || i) AS name,
    CASE WHEN i % 4 = 0 THEN '{}' WHEN i % 4 = 1 THEN '{sms}' WHEN i % 4 = 2 THEN '{totp}'
      ELSE '{sms,totp}' END::text[] AS kinds,
    i % 500 = 3 AS locked, i % 100 = 7 AS never, i % 50 = 9 AS unreachable
  FROM generate_series($2::int, $3::int) AS i`

const accounts = `
  INSERT INTO accounts (id, email, email_key, email_verified_at, password_hash, name, created_at,
    last_sign_in_at, kinds, methods_locked)
  SELECT id, email, email, CASE WHEN NOT unreachable THEN now() END, 'x', name, now(),
    CASE WHEN NOT never THEN now() END, kinds, locked FROM (${people}) p`

const memberships = `
  INSERT INTO memberships (team_id, account_id, role, joined_at, first_joined_at, name_key,
    email_key, search, kinds, locked, never_signed_in, unreachable)
  SELECT ($4::uuid[])[1 + i % cardinality($4::uuid[])], id, 'member', now() - i * interval '1 minute',
    now() - i * interval '1 minute', plain_letters(name), email,
    plain_letters(name || ' ' || email), kinds, locked, never, unreachable FROM (${people}) p`

const devices = `
  INSERT INTO trusted_devices (id, account_id, epoch, rotated_at, created_at, last_used_at,
    expires_at, source, browser)
  SELECT ${idOf(`'device' || id`)}, id, 1, now(), now(), now(), now() + interval '14 days',
    '127.0.0.1', 'bench' FROM (${people}) p WHERE i % 2 = 0`

async function fill(
  db: Database,
  label: string,
  from: number,
  to: number,
  teams: readonly string[],
): Promise<void> {
  const batch = 50_000
  for (let i = from; i <= to; i += batch) {
    const range = [label, i, Math.min(to, i + batch - 1)]
    await db.tx(async (held) => {
      await held.query('SET LOCAL session_replication_role = replica')
      await held.query(accounts, range)
      await held.query(memberships, [...range, teams])
      await held.query(devices, range)
    })
  }
}

async function addTeams(db: Database, ids: readonly string[]): Promise<void> {
  await db.query(
    `INSERT INTO teams (id, name, created_at) SELECT id, 'Team', now() FROM unnest($1::uuid[]) id`,
    [ids],
  )
}

const owner = idOf(`'team' || 2`)

/** A team of that many with a policy and 90 days of coverage; gives the id of its owner. */
export async function fillTeam(db: Database, team: string, size: number): Promise<string> {
  await addTeams(db, [team])
  await fill(db, 'team', 1, size, [team])
  const [made] = await db.query<{ id: string }>(
    `UPDATE memberships SET role = 'owner' WHERE team_id = $1 AND account_id = ${owner}
     RETURNING account_id AS id`,
    [team],
  )
  await db.query(
    `INSERT INTO policies (team_id, required, bites, since, bites_at, changed_at)
     VALUES ($1, true, 'date', now(), now() + interval '9 days', now())`,
    [team],
  )
  await db.query(
    `INSERT INTO coverage (team_id, day, members, ready)
     SELECT $1, current_date - i, $2, $2 * (90 - i) / 120 FROM generate_series(0, 89) AS i`,
    [team, size],
  )
  if (!made) throw new Error('the team has no owner')
  return made.id
}

/** More accounts besides, in teams of two hundred, up to `to` of them. */
export async function fillOthers(db: Database, from: number, to: number): Promise<void> {
  const teams = Array.from({ length: Math.ceil((to - from) / 200) }, () =>
    newId(new Date(), random),
  )
  await addTeams(db, teams)
  await fill(db, 'other', from + 1, to, teams)
}

/**
 * Moves the team's rows into gaps between all others, as if its members had come one by one, and
 * leaves the database as it is after a while of use. On a connection that waits as long as it takes.
 */
export async function scatter(url: string, team: string): Promise<void> {
  const client = new Client(url)
  await client.connect()
  const gaps = 'DELETE FROM memberships WHERE team_id <> $1 AND random() < 0.03'
  await client.query(gaps, [team])
  await client.query('VACUUM memberships')
  await client.query('UPDATE memberships SET reminded_at = now() WHERE team_id = $1', [team])
  await client.query('VACUUM ANALYZE')
  await client.query('CHECKPOINT')
  await client.end()
}

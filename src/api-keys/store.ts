import { insertEvents } from '../audit/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import { readTeams, teamsOf } from '../policy/store.ts'
import type { RawTeams } from '../policy/store.ts'
import type { Membership } from '../policy/policy.ts'
import type { Scope } from './scopes.ts'

/** A key as a request with it reads it, with the admin who made it. */
export type FoundKey = {
  readonly id: string
  readonly team_id: string
  readonly scopes: readonly Scope[]
  readonly created_at: Date
  readonly expires_at: Date
  readonly last_used_at: Date | null
  readonly made_by: string
  readonly name: string
  readonly email: string
  readonly email_verified_at: Date | null
  readonly epoch: number
  readonly disabled_at: Date | null
  readonly kinds: readonly string[]
  /** The maker's teams, with what they require. */
  readonly teams: readonly Membership[]
}

const find = `
  SELECT k.id, k.team_id, k.scopes, k.created_at, k.expires_at, k.last_used_at, k.made_by, a.name,
    a.email, a.email_verified_at, a.epoch, a.disabled_at, a.kinds, ${teamsOf('k.made_by')} AS teams
  FROM api_keys k JOIN accounts a ON a.id = k.made_by WHERE k.token_hash = $1`

/** The key of that token, good or not. The one round trip of every request with a key. */
export async function findKey(sql: Sql, tokenHash: Buffer): Promise<FoundKey | null> {
  const [raw] = await sql.query<FoundKey & { teams: RawTeams }>(find, [tokenHash])
  return raw ? { ...raw, teams: readTeams(raw.teams) } : null
}

/** Notes that a key is in use; called at most once a minute per key. */
export async function markUsed(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.query(
    `UPDATE api_keys SET last_used_at = $2
     WHERE id = $1 AND (last_used_at IS NULL OR last_used_at < $2)`,
    [id, now],
  )
}

/* Decides the race of many at once: each upsert waits for the source's row and looks again. */
const chargeSource = `
  WITH charged AS (
    INSERT INTO guesses AS g (key, count, not_before, at)
    VALUES ($1, 0, $2::timestamptz - make_interval(secs => ($3::int - 1) * $4::int), $2)
    ON CONFLICT (key) DO UPDATE SET at = $2,
      not_before = greatest(g.not_before, $2 - make_interval(secs => $3::int * $4::int))
        + make_interval(secs => $4::int)
    WHERE g.not_before <= $2 RETURNING key),
  logged AS (${insertEvents('$5', 'charged')})
  SELECT key FROM charged`

/**
 * Counts a key that is not good against its source, which has `max` tries and gets one back each
 * `refillSeconds`, and logs it. False, and nothing is logged, when the source has none left.
 */
export async function chargeForKey(
  sql: Sql,
  key: string,
  now: Date,
  bucket: { readonly max: number; readonly refillSeconds: number },
  events: string,
): Promise<boolean> {
  const values = [key, now, bucket.max, bucket.refillSeconds, events]
  return (await sql.query(chargeSource, values)).length > 0
}

/** A key as its team's admins see it. */
export type KeyRow = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly Scope[]
  readonly made_by: string
  readonly maker: string
  readonly created_at: Date
  readonly expires_at: Date
  readonly last_used_at: Date | null
}

/** The team's keys, newest first. */
export function listKeys(sql: Sql, teamId: string): Promise<KeyRow[]> {
  return sql.query<KeyRow>(
    `SELECT k.id, k.name, k.scopes, k.made_by, a.name AS maker, k.created_at, k.expires_at,
       k.last_used_at
     FROM api_keys k JOIN accounts a ON a.id = k.made_by
     WHERE k.team_id = $1 ORDER BY k.created_at DESC, k.id DESC LIMIT $2`,
    [teamId, limits.apiKeysPerTeamMax],
  )
}

/** Who hears of a team's keys: its owner, and whoever made the one it is about. */
export function listTold(
  sql: Sql,
  teamId: string,
  makerId: string,
): Promise<{ readonly id: string; readonly email: string }[]> {
  return sql.query(
    `SELECT a.id, a.email FROM accounts a WHERE a.id = $2
     UNION SELECT a.id, a.email FROM memberships m JOIN accounts a ON a.id = m.account_id
       WHERE m.team_id = $1 AND m.role = 'owner'`,
    [teamId, makerId],
  )
}

export type NewKey = {
  readonly id: string
  readonly teamId: string
  readonly name: string
  readonly tokenHash: Buffer
  readonly scopes: readonly Scope[]
  readonly madeBy: string
  readonly now: Date
  readonly expiresAt: Date
  /** Where to begin to look for a free slot, so that several at once seldom meet. */
  readonly firstSlot: number
  readonly events: string
  readonly messages: string
}

const insert = `
  WITH free AS (
    SELECT slot FROM generate_series(1, ${limits.apiKeysPerTeamMax}) AS slot
    WHERE NOT EXISTS (SELECT FROM api_keys k
      WHERE k.team_id = $2 AND k.slot = slot.slot AND k.expires_at > $7)
    ORDER BY EXISTS (SELECT FROM api_keys k WHERE k.team_id = $2 AND k.slot = slot.slot),
      (slot + $9::int) % ${limits.apiKeysPerTeamMax} LIMIT 1),
  made AS (
    INSERT INTO api_keys AS k (id, team_id, name, token_hash, scopes, made_by, created_at,
      expires_at, slot)
    SELECT $1, m.team_id, $3, $4, $5, m.account_id, $7, $8, free.slot
    FROM free, memberships m JOIN accounts a ON a.id = m.account_id AND a.disabled_at IS NULL
    WHERE m.team_id = $2 AND m.account_id = $6 AND m.role IN ('owner', 'admin')
    ON CONFLICT (team_id, slot) DO UPDATE SET id = excluded.id, name = excluded.name,
      token_hash = excluded.token_hash, scopes = excluded.scopes, made_by = excluded.made_by,
      created_at = excluded.created_at, expires_at = excluded.expires_at, last_used_at = NULL
      WHERE k.expires_at <= $7
    RETURNING k.id),
  logged AS (${insertEvents('$10', 'made')}),
  ${tell('$11', 'made')}
  SELECT EXISTS (SELECT FROM made) AS made, EXISTS (SELECT FROM free) AS free`

/**
 * Puts a key into a free slot of its team, or one whose key has expired, with its event and notices.
 * Decides the race for the last slots: a slot taken meanwhile gives 'taken', and another may be
 * free; with none left 'full'. Also 'taken' when its maker is no admin any more.
 */
export async function insertKey(sql: Sql, key: NewKey): Promise<'made' | 'taken' | 'full'> {
  const [row] = await sql.query<{ made: boolean; free: boolean }>(insert, [
    key.id,
    key.teamId,
    key.name,
    key.tokenHash,
    key.scopes,
    key.madeBy,
    key.now,
    key.expiresAt,
    key.firstSlot,
    key.events,
    key.messages,
  ])
  if (row?.made) return 'made'
  return row?.free ? 'taken' : 'full'
}

const revoke = `
  WITH gone AS (DELETE FROM api_keys WHERE id = $1 AND team_id = $2 RETURNING id),
    logged AS (${insertEvents('$3', 'gone')}),
    ${tell('$4', 'gone')}
  SELECT id FROM gone`

/** Removes one key of this team, with its event and notices; false when it is not there. */
export async function deleteKey(
  sql: Sql,
  id: string,
  teamId: string,
  events: string,
  messages: string,
): Promise<boolean> {
  return (await sql.query(revoke, [id, teamId, events, messages])).length > 0
}

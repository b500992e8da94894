import { endAll } from '../accounts/epoch.ts'
import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { together } from '../database/together.ts'
import { readTeams, teamsOf } from '../policy/store.ts'
import type { RawTeams } from '../policy/store.ts'
import type { World } from '../world.ts'
import type { Session } from './session.ts'

const check = `
  SELECT s.id, s.token_hash, s.account_id, s.epoch, a.email, a.email_verified_at, a.name, a.phone,
    s.created_at, s.seen_at, s.expires_at, s.password_at, s.second_step_at, s.second_step_kind,
    s.trusted_device_id, s.mailbox_at, s.wanted, s.team_id, s.recovery_case,
    a.support_since IS NOT NULL AS support, a.frozen_until, a.kinds,
    ${teamsOf('s.account_id')} AS teams, r.codes_left AS recovery_codes_left
  FROM sessions s
  JOIN accounts a ON a.id = s.account_id AND a.epoch = s.epoch AND a.disabled_at IS NULL
  LEFT JOIN recovery_sets r ON r.account_id = s.account_id
  WHERE s.token_hash = ANY($1::bytea[]) AND s.expires_at > $2 AND s.seen_at > $3`

type RawSession = Omit<Session, 'teams' | 'token_hash'> & {
  readonly teams: RawTeams
  readonly token_hash: Buffer
}

function readSession(raw: RawSession): Session {
  return { ...raw, teams: readTeams(raw.teams) }
}

type Finder = (hash: string) => Promise<Session | null>

const finders = new WeakMap<Sql, Finder>()

/**
 * The hot path: one round trip finds the session, its account, and that both are still good. What
 * other requests ask at the same moment goes with it (`together`).
 */
export async function findSession(
  { sql, clock, config }: Pick<World, 'sql' | 'clock' | 'config'>,
  tokenHash: Buffer,
): Promise<Session | null> {
  let find = finders.get(sql)
  if (!find) {
    find = together(async (hashes) => {
      const now = clock()
      const tokens = hashes.map((hash) => Buffer.from(hash, 'base64'))
      const found = await sql.query<RawSession>(check, [tokens, now, idleSince(config, now)])
      return new Map(found.map((raw) => [raw.token_hash.toString('base64'), readSession(raw)]))
    })
    finders.set(sql, find)
  }
  return find(tokenHash.toString('base64'))
}

/** A session not seen since this time is idle for too long (SES-03). */
export function idleSince(config: World['config'], now: Date): Date {
  return new Date(now.getTime() - config.sessionIdleHours * 3_600_000)
}

/** Notes that the session is in use; called at most once a minute per session. */
export async function markSeen(sql: Sql, id: string, now: Date): Promise<void> {
  await sql.query('UPDATE sessions SET seen_at = $2 WHERE id = $1 AND seen_at < $2', [id, now])
}

export type SessionRow = Pick<
  Session,
  'id' | 'created_at' | 'seen_at' | 'expires_at' | 'second_step_kind' | 'trusted_device_id'
> & { readonly source: string; readonly browser: string }

/** The account's open sessions, last used first. */
export function listSessions(
  sql: Sql,
  accountId: string,
  now: Date,
  idleSince: Date,
): Promise<SessionRow[]> {
  return sql.query<SessionRow>(
    `SELECT s.id, s.created_at, s.seen_at, s.expires_at, s.second_step_kind, s.trusted_device_id,
       s.source, s.browser
     FROM sessions s JOIN accounts a ON a.id = s.account_id AND a.epoch = s.epoch
     WHERE s.account_id = $1 AND s.expires_at > $2 AND s.seen_at > $3
     ORDER BY s.seen_at DESC LIMIT 100`,
    [accountId, now, idleSince],
  )
}

/** Ends one session of this account. Gives false when it is not there or not theirs (ENR-09). */
export async function endSession(
  sql: Sql,
  accountId: string,
  id: string,
  events: string,
): Promise<boolean> {
  const rows = await sql.query(endOne, [id, accountId, events])
  return rows.length > 0
}

const endOne = `
  WITH ended AS (DELETE FROM sessions WHERE id = $1 AND account_id = $2 RETURNING id),
    logged AS (${insertEvents('$3', 'ended')})
  SELECT id FROM ended`

/** What a change of how somebody signs in needs to know of its account and session. */
export type Change = {
  readonly accountId: string
  readonly epoch: number
  readonly sessionId: string
  readonly tokenHash: Buffer
  readonly now: Date
  readonly events: string
  readonly messages: string
}

/** Parameters $1 to $5 of every statement that begins with `raiseEpoch`. */
export function changeParameters(change: Change): unknown[] {
  const { accountId, epoch, sessionId, tokenHash, now } = change
  return [accountId, epoch, sessionId, tokenHash, now]
}

/**
 * The CTEs a statement begins with that changes how somebody signs in: `raised` moves the account to
 * its next epoch, which ends every session, sign-in and trusted device made before (ENR-04, TD-05);
 * `renewed` carries the session that asked over, under a new token. Decides the race between two
 * changes of one account: the epoch they read must still be the account's. What the statement does
 * besides is made from `changed` (id, epoch).
 * Parameters: $1 account, $2 epoch read, $3 session, $4 its new token hash, $5 now.
 * `only`: a further condition; `set`: further columns of the session, `own` of the account.
 */
export function raiseEpoch(only = '', set = '', own = ''): string {
  return `
  raised AS (UPDATE accounts SET epoch = epoch + 1 ${own}
    WHERE id = $1 AND epoch = $2 AND disabled_at IS NULL ${only} RETURNING id, epoch),
  ${endAll('AND s.id <> $3')},
  renewed AS (UPDATE sessions s SET epoch = changed.epoch, token_hash = $4, seen_at = $5 ${set}
    FROM changed WHERE s.id = $3 AND s.account_id = changed.id RETURNING s.id)`
}

const endOthers = `
  WITH ${raiseEpoch()},
  logged AS (${insertEvents('$6', 'raised')})
  SELECT (SELECT count(*)::int FROM sessions s
    WHERE s.account_id = $1 AND s.id <> $3 AND s.expires_at > $5) AS ended FROM raised`

/** Ends all that is open for the account but this session. Gives how many; null when it changed. */
export async function endOtherSessions(sql: Sql, change: Change): Promise<number | null> {
  const rows = await sql.query<{ ended: number }>(endOthers, [
    ...changeParameters(change),
    change.events,
  ])
  return rows[0]?.ended ?? null
}

const note = `
  WITH noted AS (UPDATE sessions SET token_hash = $3, password_at = $4
    WHERE id = $1 AND epoch = $2 RETURNING id),
  logged AS (${insertEvents('$5', 'noted')})
  SELECT id FROM noted`

/**
 * Notes the password given again inside the session and renews its id (SES-05). False when the session
 * is gone, or the account has changed since it was compared: an old password then proves nothing.
 */
export async function notePassword(
  sql: Sql,
  { id, epoch }: Pick<Session, 'id' | 'epoch'>,
  tokenHash: Buffer,
  now: Date,
  events: string,
): Promise<boolean> {
  const rows = await sql.query(note, [id, epoch, tokenHash, now, events])
  return rows.length > 0
}

import type { Event } from '../audit/event.ts'
import type { EventKind } from '../audit/kinds.ts'
import type { Sql } from '../database/port.ts'
import { passCounts } from '../passes/store.ts'
import type { Role } from '../policy/policy.ts'

/** One member of a team, with all that is known of how they sign in; no destination, no secret. */
export type OneMember = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly email_key: string
  readonly epoch: number
  readonly email_verified_at: Date | null
  readonly disabled_at: Date | null
  readonly last_sign_in_at: Date | null
  readonly password_closed_at: Date | null
  readonly role: Role
  readonly joined_at: Date
  readonly first_joined_at: Date
  readonly exempt_until: Date | null
  readonly exempt_reason: string | null
  readonly exempt_by: string | null
  readonly kinds: readonly string[]
  readonly locked: boolean
  readonly reminded_at: Date | null
  /** They belong to another team too. */
  readonly shared: boolean
  /** They decide recovery cases of everybody's accounts. */
  readonly support: boolean
  readonly recovery_codes_left: number | null
  readonly trusted_devices: number
  /** Open sessions that open this team. */
  readonly sessions: number
  /** Until when a one-time pass that was made for them can be used. */
  readonly pass_until: Date | null
  /** Until when a method or the recovery codes take no answer. */
  readonly waits_until: Date | null
}

const find = `
  SELECT a.id, a.name, a.email, a.email_key, a.epoch, a.email_verified_at, a.disabled_at,
    a.last_sign_in_at, a.password_closed_at, m.role, m.joined_at, m.first_joined_at,
    m.exempt_until, m.exempt_reason, (SELECT b.name FROM accounts b WHERE b.id = m.exempt_by) AS exempt_by,
    m.kinds, m.locked, m.reminded_at,
    EXISTS (SELECT FROM memberships o WHERE o.account_id = a.id AND o.team_id <> $1) AS shared,
    a.support_since IS NOT NULL AS support,
    r.codes_left AS recovery_codes_left,
    (SELECT count(*)::int FROM trusted_devices d WHERE d.account_id = a.id AND d.epoch = a.epoch
      AND d.expires_at > $3 AND d.created_at > $4) AS trusted_devices,
    (SELECT count(*)::int FROM sessions s WHERE s.account_id = a.id AND s.epoch = a.epoch
      AND s.expires_at > $3 AND s.seen_at > $5
      AND (m.sessions_from IS NULL OR s.created_at >= m.sessions_from)) AS sessions,
    (SELECT p.expires_at FROM passes p WHERE p.account_id = a.id AND ${passCounts('$3')}) AS pass_until,
    nullif(greatest(r.not_before, (SELECT max(w.not_before) FROM methods w WHERE w.account_id = a.id
      AND w.confirmed_at IS NOT NULL AND w.failures < $6)), 'epoch') AS waits_until
  FROM memberships m JOIN accounts a ON a.id = m.account_id
    LEFT JOIN recovery_sets r ON r.account_id = a.id
  WHERE m.team_id = $1 AND m.account_id = $2`

/** What a look at one member counts from. */
export type Since = {
  readonly now: Date
  readonly trustedSince: Date
  readonly seenSince: Date
  readonly failuresMax: number
}

/** One member of this team; null for anybody else (ENR-09). */
export async function findMember(
  sql: Sql,
  teamId: string,
  memberId: string,
  { now, trustedSince, seenSince, failuresMax }: Since,
): Promise<OneMember | null> {
  const values = [teamId, memberId, now, trustedSince, seenSince, failuresMax]
  const [member] = await sql.query<OneMember>(find, values)
  return member ?? null
}

/** One event of a member in this team. */
export type MemberEvent = {
  readonly id: number
  readonly at: Date
  readonly kind: EventKind
  readonly method_kind: string | null
  readonly source: string
  readonly browser: string
  /** Who did it, when it was somebody else. */
  readonly actor: string | null
  readonly details: Event['details']
}

/**
 * What happened to a member in this team since they joined it, newest first, older than `before`.
 * What bears another team's name is that team's.
 */
export function listMemberEvents(
  sql: Sql,
  teamId: string,
  memberId: string,
  before: number,
  count: number,
): Promise<MemberEvent[]> {
  return sql.query<MemberEvent>(
    `SELECT e.id, e.at, e.kind, e.method_kind, e.source, e.browser, actor.name AS actor,
       e.details
     FROM events e
     JOIN memberships m ON m.team_id = $1 AND m.account_id = e.account_id AND e.at >= m.joined_at
     LEFT JOIN accounts actor ON actor.id = e.actor_id AND e.actor_id <> e.account_id
     WHERE e.account_id = $2 AND e.team_id = $1 AND e.id < $3
       AND e.kind <> 'request.step-up-missing'
     ORDER BY e.at DESC, e.id DESC LIMIT $4`,
    [teamId, memberId, before, count],
  )
}

/** The sources of a member's refused passwords since then: where waits may still run. */
export async function listRefusedSources(
  sql: Sql,
  memberId: string,
  since: Date,
): Promise<string[]> {
  const rows = await sql.query<{ source: string }>(
    `SELECT DISTINCT source FROM (SELECT source, at FROM events
       WHERE account_id = $1 AND kind IN ('sign-in.password-wrong', 'sign-in.refused-by-limit',
         'step-up.password-wrong') ORDER BY at DESC, id DESC LIMIT 500) e WHERE at > $2`,
    [memberId, since],
  )
  return rows.map(({ source }) => source)
}

/** The team's owner, who is told when the requirement is loosened (TEAM-04). */
export async function findOwner(
  sql: Sql,
  teamId: string,
): Promise<{ readonly id: string; readonly email: string } | null> {
  const [owner] = await sql.query<{ id: string; email: string }>(
    `SELECT a.id, a.email FROM memberships m JOIN accounts a ON a.id = m.account_id
     WHERE m.team_id = $1 AND m.role = 'owner'`,
    [teamId],
  )
  return owner ?? null
}

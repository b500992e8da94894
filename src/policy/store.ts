import type { Sql } from '../database/port.ts'
import type { Membership, Policy } from './policy.ts'

/** A moment as milliseconds: JSON has no dates. */
const ms = (column: string) => `(extract(epoch FROM ${column}) * 1000)::bigint`

const policy = `json_build_object('version', p.version, 'required', p.required, 'bites', p.bites,
  'since', ${ms('p.since')}, 'bites_at', ${ms('p.bites_at')}, 'joiner_days', p.joiner_days,
  'strengths', p.strengths, 'trust_days', p.trust_days, 'paused_until', ${ms('p.paused_until')})`

/**
 * The piece of a statement that reads an account's teams with what they require, for `readTeams`;
 * oldest first. `account` names the column with its id. So no sign-in and no session check makes a
 * round trip of its own for policies.
 */
export function teamsOf(account: string): string {
  return `(SELECT json_agg(json_build_object('team_id', m.team_id, 'name', t.name, 'role', m.role,
      'joined_at', ${ms('m.joined_at')}, 'first_joined_at', ${ms('m.first_joined_at')},
      'sessions_from', ${ms('m.sessions_from')}, 'exempt_until', ${ms('m.exempt_until')},
      'policy', CASE WHEN p.team_id IS NULL THEN NULL ELSE ${policy} END)
      ORDER BY m.joined_at, m.team_id)
    FROM memberships m JOIN teams t ON t.id = m.team_id LEFT JOIN policies p ON p.team_id = m.team_id
    WHERE m.account_id = ${account})`
}

const rank = (role: string) => `array_position(ARRAY['member', 'admin', 'owner'], ${role})`

/**
 * The condition that `actor` stands above `member` in the team, or with '>=' at least beside, and is
 * not the same person (TEAM-07): repeated in each statement of an act of one on the other. The three
 * are columns or parameters.
 */
export function standsAbove(team: string, actor: string, member: string, by: '>' | '>=' = '>') {
  return `EXISTS (SELECT FROM memberships upper, memberships lower
    WHERE upper.team_id = ${team} AND upper.account_id = ${actor}
      AND lower.team_id = ${team} AND lower.account_id = ${member}
      AND upper.account_id <> lower.account_id AND ${rank('upper.role')} ${by} ${rank('lower.role')})`
}

/**
 * The condition that how the account signs in concerns this team alone: it belongs to no other
 * (TEAM-07), and helps nobody else's people back in (REC-06).
 */
export function thisTeamsAlone(team: string, account: string): string {
  return `NOT EXISTS (SELECT FROM memberships other
      WHERE other.account_id = ${account} AND other.team_id <> ${team})
    AND NOT EXISTS (SELECT FROM accounts helper
      WHERE helper.id = ${account} AND helper.support_since IS NOT NULL)`
}

/** The condition that the account manages others: an owner, an admin, somebody of support (REC-03). */
export function managesOthers(account: string): string {
  return `(EXISTS (SELECT FROM memberships managing
      WHERE managing.account_id = ${account} AND managing.role IN ('owner', 'admin'))
    OR EXISTS (SELECT FROM accounts helper
      WHERE helper.id = ${account} AND helper.support_since IS NOT NULL))`
}

/**
 * The condition that recovery case `k` was approved by as many as its account needs by now: whoever
 * came to manage others since needs two as well (REC-03).
 */
export const approvedByEnough = `(k.second_approver IS NOT NULL
  OR NOT ${managesOthers('k.account_id')})`

type Raw<T> = {
  readonly [K in keyof T]: T[K] extends Date
    ? number
    : T[K] extends Date | null
      ? number | null
      : T[K]
}
type RawMembership = Raw<Omit<Membership, 'policy'>> & { readonly policy: Raw<Policy> | null }

/** What `teamsOf` gave, as JSON has it. */
export type RawTeams = readonly RawMembership[] | null

/** The memberships of what `teamsOf` gave. */
export function readTeams(raw: RawTeams): Membership[] {
  return (raw ?? []).map((one) => ({
    ...one,
    joined_at: new Date(one.joined_at),
    first_joined_at: new Date(one.first_joined_at),
    sessions_from: date(one.sessions_from),
    exempt_until: date(one.exempt_until),
    policy: one.policy && {
      ...one.policy,
      since: date(one.policy.since),
      bites_at: date(one.policy.bites_at),
      paused_until: date(one.policy.paused_until),
    },
  }))
}

/** The account's teams with what they require, for who has no session. One round trip. */
export async function listTeams(sql: Sql, accountId: string): Promise<Membership[]> {
  const [row] = await sql.query<{ teams: RawTeams }>(`SELECT ${teamsOf('$1')} AS teams`, [
    accountId,
  ])
  return readTeams(row?.teams ?? null)
}

function date(ms: number | null): Date | null {
  return ms === null ? null : new Date(ms)
}

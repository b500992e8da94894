import type { Sql } from '../database/port.ts'

/** Members of a team who are alike in all that an impact speaks of. */
export type Group = {
  readonly kinds: readonly string[]
  readonly exempt: boolean
  readonly unverified: boolean
  readonly last: 'never' | 'long-ago' | 'lately'
  readonly members: number
  /** How many of them have an open session, and how many sessions those are. */
  readonly signed_in: number
  readonly sessions: number
}

export type Crowd = { readonly groups: readonly Group[]; readonly pending: number }

const longAgoDays = 30

/*
 * All of a team's members, counted in a few groups: everything the impact of any policy is made of.
 * The memberships come by the team's index, their accounts and sessions by their keys.
 */
const crowd = `
  WITH people AS MATERIALIZED (
    SELECT m.kinds, coalesce(m.exempt_until > $2, false) AS exempt,
      a.email_verified_at IS NULL AS unverified,
      CASE WHEN a.last_sign_in_at IS NULL THEN 'never'
        WHEN a.last_sign_in_at <= $2::timestamptz - interval '${longAgoDays} days' THEN 'long-ago'
        ELSE 'lately' END AS last,
      (SELECT count(*)::int FROM sessions s WHERE s.account_id = a.id AND s.epoch = a.epoch
        AND s.expires_at > $2 AND s.seen_at > $3) AS open
    FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE m.team_id = $1),
  groups AS (
    SELECT kinds, exempt, unverified, last, count(*)::int AS members,
      (count(*) FILTER (WHERE open > 0))::int AS signed_in, sum(open)::int AS sessions
    FROM people GROUP BY kinds, exempt, unverified, last)
  SELECT (SELECT coalesce(json_agg(g), '[]') FROM groups g) AS groups,
    (SELECT count(*)::int FROM invitations i
      WHERE i.team_id = $1 AND i.expires_at > $2) AS pending`

/** Counts a team's members for `impactOf`; one round trip, whatever the team's size. */
export async function countCrowd(
  sql: Sql,
  teamId: string,
  now: Date,
  idleSince: Date,
): Promise<Crowd> {
  const [row] = await sql.query<Crowd>(crowd, [teamId, now, idleSince])
  return row ?? { groups: [], pending: 0 }
}

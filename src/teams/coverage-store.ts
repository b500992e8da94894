import type { Sql } from '../database/port.ts'
import { countingKinds, kindLists } from './due-store.ts'

/** How many of a team were ready on one day (UTC), "2026-12-12". */
export type Coverage = {
  readonly day: string
  readonly members: number
  readonly ready: number
}

const note = `
  INSERT INTO coverage (team_id, day, members, ready)
  SELECT t.id, $1::date, count(m.account_id),
    count(*) FILTER (WHERE m.kinds && coalesce(CASE WHEN p.required
      THEN ${countingKinds('$2', '$3')} END, $2::text[]))
  FROM (SELECT id FROM teams t WHERE NOT EXISTS (
      SELECT FROM coverage c WHERE c.team_id = t.id AND c.day = $1::date)
    ORDER BY id LIMIT $4) t
    LEFT JOIN policies p ON p.team_id = t.id LEFT JOIN memberships m ON m.team_id = t.id
  GROUP BY t.id, p.required, p.strengths
  ON CONFLICT (team_id, day) DO NOTHING RETURNING team_id`

/** Notes today's coverage of at most `most` teams that have none yet. Gives how many were looked at. */
export async function noteCoverage(sql: Sql, now: Date, most: number): Promise<number> {
  const day = now.toISOString().slice(0, 10)
  return (await sql.query(note, [day, ...kindLists(), most])).length
}

/** A team's coverage on each of its last days that were noted, oldest first. */
export async function coverageOf(sql: Sql, teamId: string, days: number): Promise<Coverage[]> {
  const rows = await sql.query<Coverage>(
    `SELECT to_char(day, 'YYYY-MM-DD') AS day, members, ready FROM coverage
     WHERE team_id = $1 ORDER BY day DESC LIMIT $2`,
    [teamId, days],
  )
  return rows.toReversed()
}

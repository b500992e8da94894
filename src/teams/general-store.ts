import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'

/** Members who have the same kinds of method. */
export type Alike = {
  readonly kinds: readonly string[]
  readonly exempt: boolean
  readonly members: number
}

export type TeamFacts = {
  readonly name: string
  readonly created_at: Date
  readonly owner: string | null
  /** Who changed the policy last; null when nobody did or their account is gone. */
  readonly changed_by: string | null
  readonly changed_at: Date | null
  readonly groups: readonly Alike[]
}

const facts = `
  SELECT t.name, t.created_at, p.changed_at,
    (SELECT a.name FROM memberships m JOIN accounts a ON a.id = m.account_id
      WHERE m.team_id = t.id AND m.role = 'owner') AS owner,
    (SELECT a.name FROM accounts a WHERE a.id = p.changed_by) AS changed_by,
    (SELECT coalesce(json_agg(g), '[]') FROM (
      SELECT m.kinds, coalesce(m.exempt_until > $2, false) AS exempt, count(*)::int AS members
      FROM memberships m WHERE m.team_id = t.id GROUP BY 1, 2) g) AS groups
  FROM teams t LEFT JOIN policies p ON p.team_id = t.id WHERE t.id = $1`

/** What a team's General page says of it. One round trip. */
export async function readTeam(sql: Sql, teamId: string, now: Date): Promise<TeamFacts | null> {
  const [row] = await sql.query<TeamFacts>(facts, [teamId, now])
  return row ?? null
}

const rename = `
  WITH renamed AS (UPDATE teams SET name = $2 WHERE id = $1 AND name <> $2 RETURNING id),
    logged AS (${insertEvents('$3', 'renamed')})
  SELECT id FROM renamed`

/** Names a team otherwise, with its event; nothing happens when that is its name. */
export async function renameTeam(
  sql: Sql,
  teamId: string,
  name: string,
  events: string,
): Promise<void> {
  await sql.query(rename, [teamId, name, events])
}

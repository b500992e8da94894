import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'

export type Team = {
  readonly id: string
  readonly name: string
  readonly members: number
  readonly required: boolean
}

/** Teams with exactly that name, or that id. */
export function findTeams(sql: Sql, nameOrId: string): Promise<Team[]> {
  return sql.query<Team>(
    `SELECT t.id, t.name, coalesce(p.required, false) AS required,
       (SELECT count(*)::int FROM memberships m WHERE m.team_id = t.id) AS members
     FROM teams t LEFT JOIN policies p ON p.team_id = t.id
     WHERE t.name = $1 OR t.id::text = lower($1) ORDER BY t.created_at, t.id LIMIT 10`,
    [nameOrId.trim()],
  )
}

/** The team's owner and admins. */
export function listOwners(
  sql: Sql,
  teamId: string,
): Promise<{ readonly id: string; readonly email: string }[]> {
  return sql.query(
    `SELECT a.id, a.email FROM memberships m JOIN accounts a ON a.id = m.account_id
     WHERE m.team_id = $1 AND m.role IN ('owner', 'admin') ORDER BY m.joined_at, a.id`,
    [teamId],
  )
}

const off = `
  WITH changed AS (UPDATE policies SET required = false, version = version + 1, changed_at = $2,
      changed_by = NULL
    WHERE team_id = $1 AND required RETURNING team_id),
  logged AS (${insertEvents('$3', 'changed')}),
  ${tell('$4', 'changed')}
  SELECT team_id FROM changed`

/** Turns the requirement off; a new version, so that no draft made before is applied over it. */
export async function turnOff(
  sql: Sql,
  teamId: string,
  now: Date,
  events: string,
  messages: string,
): Promise<boolean> {
  const rows = await sql.query(off, [teamId, now, events, messages])
  return rows.length > 0
}

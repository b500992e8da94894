import type { Sql } from '../database/port.ts'

/** Notes which team's settings the session's menu shows. */
export async function showTeam(sql: Sql, sessionId: string, teamId: string): Promise<void> {
  await sql.query('UPDATE sessions SET team_id = $2 WHERE id = $1', [sessionId, teamId])
}

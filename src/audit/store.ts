import { inCompany } from '../database/company.ts'
import type { Sql } from '../database/port.ts'
import type { Event } from './event.ts'

const columns = `at, kind, account_id, actor_id, team_id, others, method_kind, source, browser,
  session_hash, request_id, details`

const shape = `at timestamptz, kind text, account_id uuid, actor_id uuid, team_id uuid,
  method_kind text, source text, browser text, session_hash text, request_id text, details jsonb`

/*
 * An event of an account that names no team bears the one the account joined first, and the account's
 * further teams when it did it itself: each of their logs shows it. One that names a team is in that
 * team's log alone.
 */
const stamped = columns.replace('team_id', 'coalesce(e.team_id, teams.ids[1])').replace(
  'others',
  `CASE WHEN e.actor_id IS NULL OR e.actor_id = e.account_id
      THEN nullif(teams.ids[2:], '{}') END`,
)

const given = (parameter: string) => `jsonb_to_recordset(${parameter}::jsonb) AS e(${shape})
    CROSS JOIN LATERAL (SELECT array_agg(m.team_id ORDER BY m.joined_at, m.team_id) AS ids
      FROM memberships m WHERE m.account_id = e.account_id AND e.team_id IS NULL) AS teams`

/**
 * The piece of a statement that writes its events with the change they record: inserts the JSON
 * array in `parameter` ("$7") if the CTE `after` gave a row.
 */
export function insertEvents(parameter: string, after: string): string {
  return `INSERT INTO events (${columns})
    SELECT ${stamped} FROM ${given(parameter)}
    WHERE EXISTS (SELECT FROM ${after})`
}

const insertAlone = `INSERT INTO events (${columns})
  SELECT ${stamped} FROM ${given('$1')}`

/** Writes events that record no change of their own, such as a refusal. One round trip. */
export async function record(sql: Sql, ...events: Event[]): Promise<void> {
  await sql.query(inCompany(insertAlone), [JSON.stringify(events)])
}

export type Activity = Pick<
  Event,
  'at' | 'kind' | 'account_id' | 'actor_id' | 'method_kind' | 'source' | 'browser' | 'details'
>

/** The account's newest events, newest first. */
export function recentEvents(sql: Sql, accountId: string, count: number): Promise<Activity[]> {
  return sql.query<Activity>(
    `SELECT at, kind, account_id, actor_id, method_kind, source, browser, details FROM events
     WHERE account_id = $1 ORDER BY at DESC, id DESC LIMIT $2`,
    [accountId, count],
  )
}

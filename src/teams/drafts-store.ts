import type { Sql } from '../database/port.ts'
import type { Wanted } from './wanted.ts'

/** A change that waits for its confirmation. */
export type Draft = {
  readonly base_version: number
  readonly policy: Wanted
  readonly made_at: Date
}

/** Keeps what an admin wants to change, in the place of what they wanted before. */
export async function saveDraft(
  sql: Sql,
  teamId: string,
  accountId: string,
  { base_version, policy, made_at }: Draft,
): Promise<void> {
  await sql.query(
    `INSERT INTO policy_drafts (team_id, account_id, base_version, policy, made_at)
     VALUES ($1, $2, $3, $4::jsonb, $5) ON CONFLICT (team_id, account_id)
     DO UPDATE SET base_version = excluded.base_version, policy = excluded.policy,
       made_at = excluded.made_at`,
    [teamId, accountId, base_version, JSON.stringify(policy), made_at],
  )
}

/** The change that this admin wants to make, if they began one since then. */
export async function findDraft(
  sql: Sql,
  teamId: string,
  accountId: string,
  since: Date,
): Promise<Draft | null> {
  const [draft] = await sql.query<Draft>(
    `SELECT base_version, policy, made_at FROM policy_drafts
     WHERE team_id = $1 AND account_id = $2 AND made_at > $3`,
    [teamId, accountId, since],
  )
  return draft ?? null
}

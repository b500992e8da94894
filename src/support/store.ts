import type { Sql } from '../database/port.ts'
import type { Role } from '../policy/policy.ts'
import { managesOthers } from '../policy/store.ts'

/** A case in the queue. */
export type QueueRow = {
  readonly id: string
  readonly stage: 'proof' | 'check' | 'second' | 'waiting' | 'done'
  readonly name: string
  readonly email: string
  readonly strict: boolean
  readonly asked_at: Date
  readonly opens_at: Date | null
  readonly link_sent: boolean
  readonly outcome: string | null
}

const row = `SELECT k.id, k.stage, a.name, a.email, k.strict, k.asked_at, k.opens_at,
    k.link_id IS NOT NULL AS link_sent, k.outcome
  FROM cases k JOIN accounts a ON a.id = k.account_id`

const oldestFirst = `${row} WHERE k.stage = ANY($1::text[])
    AND ($2::uuid IS NULL OR (k.asked_at, k.id) > (SELECT asked_at, id FROM cases WHERE id = $2))
  ORDER BY k.asked_at, k.id LIMIT $3`

const newestFirst = `${row} WHERE k.stage = ANY($1::text[])
    AND ($2::uuid IS NULL OR (k.asked_at, k.id) < (SELECT asked_at, id FROM cases WHERE id = $2))
  ORDER BY k.asked_at DESC, k.id DESC LIMIT $3`

/** One page of the queue: what is open, oldest first; what is done, newest first. */
export function listCases(
  sql: Sql,
  stages: readonly QueueRow['stage'][],
  after: string | null,
  count: number,
): Promise<QueueRow[]> {
  const text = stages.includes('done') ? newestFirst : oldestFirst
  return sql.query<QueueRow>(text, [stages, after, count])
}

/** How many cases stand at each stage; of those that are done no number is needed. */
export async function countCases(sql: Sql): Promise<Readonly<Record<string, number>>> {
  const rows = await sql.query<{ stage: string; count: number }>(
    `SELECT stage, count(*)::int AS count FROM cases
     WHERE stage = ANY('{proof,check,second,waiting}') GROUP BY stage`,
  )
  return Object.fromEntries(rows.map(({ stage, count }) => [stage, count]))
}

/** A case as support works on it: nothing that lets anybody in, no whole address or number (REC-06). */
export type SupportCase = QueueRow & {
  readonly account_id: string
  readonly email_verified_at: Date | null
  readonly phone: string | null
  /** When that number was last changed, as far back as the log goes. */
  readonly phone_changed_at: Date | null
  readonly asked_by: string | null
  readonly asked_by_name: string | null
  readonly contact: string
  readonly password_lost: boolean
  readonly source: string
  readonly browser: string
  readonly expires_at: Date
  readonly proof: 'password' | 'mailbox' | null
  readonly proven_at: Date | null
  readonly evidence: string | null
  readonly evidence_note: string | null
  readonly evidence_by: string | null
  readonly evidence_name: string | null
  readonly evidence_at: Date | null
  readonly first_approver: string | null
  readonly first_name: string | null
  readonly first_approved_at: Date | null
  readonly second_name: string | null
  readonly approved_at: Date | null
  readonly closes_at: Date | null
  readonly opened_at: Date | null
  readonly closed_at: Date | null
  readonly closed_name: string | null
  readonly reason: string | null
  /** Two different people have to approve (REC-03). */
  readonly needs_two: boolean
  readonly teams: readonly { readonly name: string; readonly role: Role }[]
}

const find = `
  SELECT k.id, k.stage, a.name, a.email, k.strict, k.asked_at, k.opens_at,
    k.link_id IS NOT NULL AS link_sent, k.outcome, k.account_id, a.email_verified_at, a.phone,
    (SELECT max(e.at) FROM events e WHERE e.account_id = a.id
      AND e.kind = 'account.phone-changed') AS phone_changed_at,
    k.asked_by, asker.name AS asked_by_name, k.contact, k.password_lost, k.source, k.browser,
    k.expires_at, k.proof, k.proven_at, k.evidence, k.evidence_note, k.evidence_by,
    checker.name AS evidence_name, k.evidence_at, k.first_approver, first.name AS first_name,
    k.first_approved_at, second.name AS second_name, k.approved_at, k.closes_at, k.opened_at,
    k.closed_at, closer.name AS closed_name, k.reason,
    k.strict OR ${managesOthers('a.id')} AS needs_two,
    coalesce((SELECT json_agg(json_build_object('name', t.name, 'role', m.role)
      ORDER BY m.joined_at, t.id) FROM memberships m JOIN teams t ON t.id = m.team_id
      WHERE m.account_id = a.id), '[]') AS teams
  FROM cases k JOIN accounts a ON a.id = k.account_id
    LEFT JOIN accounts asker ON asker.id = k.asked_by
    LEFT JOIN accounts checker ON checker.id = k.evidence_by
    LEFT JOIN accounts first ON first.id = k.first_approver
      AND (k.approved_at IS NOT NULL
        OR (first.support_since IS NOT NULL AND first.disabled_at IS NULL))
    LEFT JOIN accounts second ON second.id = k.second_approver
    LEFT JOIN accounts closer ON closer.id = k.closed_by
  WHERE k.id = $1`

/** One case, open or done. One round trip. */
export async function findSupportCase(sql: Sql, id: string): Promise<SupportCase | null> {
  const [found] = await sql.query<SupportCase>(find, [id])
  return found ?? null
}

/** What the log has of a case, oldest first. */
export type HistoryRow = {
  readonly at: Date
  readonly kind: string
  readonly actor_name: string | null
  readonly source: string
}

/** The events of a case. */
export function listHistory(sql: Sql, accountId: string, caseId: string): Promise<HistoryRow[]> {
  return sql.query<HistoryRow>(
    `SELECT e.at, e.kind, actor.name AS actor_name, e.source FROM events e
     LEFT JOIN accounts actor ON actor.id = e.actor_id
     WHERE e.account_id = $1 AND e.details ->> 'case' = $2::text ORDER BY e.at, e.id LIMIT 100`,
    [accountId, caseId],
  )
}

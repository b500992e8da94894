import { isOpen } from '../accounts/link-store.ts'
import type { NewAccount } from '../accounts/store.ts'
import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import type { InvitedRole } from './store.ts'

/** An invitation as whom it was sent to sees it. */
export type Received = {
  readonly id: string
  readonly team_id: string
  readonly team: string
  readonly role: InvitedRole
  readonly invited_by: string | null
  readonly expires_at: Date
  /** The team requires two-step authentication. */
  readonly required: boolean
}

const columns = `i.id, i.team_id, t.name AS team, i.role, i.expires_at,
  (SELECT a.name FROM memberships m JOIN accounts a ON a.id = m.account_id
    WHERE m.team_id = i.team_id AND m.account_id = i.invited_by) AS invited_by,
  coalesce((SELECT p.required FROM policies p WHERE p.team_id = i.team_id), false) AS required`

/** What a link opens: the invitation it carries, to whom it went, and whether they have an account. */
export type OpenedLink = Received & {
  readonly link_id: string
  readonly email: string
  readonly account_id: string | null
}

const byLink = `
  SELECT ${columns}, l.id AS link_id, i.email,
    (SELECT a.id FROM accounts a WHERE a.email_key = i.email_key) AS account_id
  FROM links l JOIN invitations i ON i.link_id = l.id JOIN teams t ON t.id = i.team_id
  WHERE ${isOpen('invitation')}`

/** The invitation of a link while it can be accepted. Changes nothing (EML-04). One round trip. */
export async function findByLink(sql: Sql, linkId: string, now: Date): Promise<OpenedLink | null> {
  const [found] = await sql.query<OpenedLink>(byLink, [linkId, now])
  return found ?? null
}

/* An invitation counts for an account only by the address that account has confirmed (TEAM-10). */
const addressed = `a.id = $1 AND a.email_key = i.email_key AND a.email_verified_at IS NOT NULL
  AND a.disabled_at IS NULL`

const mine = `
  SELECT ${columns} FROM accounts a JOIN invitations i ON ${addressed} JOIN teams t ON t.id = i.team_id
  WHERE i.expires_at > $2 ORDER BY i.created_at, i.id LIMIT 100`

/** The invitations that were sent to the account's confirmed address and can be accepted. */
export function listReceived(sql: Sql, accountId: string, now: Date): Promise<Received[]> {
  return sql.query<Received>(mine, [accountId, now])
}

/** An answer to an invitation, with what is written with it. `role`: as it was read. */
export type Answer = {
  readonly accountId: string
  readonly now: Date
  readonly invitationId: string
  readonly role: InvitedRole
  readonly events: string
  readonly messages: string
}

const take = `gone AS (DELETE FROM invitations i USING accounts a
    WHERE i.id = $3 AND i.role = $4 AND i.expires_at > $2 AND ${addressed}
    RETURNING i.team_id, i.role, i.link_id),
  used AS (UPDATE links l SET used_at = $2 FROM gone WHERE l.id = gone.link_id)`

const accept = `
  WITH ${take},
  joined AS (INSERT INTO memberships (team_id, account_id, role, joined_at)
    SELECT team_id, $1, role, $2 FROM gone ON CONFLICT DO NOTHING RETURNING account_id),
  logged AS (${insertEvents('$5', 'joined')}),
  ${tell('$6', 'joined')}
  SELECT link_id FROM gone`

/**
 * Accepts an invitation: it is gone and the account is a member, in one statement. Decides the races
 * of two accepts, and of accepting and withdrawing or changing: one deletes the row, the others wait
 * for it and find it gone, or with another role. False then.
 */
export async function acceptInvitation(sql: Sql, answer: Answer): Promise<boolean> {
  const { accountId, now, invitationId, role, events, messages } = answer
  const values = [accountId, now, invitationId, role, events, messages]
  return (await sql.query(accept, values)).length > 0
}

const decline = `
  WITH ${take},
  logged AS (${insertEvents('$5', 'gone')})
  SELECT link_id FROM gone`

/** Declines an invitation, which is gone then. False when it was gone before. */
export async function declineInvitation(
  sql: Sql,
  { accountId, now, invitationId, role, events }: Omit<Answer, 'messages'>,
): Promise<boolean> {
  return (await sql.query(decline, [accountId, now, invitationId, role, events])).length > 0
}

const joinNew = `
  WITH gone AS (DELETE FROM invitations i USING links l
    WHERE ${isOpen('invitation')} AND i.link_id = l.id AND i.role = $3 AND i.email_key = $6
    RETURNING i.team_id, i.role, i.link_id),
  used AS (UPDATE links l SET used_at = $2 FROM gone WHERE l.id = gone.link_id),
  made AS (
    INSERT INTO accounts (id, email, email_key, email_verified_at, name, password_hash, created_at)
    SELECT $4, $5, $6, $2, $7, $8, $2 FROM gone ON CONFLICT (email_key) DO NOTHING RETURNING id),
  joined AS (INSERT INTO memberships (team_id, account_id, role, joined_at)
    SELECT gone.team_id, made.id, gone.role, $2 FROM gone, made RETURNING account_id),
  logged AS (${insertEvents('$9', 'joined')}),
  ${tell('$10', 'joined')}
  SELECT id FROM made`

/**
 * Makes the account of somebody invited, its address proven by the link, and its membership, in one
 * statement; the invitation is gone (TEAM-10). Decides the race of many posts of one link. False, with
 * nothing changed, when the invitation is gone or another, or the address has an account meanwhile.
 */
export async function joinWithNewAccount(
  sql: Sql,
  linkId: string,
  role: InvitedRole,
  account: NewAccount,
  written: { readonly now: Date; readonly events: string; readonly messages: string },
): Promise<boolean> {
  const { id, email, emailKey, name, passwordHash } = account
  const { now, events, messages } = written
  const refused = new Error('nobody was made: roll back')
  const values = [linkId, now, role, id, email, emailKey, name, passwordHash, events, messages]
  const work = sql.tx(async (held) => {
    if ((await held.query(joinNew, values)).length === 0) throw refused
    return true
  })
  return work.catch((error: unknown) => {
    if (error === refused) return false
    throw error
  })
}

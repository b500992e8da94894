import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { insertMessages } from '../delivery/outbox.ts'

export type InvitedRole = 'admin' | 'member'

/** An invitation as the team sees it. */
export type Invitation = {
  readonly id: string
  readonly email: string
  readonly role: InvitedRole
  readonly created_at: Date
  readonly sent_at: Date
  readonly expires_at: Date
  /** Name of who sent it; null when they are in the team no more. */
  readonly invited_by: string | null
}

const columns = `i.id, i.email, i.role, i.created_at, i.sent_at, i.expires_at,
  (SELECT a.name FROM memberships m JOIN accounts a ON a.id = m.account_id
    WHERE m.team_id = i.team_id AND m.account_id = i.invited_by) AS invited_by`

const newest = `SELECT ${columns} FROM invitations i WHERE i.team_id = $1
  ORDER BY i.created_at DESC, i.id DESC LIMIT $2`

const older = `SELECT ${columns} FROM invitations i
  WHERE i.team_id = $1 AND (i.created_at, i.id) < ($3::timestamptz, $4::uuid)
  ORDER BY i.created_at DESC, i.id DESC LIMIT $2`

/** Where a page of the list ends, and the next begins. */
export type Place = { readonly at: Date; readonly id: string }

/** A page of the team's invitations, newest first. One round trip, by an index, whatever the page. */
export function listInvitations(
  sql: Sql,
  teamId: string,
  count: number,
  after: Place | null,
): Promise<Invitation[]> {
  if (after === null) return sql.query<Invitation>(newest, [teamId, count])
  return sql.query<Invitation>(older, [teamId, count, after.at, after.id])
}

/** How many invitations the team has, expired ones too. */
export async function countInvitations(sql: Sql, teamId: string): Promise<number> {
  const [row] = await sql.query<{ count: number }>(
    'SELECT count(*)::int AS count FROM invitations WHERE team_id = $1',
    [teamId],
  )
  return row?.count ?? 0
}

const one = `SELECT ${columns} FROM invitations i WHERE i.team_id = $1 AND i.id = $2`

/** One invitation of the team; null for any other (ENR-09). */
export async function findInvitation(
  sql: Sql,
  teamId: string,
  id: string,
): Promise<Invitation | null> {
  const [found] = await sql.query<Invitation>(one, [teamId, id])
  return found ?? null
}

/** Who acts, and what is written with it. */
export type Act = {
  readonly teamId: string
  readonly actorId: string
  readonly now: Date
  readonly events: string
  readonly messages: string
}

/*
 * The row that lets $2 act on an invitation of team $1 to the role `role`: the owner on any, an admin
 * on those of members. Locked, so that who is just being removed has either done it before or never.
 */
const actor = (role: string) => `SELECT m.account_id FROM memberships m
  WHERE m.team_id = $1 AND m.account_id = $2
    AND (m.role = 'owner' OR (m.role = 'admin' AND ${role} = 'member')) FOR SHARE`

const insert = `
  WITH actor AS (${actor('$4')}),
  made AS (INSERT INTO invitations AS i
      (id, team_id, email, email_key, role, link_id, invited_by, created_at, sent_at, expires_at)
    SELECT w.id, $1, w.email, w.email_key, $4, w.link_id, actor.account_id, $3, $3, $5
    FROM actor, jsonb_to_recordset($6::jsonb)
      AS w(id uuid, email text, email_key text, link_id uuid)
    WHERE NOT EXISTS (SELECT FROM memberships m WHERE m.team_id = $1 AND m.email_key = w.email_key)
    ON CONFLICT (team_id, email_key) DO UPDATE SET email = excluded.email, role = excluded.role,
      link_id = excluded.link_id, invited_by = excluded.invited_by,
      created_at = excluded.created_at, sent_at = excluded.sent_at,
      expires_at = excluded.expires_at WHERE i.expires_at <= $3
    RETURNING i.link_id, i.email, i.expires_at),
  linked AS (INSERT INTO links (id, purpose, email, created_at, expires_at)
    SELECT link_id, 'invitation', email, $3, expires_at FROM made),
  logged AS (${insertEvents('$7', 'made')}),
  told AS (${insertMessages('$8', 'made')})
  SELECT count(*)::int AS count FROM made`

export type NewInvitation = {
  readonly id: string
  readonly email: string
  readonly email_key: string
  readonly link_id: string
}

/**
 * Writes invitations with their mails; gives how many. Fewer than asked for means that an address is
 * a member's or invited already, or that the actor may not: then all is to be rolled back. Of two
 * for one address at once, the unique address decides; one that has expired is made anew.
 */
export async function insertInvitations(
  sql: Sql,
  { teamId, actorId, now, events, messages }: Act,
  role: InvitedRole,
  expiresAt: Date,
  invitations: readonly NewInvitation[],
): Promise<number> {
  const all = JSON.stringify(invitations)
  const values = [teamId, actorId, now, role, expiresAt, all, events, messages]
  const [row] = await sql.query<{ count: number }>(insert, values)
  return row?.count ?? 0
}

/** Which of these addresses are members' of the team, and which are invited, by their keys. */
export async function findTaken(
  sql: Sql,
  teamId: string,
  keys: readonly string[],
  now: Date,
): Promise<{ readonly key: string; readonly member: boolean }[]> {
  return sql.query(
    `SELECT m.email_key AS key, true AS member FROM memberships m
     WHERE m.team_id = $1 AND m.email_key = ANY($2::text[])
     UNION ALL
     SELECT i.email_key, false FROM invitations i
     WHERE i.team_id = $1 AND i.email_key = ANY($2::text[]) AND i.expires_at > $3`,
    [teamId, keys, now],
  )
}

const setRole = `
  WITH actor AS (${actor("'admin'")}),
  changed AS (UPDATE invitations i SET role = $5 FROM actor
    WHERE i.team_id = $1 AND i.id = $4 AND i.role = $6 AND i.expires_at > $3 RETURNING i.id),
  logged AS (${insertEvents('$7', 'changed')})
  SELECT id FROM changed`

/** Changes the role in an invitation: for the owner. Who accepts at that moment waits, and gets it. */
export async function updateRole(
  sql: Sql,
  { teamId, actorId, now, events }: Act,
  id: string,
  change: { readonly from: InvitedRole; readonly to: InvitedRole },
): Promise<boolean> {
  const values = [teamId, actorId, now, id, change.to, change.from, events]
  return (await sql.query(setRole, values)).length > 0
}

const sendAgain = `
  WITH found AS (SELECT i.id, i.link_id, i.role FROM invitations i
    WHERE i.team_id = $1 AND i.id = $4 FOR UPDATE),
  actor AS (SELECT m.account_id FROM memberships m, found WHERE m.team_id = $1
    AND m.account_id = $2 AND (m.role = 'owner' OR (m.role = 'admin' AND found.role = 'member'))),
  changed AS (UPDATE invitations i SET link_id = $5, sent_at = $3, expires_at = $6 FROM found, actor
    WHERE i.id = found.id RETURNING i.email, found.link_id AS old),
  voided AS (UPDATE links l SET used_at = $3 FROM changed WHERE l.id = changed.old),
  linked AS (INSERT INTO links (id, purpose, email, created_at, expires_at)
    SELECT $5, 'invitation', email, $3, $6 FROM changed),
  logged AS (${insertEvents('$7', 'changed')}),
  told AS (${insertMessages('$8', 'changed')})
  SELECT old FROM changed`

/** Gives an invitation another link and a new life; the link before is void. False when it is gone. */
export async function renewInvitation(
  sql: Sql,
  { teamId, actorId, now, events, messages }: Act,
  id: string,
  link: { readonly id: string; readonly expiresAt: Date },
): Promise<boolean> {
  const values = [teamId, actorId, now, id, link.id, link.expiresAt, events, messages]
  return (await sql.query(sendAgain, values)).length > 0
}

const revoke = `
  WITH gone AS (DELETE FROM invitations i USING memberships m
    WHERE i.team_id = $1 AND i.id = $4 AND m.team_id = $1 AND m.account_id = $2
      AND (m.role = 'owner' OR (m.role = 'admin' AND i.role = 'member')) RETURNING i.link_id),
  voided AS (UPDATE links l SET used_at = $3 FROM gone WHERE l.id = gone.link_id),
  logged AS (${insertEvents('$5', 'gone')})
  SELECT link_id FROM gone`

/** Withdraws an invitation. Decides its race with accepting: one of both deletes the row. */
export async function deleteInvitation(
  sql: Sql,
  { teamId, actorId, now, events }: Act,
  id: string,
): Promise<boolean> {
  return (await sql.query(revoke, [teamId, actorId, now, id, events])).length > 0
}

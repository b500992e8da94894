import { insertEvents } from '../audit/store.ts'
import type { Sql } from '../database/port.ts'
import { tell } from '../delivery/outbox.ts'
import type { Role } from '../policy/policy.ts'

/** Somebody in a team, as a change of their place there needs to know them. */
export type Somebody = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly kinds: readonly string[]
  /** API keys of this team that they made, and invitations they sent that wait for an answer. */
  readonly api_keys: number
  readonly invitations: number
}

const find = (which: string) => `
  SELECT a.id, a.name, a.email, m.role, m.kinds,
    (SELECT count(*)::int FROM api_keys k WHERE k.team_id = $1 AND k.made_by = a.id) AS api_keys,
    (SELECT count(*)::int FROM invitations i
      WHERE i.team_id = $1 AND i.invited_by = a.id AND i.expires_at > $3) AS invitations
  FROM memberships m JOIN accounts a ON a.id = m.account_id WHERE m.team_id = $1 AND ${which}`

const findById = find('m.account_id = $2')
const findByAddress = find('m.email_key = $2')

/** One member of the team; null for anybody else (ENR-09). */
export async function findSomebody(
  sql: Sql,
  teamId: string,
  by: { readonly id: string } | { readonly emailKey: string },
  now: Date,
): Promise<Somebody | null> {
  const [text, key] = 'id' in by ? [findById, by.id] : [findByAddress, by.emailKey]
  const [found] = await sql.query<Somebody>(text, [teamId, key, now])
  return found ?? null
}

/** The team's admins, by name; the first hundred. */
export function listAdmins(sql: Sql, teamId: string): Promise<Pick<Somebody, 'id' | 'name'>[]> {
  return sql.query(
    `SELECT a.id, a.name FROM memberships m JOIN accounts a ON a.id = m.account_id
     WHERE m.team_id = $1 AND m.role = 'admin' ORDER BY m.name_key, m.account_id LIMIT 100`,
    [teamId],
  )
}

/** What writes the change into the log and tells of it. */
type Told = { readonly events: string; readonly messages: string }

/**
 * Runs a change of the team's people when its turn comes: all of them wait for the team's row, and
 * each then sees what those before it did. `memberId` is locked too, so that what that person is
 * just making in the team (an invitation, an API key) is there or will never be.
 */
function inTurn<T>(
  sql: Sql,
  teamId: string,
  memberId: string,
  change: (sql: Sql) => Promise<T>,
): Promise<T> {
  return sql.tx(async (held) => {
    await held.query('SELECT id FROM teams WHERE id = $1 FOR NO KEY UPDATE', [teamId])
    await held.query(
      'SELECT role FROM memberships WHERE team_id = $1 AND account_id = $2 FOR UPDATE',
      [teamId, memberId],
    )
    return change(held)
  })
}

/*
 * What somebody who may no longer manage the team started there ends with it: their API keys, the
 * change of the policy they were at, and invitations nobody has accepted. `left` gives account_id.
 */
const endWork = (left: string, now: string) => `
  keys AS (DELETE FROM api_keys k USING ${left} l WHERE k.team_id = $1 AND k.made_by = l.account_id),
  drafts AS (DELETE FROM policy_drafts d USING ${left} l
    WHERE d.team_id = $1 AND d.account_id = l.account_id),
  withdrawn AS (DELETE FROM invitations i USING ${left} l
    WHERE i.team_id = $1 AND i.invited_by = l.account_id RETURNING i.link_id),
  voided AS (UPDATE links k SET used_at = ${now} FROM withdrawn w WHERE k.id = w.link_id)`

export type RoleChange = Told & {
  readonly teamId: string
  readonly ownerId: string
  readonly memberId: string
  readonly from: Role
  readonly to: Role
  readonly now: Date
}

const setRole = `
  WITH changed AS (UPDATE memberships m SET role = $3
    WHERE m.team_id = $1 AND m.account_id = $2 AND m.role = $4 AND m.role <> 'owner'
      AND EXISTS (SELECT FROM memberships o
        WHERE o.team_id = $1 AND o.account_id = $5 AND o.role = 'owner')
    RETURNING m.account_id),
  demoted AS (SELECT account_id FROM changed WHERE $3 = 'member'),
  ${endWork('demoted', '$6')},
  logged AS (${insertEvents('$7', 'changed')}),
  ${tell('$8', 'changed')}
  SELECT account_id FROM changed`

/** Gives a member another role. False when they have not the role they had, or the owner is another. */
export function changeRole(sql: Sql, change: RoleChange): Promise<boolean> {
  const { teamId, ownerId, memberId, from, to, now, events, messages } = change
  return inTurn(sql, teamId, memberId, async (held) => {
    const values = [teamId, memberId, to, from, ownerId, now, events, messages]
    return (await held.query(setRole, values)).length > 0
  })
}

export type Removal = Told & {
  readonly teamId: string
  readonly actorId: string
  readonly memberId: string
  readonly now: Date
}

/*
 * Membership gone, first day remembered (TEAM-03), in one statement. $1 team, $2 member, $3 who does
 * it, $4 now. Others may be removed by who stands above them; oneself unless one is the owner.
 */
const remove = `
  WITH gone AS (DELETE FROM memberships m
    WHERE m.team_id = $1 AND m.account_id = $2 AND m.role <> 'owner'
      AND ($2::uuid = $3::uuid OR EXISTS (SELECT FROM memberships a
        WHERE a.team_id = $1 AND a.account_id = $3
          AND (a.role = 'owner' OR (a.role = 'admin' AND m.role = 'member'))))
    RETURNING m.account_id, coalesce(m.first_joined_at, m.joined_at) AS since),
  remembered AS (INSERT INTO former_members AS f (team_id, account_id, first_joined_at)
    SELECT $1, account_id, since FROM gone ON CONFLICT (team_id, account_id)
    DO UPDATE SET first_joined_at = least(f.first_joined_at, excluded.first_joined_at)),
  passed AS (DELETE FROM passes p USING gone WHERE p.team_id = $1 AND p.account_id = gone.account_id),
  ${endWork('gone', '$4')},
  logged AS (${insertEvents('$5', 'gone')}),
  ${tell('$6', 'gone')}
  SELECT account_id FROM gone`

/**
 * Takes somebody out of the team, at once: the next request finds no membership (TEAM-09). False when
 * they are not there any more, own it, or who does it may not.
 */
export function removeMembership(sql: Sql, removal: Removal): Promise<boolean> {
  const { teamId, actorId, memberId, now, events, messages } = removal
  return inTurn(sql, teamId, memberId, async (held) => {
    const values = [teamId, memberId, actorId, now, events, messages]
    return (await held.query(remove, values)).length > 0
  })
}

export type HandingOver = Told & {
  readonly teamId: string
  readonly ownerId: string
  readonly memberId: string
  /** How strong each kind of method is. */
  readonly strengths: Readonly<Record<string, string>>
}

const stepDown = `UPDATE memberships SET role = 'admin'
  WHERE team_id = $1 AND account_id = $2 AND role = 'owner' RETURNING account_id`

const stepUp = `
  WITH raised AS (UPDATE memberships m SET role = 'owner' FROM accounts a
    WHERE m.team_id = $1 AND m.account_id = $2 AND a.id = m.account_id AND a.disabled_at IS NULL
      AND NOT EXISTS (SELECT FROM policies p WHERE p.team_id = $1 AND p.required
        AND NOT p.strengths && ARRAY(SELECT $3::jsonb ->> kind FROM unnest(m.kinds) AS k(kind)))
    RETURNING m.account_id),
  logged AS (${insertEvents('$4', 'raised')}),
  ${tell('$5', 'raised')}
  SELECT account_id FROM raised`

/**
 * Makes the member the owner and the owner an admin, both or neither; the index memberships_one_owner
 * holds in between. False when the owner is another by now, or the member is gone, disabled, or has
 * no method that the team's requirement counts (TEAM-04).
 */
export async function handTeamOver(sql: Sql, change: HandingOver): Promise<boolean> {
  const { teamId, ownerId, memberId, strengths, events, messages } = change
  const refused = new Error('not to be handed over: roll back')
  const work = inTurn(sql, teamId, memberId, async (held) => {
    await held.query('SELECT FROM policies WHERE team_id = $1 FOR SHARE', [teamId])
    if ((await held.query(stepDown, [teamId, ownerId])).length === 0) throw refused
    const values = [teamId, memberId, JSON.stringify(strengths), events, messages]
    if ((await held.query(stepUp, values)).length === 0) throw refused
    return true
  })
  return work.catch((error: unknown) => {
    if (error === refused) return false
    throw error
  })
}

export type NewTeam = {
  readonly id: string
  readonly name: string
  readonly ownerId: string
  readonly now: Date
  readonly ownedMax: number
  readonly events: string
}

const makeTeam = `
  WITH team AS (INSERT INTO teams (id, name, created_at) SELECT $1, $2, $4
    WHERE (SELECT count(*) FROM memberships WHERE account_id = $3 AND role = 'owner') < $5
    RETURNING id),
  joined AS (INSERT INTO memberships (team_id, account_id, role, joined_at)
    SELECT id, $3, 'owner', $4 FROM team),
  logged AS (${insertEvents('$6', 'team')})
  SELECT id FROM team`

/** Makes a team and its owner. False when the account owns as many as it may; two wait for each other. */
export function insertTeam(sql: Sql, team: NewTeam): Promise<boolean> {
  const { id, name, ownerId, now, ownedMax, events } = team
  return sql.tx(async (held) => {
    await held.query('SELECT id FROM accounts WHERE id = $1 FOR NO KEY UPDATE', [ownerId])
    const values = [id, name, ownerId, now, ownedMax, events]
    return (await held.query(makeTeam, values)).length > 0
  })
}

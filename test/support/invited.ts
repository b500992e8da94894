/** Inviting people to a team, over HTTP: for stories and attacks. */
import assert from 'node:assert/strict'
import type { Policy, Role } from '../../src/policy/policy.ts'
import type { Copies } from './copies.ts'
import { enter } from './member.ts'
import { addSomebody } from './people.ts'
import type { Person } from './people.ts'
import { join, makeTeam } from './teams.ts'
import type { Reply, Visitor } from './visitor.ts'

/** A team with its owner, who has an app and a session in which they just proved it all. */
export type Owned = { readonly team: string; readonly owner: Person; readonly visitor: Visitor }

/** Makes one. */
export async function ownedTeam(copies: Copies, name = 'Acme'): Promise<Owned> {
  const team = await makeTeam(copies.world, name)
  const { person: owner, visitor } = await memberOf(copies, team, 'owner')
  return { team, owner, visitor }
}

/** Somebody of that role in the team, with an app, signed in a moment ago. */
export async function memberOf(
  copies: Copies,
  team: string,
  role: Role = 'member',
): Promise<{ readonly person: Person; readonly visitor: Visitor }> {
  const person = await addSomebody(copies.world, ['totp'])
  await join(copies.world, team, person.id, role)
  return { person, visitor: await enter(copies, person) }
}

/** Invites addresses, and says how it was answered. */
export function invite(
  visitor: Visitor,
  team: string,
  addresses: string | readonly string[],
  role = 'member',
): Promise<Reply> {
  return visitor.api('POST', `/teams/${team}/invitations`, { addresses, role })
}

let count = 0

/** An address that nobody has. */
export const someAddress = (name = 'new'): string => `${name}-${++count}@example.org`

/** Invites one address and gives the invitation's id and the token in its mail. */
export async function invited(
  copies: Copies,
  { team, visitor }: Owned,
  email: string,
  role = 'member',
): Promise<{ readonly id: string; readonly token: string }> {
  const reply = await invite(visitor, team, [email], role)
  assert.equal(reply.status, 200, reply.text)
  const [row] = await copies.sql.query<{ id: string }>(
    'SELECT id FROM invitations WHERE team_id = $1 AND email = $2',
    [team, email],
  )
  return { id: row?.id ?? '', token: await tokenTo(copies, email) }
}

/** The token in the newest invitation to that address. */
export async function tokenTo(copies: Copies, email: string): Promise<string> {
  await copies.delivered()
  const letter = copies.newest(email)
  const text = letter.channel === 'mail' ? letter.text : ''
  return /\/invitation\/([\w-]{43})/.exec(text)?.[1] ?? `no invitation in: ${text}`
}

export const newcomer = { name: 'Nina New', password: 'seven quiet rivers of glass' }

/** Joins with a new account by the token. */
export function joinBy(visitor: Visitor, token: string, more: object = {}): Promise<Reply> {
  return visitor.api('POST', '/invited-accounts', { token, ...newcomer, ...more })
}

/** The role of an account in a team; null when it is not in it. */
export async function roleIn(copies: Copies, team: string, email: string): Promise<string | null> {
  const [row] = await copies.sql.query<{ role: string }>(
    `SELECT m.role FROM memberships m JOIN accounts a ON a.id = m.account_id
     WHERE m.team_id = $1 AND a.email = $2`,
    [team, email],
  )
  return row?.role ?? null
}

/** Only an authenticator app counts there. */
export const appOnly: Partial<Policy> = { strengths: ['phishing-resistant', 'good'] }

/** A team with its admin signed in, and members of it: for stories and attacks on the Members page. */
import assert from 'node:assert/strict'
import type { Role } from '../../src/policy/policy.ts'
import type { Copies } from './copies.ts'
import { enter } from './member.ts'
import { addSomebody } from './people.ts'
import type { Person } from './people.ts'
import { join, makeTeam } from './teams.ts'
import type { Reply, Visitor } from './visitor.ts'

type Kinds = Parameters<typeof addSomebody>[1]

/** Somebody of this team alone. */
export async function addMember(
  copies: Copies,
  team: string,
  kinds: Kinds = [],
  role: Role = 'member',
): Promise<Person> {
  const person = await addSomebody(copies.world, kinds)
  await leaveAll(copies, person)
  await join(copies.world, team, person.id, role)
  return person
}

/** Takes away the team that everybody brings along. */
export async function leaveAll({ sql }: Copies, { id }: Pick<Person, 'id'>): Promise<void> {
  await sql.query('DELETE FROM memberships WHERE account_id = $1', [id])
}

export type Crew = {
  readonly team: string
  readonly admin: Person
  /** The admin's browser, in which they just proved it all. */
  readonly browser: Visitor
}

/** A team with an admin, or somebody of that role, signed in. */
export async function makeCrew(copies: Copies, role: Role = 'admin', name?: string): Promise<Crew> {
  const team = await makeTeam(copies.world, name)
  const admin = await addMember(copies, team, ['totp'], role)
  return { team, admin, browser: await enter(copies, admin) }
}

export type Listed = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly status: { readonly state: string; readonly words: string }
}

/** The members that the API lists, with that query. */
export async function listed({ browser, team }: Crew, query = ''): Promise<Listed[]> {
  const reply = await browser.api('GET', `/teams/${team}/members${query}`)
  assert.equal(reply.status, 200, reply.text)
  return reply.json['members'] as Listed[]
}

/** An act on a member through the API. */
export function act(
  { browser, team }: Pick<Crew, 'browser' | 'team'>,
  verb: string,
  member: Pick<Person, 'id'>,
  what: string,
  body?: object,
): Promise<Reply> {
  return browser.api(verb, `/teams/${team}/members/${member.id}/${what}`, body)
}

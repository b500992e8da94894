/** A team with an owner who has an app, and members of every sort, for stories about its policy. */
import assert from 'node:assert/strict'
import type { Letter } from '../../src/delivery/port.ts'
import type { Copies } from '../support/copies.ts'
import { enter } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { join, makeTeam } from '../support/teams.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

export type Kinds = Parameters<typeof addSomebody>[1]

export type Acme = {
  readonly team: string
  readonly owner: Person
  readonly visitor: Visitor
}

/** What an admin says when nothing is special: required at each member's next login. */
export const usual = {
  required: true,
  bites: 'next-login',
  date: null,
  joiner_days: 0,
  strengths: ['phishing-resistant', 'good', 'restricted', 'weakest'],
  trust_days: 14,
  paused_until: null,
  words: null,
} as const

/** Makes a team whose owner has an app and has just proven everything. */
export async function makeAcme(copies: Copies, kinds: Kinds = ['totp']): Promise<Acme> {
  const owner = await addSomebody(copies.world, kinds)
  const team = await makeTeam(copies.world)
  await join(copies.world, team, owner.id, 'owner')
  return { team, owner, visitor: await enter(copies, owner) }
}

/** Somebody new in the team. */
export async function addMember(
  copies: Copies,
  team: string,
  kinds: Kinds = [],
  role: 'admin' | 'member' = 'member',
): Promise<Person> {
  const person = await addSomebody(copies.world, kinds)
  await join(copies.world, team, person.id, role)
  return person
}

/** Changes the policy through the API. */
export function put(
  { team, visitor }: Pick<Acme, 'team' | 'visitor'>,
  version: number,
  wanted: object = {},
): Promise<Reply> {
  return visitor.api('PUT', `/teams/${team}/policy`, { ...usual, version, ...wanted })
}

/** The same, which must succeed. */
export async function change(
  acme: Pick<Acme, 'team' | 'visitor'>,
  version: number,
  wanted: object = {},
): Promise<Reply> {
  const reply = await put(acme, version, wanted)
  assert.equal(reply.status, 200, reply.text)
  return reply
}

export type Mail = Extract<Letter, { channel: 'mail' }>

/** The mails to somebody so far, newest first, without codes and other teams' matters. */
export async function mails(copies: Copies, { email }: Pick<Person, 'email'>): Promise<Mail[]> {
  await copies.delivered()
  return copies.inbox
    .list()
    .map(({ letter }) => letter)
    .filter((letter): letter is Mail => letter.channel === 'mail' && letter.to === email)
}

/** The stored policy of a team. */
export async function policyOf(copies: Copies, team: string): Promise<unknown> {
  return (await copies.sql.query('SELECT * FROM policies WHERE team_id = $1', [team]))[0] ?? null
}

/** How many messages of a template were written for a team. */
export async function written(copies: Copies, team: string, template: string): Promise<number> {
  const rows = await copies.sql.query(
    `SELECT 1 FROM messages WHERE template = $2 AND parameters ->> 'team' = $1`,
    [team, template],
  )
  return rows.length
}

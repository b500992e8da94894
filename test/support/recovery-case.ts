/** A support recovery as people do it over HTTP: who lost everything, and who helps. */
import assert from 'node:assert/strict'
import { tendCases } from '../../src/cases/tend.ts'
import type { Letter } from '../../src/delivery/port.ts'
import { codeIn } from './copies.ts'
import type { Copies } from './copies.ts'
import { confirm, enter, startApp } from './member.ts'
import { addSomebody } from './people.ts'
import type { Person } from './people.ts'
import { appCode, givePassword } from './steps.ts'
import { join, makeTeam } from './teams.ts'
import type { Reply, Visitor } from './visitor.ts'

export const contact = 'Call the number in our contract'
export const note = 'Called the number from the contract of 2024; knows the project'

let sources = 0

/** Another place on each call, so that no limit of one source is met by the way. */
export const elsewhere = () => `10.4.${Math.floor(++sources / 250)}.${sources % 250}`

/** Somebody with an app who is a member of a team, and manages nobody. */
export async function plainMember(copies: Copies): Promise<Person> {
  const person = await addSomebody(copies.world, ['totp'])
  const team = await makeTeam(copies.world, 'Plain team')
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1', [person.id])
  await join(copies.world, team, person.id)
  return person
}

export type Supporter = { readonly person: Person; readonly visitor: Visitor }

/** Somebody with the support role, signed in with their app. */
export async function supporter(copies: Copies): Promise<Supporter> {
  const person = await addSomebody(copies.world, ['totp'])
  await copies.sql.query('UPDATE accounts SET support_since = $2 WHERE id = $1', [
    person.id,
    copies.clock.now(),
  ])
  return { person, visitor: await enter(copies, person) }
}

/** Signs in anew, so that support may act; their sessions end while waits run. */
export async function freshen(copies: Copies, { person, visitor }: Supporter): Promise<void> {
  visitor.jar.delete('session')
  await enter(copies, person, {}, visitor)
}

/** Asks at the second step, after the right password; gives the browser that sees the case. */
export async function askAtSignIn(copies: Copies, person: Person): Promise<Visitor> {
  const visitor = copies.visitor()
  assert.equal((await givePassword(visitor, person)).status, 200)
  const headers = { 'x-forwarded-for': elsewhere() }
  const asked = await visitor.api('POST', '/sign-in/case', { contact }, { headers })
  assert.equal(asked.status, 200, asked.text)
  return visitor
}

/** Asks by the address alone. */
export function askByAddress(
  visitor: Visitor,
  email: string,
  more: object = {},
  from = elsewhere(),
): Promise<Reply> {
  const headers = { 'x-forwarded-for': from }
  return visitor.api('POST', '/recovery-cases', { email, contact, ...more }, { headers })
}

/** The tokens of the links of that kind mailed to an address, newest first. */
export function linksOf(
  copies: Copies,
  email: string,
  purpose: 'recovery-case' | 'recover-account',
): string[] {
  const pattern = new RegExp(`/${purpose}/([\\w-]{43})`)
  return copies.inbox.list().flatMap(({ letter }) => {
    const token = letter.to === email && pattern.exec(wordsOf(letter))?.[1]
    return token ? [token] : []
  })
}

/** A browser that has followed the newest link of that kind. */
export async function follow(
  copies: Copies,
  person: Pick<Person, 'email'>,
  purpose: 'recovery-case' | 'recover-account',
): Promise<Visitor> {
  await copies.delivered()
  const [token] = linksOf(copies, person.email, purpose)
  const visitor = copies.visitor()
  const moved = await visitor.get(`/${purpose}/${token}`)
  assert.equal(moved.status, 303, moved.text)
  return visitor
}

/** Proves by the code mailed to the address, on the case's page. */
export async function proveByMail(copies: Copies, person: Person): Promise<Visitor> {
  const visitor = await follow(copies, person, 'recovery-case')
  const mailed = await visitor.api('POST', '/recovery-case/mail', {})
  assert.equal(mailed.status, 200, mailed.text)
  await copies.delivered()
  const proven = await visitor.api('POST', '/recovery-case/code', {
    code: codeIn(copies.newest(person.email)),
  })
  assert.equal(proven.status, 200, proven.text)
  return visitor
}

/** The newest case of an account. */
export async function caseOf(
  copies: Copies,
  { id }: Pick<Person, 'id'>,
): Promise<Record<string, unknown> & { readonly id: string }> {
  const [found] = await copies.sql.query<Record<string, unknown> & { readonly id: string }>(
    'SELECT * FROM cases WHERE account_id = $1 ORDER BY asked_at DESC, id DESC LIMIT 1',
    [id],
  )
  if (!found) throw new Error('there is no case')
  return found
}

/** Notes the evidence. */
export function record({ visitor }: Supporter, id: string): Promise<Reply> {
  const kind = 'called-known-number'
  return visitor.api('PUT', `/support/cases/${id}/evidence`, { kind, note })
}

/** Approves. */
export function approve({ visitor }: Supporter, id: string): Promise<Reply> {
  return visitor.api('POST', `/support/cases/${id}/approval`, {})
}

/** From the asking, at the second step, to the running wait. */
export async function approvedCase(
  copies: Copies,
  person: Person,
  supporters: readonly Supporter[],
): Promise<{ readonly id: string; readonly opensAt: Date }> {
  await askAtSignIn(copies, person)
  const { id } = await caseOf(copies, person)
  let last: Reply | null = null
  for (const [place, one] of supporters.entries()) {
    await freshen(copies, one)
    if (place === 0) assert.equal((await record(one, id)).status, 200)
    last = await approve(one, id)
    assert.equal(last.status, 200, last.text)
  }
  assert.equal(last?.json['whole'], true)
  return { id, opensAt: new Date(String(last?.json['opens_at'])) }
}

/** Lets the wait pass, and the link be mailed. */
export async function outwait(copies: Copies, opensAt: Date): Promise<void> {
  copies.clock.advance((opensAt.getTime() - copies.clock.now().getTime()) / 1000)
  assert.ok((await tendCases(copies.world)).sent > 0)
  await copies.delivered()
}

/** Gives the password with the link that came after the wait. */
export function givePasswordAgain(visitor: Visitor, password: string): Promise<Reply> {
  const headers = { 'x-forwarded-for': elsewhere() }
  return visitor.api('PUT', '/account-recovery/password', { password }, { headers })
}

/** Whether the link after the wait was made. */
export async function linkMade(copies: Copies, person: Pick<Person, 'id'>): Promise<boolean> {
  await tendCases(copies.world)
  return (await caseOf(copies, person))['link_id'] !== null
}

/** Sets a new app up in the session of a recovery; gives its reply and key. */
export async function setUpApp(
  copies: Copies,
  visitor: Visitor,
): Promise<{ readonly reply: Reply; readonly key: string }> {
  const app = await startApp(visitor, 'New phone')
  const reply = await confirm(visitor, app.id, appCode(app, copies.clock.now()))
  return { reply, key: app.key }
}

function wordsOf(letter: Letter): string {
  return letter.channel === 'text' ? letter.body : letter.text
}

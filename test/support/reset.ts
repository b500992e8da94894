/** A password reset as a person does it over HTTP. */
import assert from 'node:assert/strict'
import type { Letter } from '../../src/delivery/port.ts'
import type { Copies } from './copies.ts'
import type { Person } from './people.ts'
import type { Reply, Visitor } from './visitor.ts'

export const newPassword = 'seven purple kettles sing'

const home = '10.2.0.1'

let sources = 0

/** Another place on each call, so that no limit of one source is met by the way. */
const elsewhere = () => `10.3.${++sources}.1`

/** Asks for a link and gives its token, as the mail has it. */
export async function askLink(
  copies: Copies,
  person: Pick<Person, 'email'>,
  from = elsewhere(),
): Promise<string> {
  await ask(copies.visitor(), person.email, from)
  await copies.delivered()
  const token = linksTo(copies, person.email)[0]
  if (!token) throw new Error(`no link was sent to ${person.email}`)
  return token
}

/** Asks for a link to any address. */
export function ask(visitor: Visitor, email: string, from = elsewhere()): Promise<Reply> {
  const headers = { 'x-forwarded-for': from }
  return visitor.post('/forgot-password', { email }, { headers })
}

/** The tokens of the links mailed to that address, newest first. */
export function linksTo(copies: Copies, email: string): string[] {
  return copies.inbox.list().flatMap(({ letter }) => {
    const token = letter.to === email && /\/reset-password\/([\w-]+)/.exec(wordsOf(letter))?.[1]
    return token ? [token] : []
  })
}

/** A browser that has followed the link. */
export async function follow(copies: Copies, token: string, copy = 0): Promise<Visitor> {
  const visitor = copies.visitor(copy)
  const first = await visitor.get(`/reset-password/${token}`)
  assert.equal(first.status, 303, first.text)
  assert.equal(first.headers.get('location'), '/reset-password')
  return visitor
}

/** Sets the new password with the link that is open in this browser. */
export function setPassword(visitor: Visitor, password = newPassword, from = home): Promise<Reply> {
  const headers = { 'x-forwarded-for': from }
  return visitor.api('PUT', '/password-reset/password', { password }, { headers })
}

function wordsOf(letter: Letter): string {
  return letter.channel === 'text' ? letter.body : letter.text
}

import assert from 'node:assert/strict'
import { fromBase32 } from '../../src/crypto/base32.ts'
import { stepAt, totpCode } from '../../src/crypto/totp.ts'
import type { Person } from './people.ts'
import type { Reply, Visitor } from './visitor.ts'

/** The password step. `from` is the address the request seems to come from. */
export function givePassword(
  visitor: Visitor,
  person: Pick<Person, 'email' | 'password'>,
  from = '10.1.0.1',
): Promise<Reply> {
  const { email, password } = person
  const headers = { 'x-forwarded-for': from }
  return visitor.api('POST', '/sign-in', { email, password }, { headers })
}

/** The second step by a code. */
export function giveCode(
  visitor: Visitor,
  code: unknown,
  more: object = {},
  from = '10.1.0.1',
): Promise<Reply> {
  const headers = { 'x-forwarded-for': from }
  return visitor.api('POST', '/sign-in/code', { code, ...more }, { headers })
}

/** What the person's app shows at that time, some steps of 30 seconds away. */
export function appCode(person: Pick<Person, 'key'>, at: Date, away = 0): string {
  const secret = fromBase32(person.key)
  assert.ok(secret)
  return totpCode(secret, stepAt(at) + away)
}

/** A code that the app does not show in any step near that time. */
export function wrongCode(person: Pick<Person, 'key'>, at: Date): string {
  const near = [-2, -1, 0, 1, 2].map((away) => appCode(person, at, away))
  for (let i = 0; ; i++) {
    const code = String(i).padStart(6, '0')
    if (!near.includes(code)) return code
  }
}

/** Signs in with password and app; the visitor has a session afterwards. */
export async function signIn(
  visitor: Visitor,
  person: Person,
  at: Date,
  more: object = {},
): Promise<void> {
  const first = await givePassword(visitor, person)
  assert.equal(first.status, 200, first.text)
  if (first.json['next'] === 'signed-in') return
  const second = await giveCode(visitor, appCode(person, at), more)
  assert.equal(second.status, 200, second.text)
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import { appCode, giveCode, givePassword, wrongCode } from '../support/steps.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

/** Runs something so many times at once, in turn at either copy. */
function atOnce<T>(times: number, run: (copy: number) => Promise<T>): Promise<T[]> {
  return Promise.all(Array.from({ length: times }, (_none, i) => run(i % 2)))
}

test('LIM-05: 100 wrong codes in parallel over two copies: five are looked at', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const thief = copies.visitor()
  await givePassword(thief, person)
  const wrong = wrongCode(person, copies.clock.now())
  const replies = await atOnce(100, (copy) => giveCode(thief.copy(copies.all[copy]?.base), wrong))
  const looked = replies.filter(({ json }) => json['details'] !== undefined)
  assert.equal(looked.length, 5, 'five had an attempt to spend')
  assert.equal(replies.filter(({ status }) => status === 200).length, 0)
  const [method] = await copies.sql.query<{ failures: number }>(
    'SELECT failures FROM methods WHERE account_id = $1',
    [person.id],
  )
  assert.equal(method?.failures, 5, 'the counter equals the evaluations')
  const right = await giveCode(thief, appCode(person, copies.clock.now()))
  assert.equal(right.json['error'], 'too-many-tries')
})

test('CODE-03, TOTP-04: one right code 50 times in parallel over two copies: one session', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const owner = copies.visitor()
  await givePassword(owner, person)
  const code = appCode(person, copies.clock.now())
  // Five attempts are all a sign-in has; more would only be refused for that.
  const replies = await atOnce(50, (copy) => giveCode(owner.copy(copies.all[copy]?.base), code))
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  const sessions = await copies.sql.query('SELECT 1 FROM sessions WHERE account_id = $1', [
    person.id,
  ])
  assert.equal(sessions.length, 1)
})

test('TOTP-04: one code in 20 sign-ins of its own account at once: one session', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitors = await atOnce(20, async (copy) => {
    const visitor = copies.visitor(copy)
    await givePassword(visitor, person)
    return visitor
  })
  const code = appCode(person, copies.clock.now())
  const replies = await Promise.all(visitors.map((visitor) => giveCode(visitor, code)))
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
})

test('CODE-03: a sent code 50 times in parallel over two copies: one session', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const owner = copies.visitor()
  await givePassword(owner, person)
  const { codeIn } = await import('../support/copies.ts')
  const code = codeIn(copies.newest(person.phone))
  const replies = await atOnce(50, (copy) => giveCode(owner.copy(copies.all[copy]?.base), code))
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
})

test('RC-04: one recovery code 20 times in parallel: one session, one code used', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const owner = copies.visitor()
  await givePassword(owner, person)
  const body = { recovery_code: person.recoveryCodes[0] }
  const replies = await atOnce(20, (copy) =>
    owner.copy(copies.all[copy]?.base).api('POST', '/sign-in/recovery-code', body),
  )
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  const used = await copies.sql.query(
    'SELECT 1 FROM recovery_codes WHERE account_id = $1 AND used_at IS NOT NULL',
    [person.id],
  )
  assert.equal(used.length, 1)
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { limits } from '../../src/config.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { eventsOf, rowsBut } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

test('FLOW-07: a method of somebody else, or of nobody, is refused and the attempt is logged', async () => {
  const [victim, person] = await Promise.all(
    [['sms', 'email'] as const, ['totp'] as const].map((kinds) => addSomebody(copies.world, kinds)),
  )
  assert.ok(victim && person)
  const browser = copies.visitor()
  await givePassword(browser, person)
  const ids = [victim.methods['sms'], victim.methods['email'], crypto.randomUUID(), person.id]
  for (const method of ids) await assertRefused(browser, person, method ?? '')
  assert.equal((await giveCode(browser, appCode(person, copies.clock.now()))).status, 200)
})

test('FLOW-07: a method that is not confirmed is not offered, taken or sent to', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const [own, browser] = [copies.visitor(), copies.visitor()]
  await signIn(own, person, copies.clock.now())
  const setUp = await own.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
  assert.equal(setUp.status, 200, setUp.text)
  await givePassword(browser, person)
  assert.deepEqual(await offered(browser), ['totp'])
  await assertRefused(browser, person, String(setUp.json['id']))
})

test('FLOW-07: a removed method is not offered, taken or sent to', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const [own, browser] = [copies.visitor(), copies.visitor()]
  await signIn(own, person, copies.clock.now())
  const gone = person.methods['sms'] ?? ''
  assert.equal((await own.api('DELETE', `/methods/${gone}`)).status, 200)
  await givePassword(browser, person)
  assert.deepEqual(await offered(browser), ['totp'])
  await assertRefused(browser, person, gone)
})

test('FLOW-07: a method that is switched off is not taken or sent to', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const { sms = '' } = person.methods
  await copies.sql.query('UPDATE methods SET failures = $2 WHERE id = $1', [
    sms,
    limits.methodFailuresMax,
  ])
  const browser = copies.visitor()
  await givePassword(browser, person)
  await assertRefused(browser, person, sms)
})

test('FLOW-07: a method’s name, kind or destination in the place of its id is refused', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const rows = await rowsBut(copies.sql)
  for (const name of ['sms', 'email', 'totp', 'recovery-code', 'none', person.phone]) {
    const byId = await browser.api('POST', '/sign-in/method', { method: name })
    assert.equal(byId.status, 400, byId.text)
    const more = { kind: name, method_id: name, destination: person.phone }
    assert.equal((await browser.api('POST', '/sign-in/method', more)).status, 400)
    assert.equal((await browser.post('/sign-in/methods', { ...more, method: name })).status, 400)
  }
  assert.deepEqual(await rowsBut(copies.sql), rows, 'nothing was sent or turned')
})

test('FLOW-07: an answer is judged by the method asked, whatever method it claims', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const { sms } = person.methods
  assert.equal((await browser.api('POST', '/sign-in/method', { method: sms })).status, 200)
  const claims = { method: person.methods['totp'], kind: 'totp' }
  const reply = await giveCode(browser, appCode(person, copies.clock.now()), claims)
  assert.equal(reply.json['error'], 'wrong-code')
})

/** The choice is refused by API and form, is logged, and nothing else changes. */
async function assertRefused(browser: Visitor, person: Person, method: string): Promise<void> {
  const rows = await rowsBut(copies.sql, 'events')
  const events = await eventsOf(copies.sql, person.id)
  const replies: Reply[] = [
    await browser.api('POST', '/sign-in/method', { method }),
    await browser.post('/sign-in/methods', { method }),
  ]
  assert.deepEqual(
    replies.map(({ status }) => status),
    [403, 403],
  )
  assert.deepEqual(await rowsBut(copies.sql, 'events'), rows)
  const since = (await eventsOf(copies.sql, person.id)).slice(events.length)
  assert.deepEqual(since, ['sign-in.method-refused', 'sign-in.method-refused'])
}

async function offered(browser: Visitor): Promise<unknown[]> {
  const { json } = await browser.api('GET', '/sign-in/code')
  return (json['choices'] as { kind: string }[]).map(({ kind }) => kind)
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hashToken } from '../../src/crypto/tokens.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import { countOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

const names = ['visitor', 'sign-in', 'session']

test('FLOW-06: cookies planted before the sign-in are not adopted', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  const planted = plant(browser, names)
  await givePassword(browser, person)
  assert.notEqual(browser.jar.get('sign-in'), planted.get('sign-in'))
  browser.jar.delete('session')
  const done = await giveCode(browser, appCode(person, copies.clock.now()))
  assert.equal(done.status, 200, done.text)
  for (const value of planted.values()) {
    assert.notEqual(browser.jar.get('session'), value)
    await assertOpensNothing(value)
  }
})

test('FLOW-06: cookies planted between the steps are not adopted', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const planted = plant(browser, ['session', 'visitor'])
  const done = await giveCode(browser, appCode(person, copies.clock.now()))
  assert.equal(done.status, 200, done.text)
  assert.ok(![...planted.values()].includes(browser.jar.get('session') ?? ''))
  for (const value of planted.values()) await assertOpensNothing(value)
})

test('FLOW-06: visitor, sign-in and session have other names and values, and stay what they are', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await browser.get('/sign-in')
  const visitor = browser.jar.get('visitor') ?? ''
  await givePassword(browser, person)
  const pending = browser.jar.get('sign-in') ?? ''
  await giveCode(browser, appCode(person, copies.clock.now()))
  const session = browser.jar.get('session') ?? ''
  assert.equal(new Set([visitor, pending, session]).size, 3)
  assert.deepEqual([...browser.jar.keys()].toSorted(), ['session', 'visitor'])
  for (const value of [visitor, pending]) await assertOpensNothing(value)
  assert.equal((await withCookie('sign-in', session).api('GET', '/sign-in/code')).status, 401)
  assert.equal((await withCookie('session', session).api('GET', '/session')).status, 200)
})

test('FLOW-06: success renews the id where a session of the same account was open', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await signIn(browser, person, copies.clock.now())
  const before = browser.jar.get('session')
  copies.clock.advance(30)
  await signIn(browser, person, copies.clock.now())
  assert.notEqual(browser.jar.get('session'), before)
})

test('FLOW-06: a right code sent again after success opens nothing with the old pending cookie', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const thief = browser.copy()
  await giveCode(browser, appCode(person, copies.clock.now()))
  copies.clock.advance(30)
  const late = await giveCode(thief, appCode(person, copies.clock.now()))
  assert.deepEqual([late.status, late.json['error']], [401, 'sign-in-over'])
})

/** Puts well-formed values that the server never gave into the jar. */
function plant(browser: Visitor, cookies: readonly string[]): Map<string, string> {
  const planted = new Map(
    cookies.map((name) => [name, copies.world.random(32).toString('base64url')]),
  )
  for (const [name, value] of planted) browser.jar.set(name, value)
  return planted
}

function withCookie(name: string, value: string): Visitor {
  const visitor = copies.visitor()
  visitor.jar.set(name, value)
  return visitor
}

async function assertOpensNothing(value: string): Promise<void> {
  assert.equal((await withCookie('session', value).api('GET', '/session')).status, 401)
  assert.equal((await withCookie('sign-in', value).api('GET', '/sign-in/code')).status, 401)
  const hash = hashToken(value)
  if (hash === null) return
  const { sql } = copies
  assert.equal(await countOf(sql, 'SELECT 1 FROM sessions WHERE token_hash = $1', hash), 0)
  assert.equal(await countOf(sql, 'SELECT 1 FROM challenges WHERE token_hash = $1', hash), 0)
}

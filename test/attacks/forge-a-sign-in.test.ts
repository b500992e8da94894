import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import { formOf, formType, sendRaw } from '../support/raw-request.ts'
import { rowsBut } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import { addresses, fill } from '../support/surface.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

const evil = 'https://evil.example'

/** What a browser says of a request that a page of somebody else made. */
const fromElsewhere: readonly Record<string, string>[] = [
  { origin: evil },
  { origin: evil, 'sec-fetch-site': 'cross-site' },
  { origin: 'null', 'sec-fetch-site': 'cross-site' },
  { origin: 'https://accounts.example.com', 'sec-fetch-site': 'same-site' },
  { 'sec-fetch-site': 'cross-site' },
  { 'sec-fetch-site': 'none' },
  { origin: 'null' },
  { origin: '' },
]

test('FLOW-10: foreign credentials sent from another site sign nobody in', async () => {
  const attacker = await addSomebody(copies.world)
  const victim = copies.visitor()
  await victim.get('/sign-in')
  const { email, password } = attacker
  const rows = await rowsBut(copies.sql, 'events')
  for (const headers of fromElsewhere) {
    assertForged(await victim.post('/sign-in', { email, password }, { headers }), victim)
    const api = await victim.api('POST', '/sign-in', { email, password }, { headers })
    assertForged(api, victim)
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events'), rows)
})

test('FLOW-10: without its own browser’s token no sign-in begins or goes on', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const [victim, other] = [copies.visitor(), copies.visitor()]
  for (const browser of [victim, other]) await browser.get('/sign-in')
  const { email, password } = person
  const rows = await rowsBut(copies.sql, 'events')
  for (const anti_forgery of ['', 'x'.repeat(43), other.token]) {
    assertForged(await victim.post('/sign-in', { email, password, anti_forgery }), victim)
  }
  assertForged(await victim.post('/sign-in', { email, password }, { withToken: false }), victim)
  const twice = formOf(victim, Object.entries({ email, password, anti_forgery: victim.token }))
  assertForged(await sendRaw(victim, 'POST', '/sign-in', { body: twice, type: formType }), victim)
  assert.deepEqual(await rowsBut(copies.sql, 'events'), rows)
})

test('FLOW-10: a pending sign-in planted from another browser cannot be finished unnoticed', async () => {
  const attacker = await addSomebody(copies.world, ['totp'])
  const [theirs, victim] = [copies.visitor(), copies.visitor()]
  await victim.get('/sign-in')
  const ownToken = victim.token
  await givePassword(theirs, attacker)
  victim.jar.set('sign-in', theirs.jar.get('sign-in') ?? '')
  const code = appCode(attacker, copies.clock.now())
  const rows = await rowsBut(copies.sql, 'events')
  assertForged(await victim.post('/sign-in/code', { code, anti_forgery: ownToken }), victim)
  for (const headers of fromElsewhere) {
    assertForged(await victim.post('/sign-in/code', { code }, { headers }), victim)
    assertForged(await victim.api('POST', '/sign-in/code', { code }, { headers }), victim)
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events'), rows)
  const page = await victim.get('/sign-in/code')
  assert.ok(page.text.includes(attacker.email), 'the page names whose account this is')
})

test('FLOW-10: no row of the second step is moved from another site', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const rows = await rowsBut(copies.sql, 'events')
  const moving = addresses.filter(({ route, verb }) => route.pending && verb !== 'GET')
  assert.ok(moving.length >= 8)
  for (const { verb, path, api } of moving) {
    const fields = {
      code: appCode(person, copies.clock.now()),
      method: person.methods['sms'] ?? '',
    }
    const body = api ? JSON.stringify(fields) : formOf(browser, Object.entries(fields))
    const type = api ? 'application/json' : formType
    for (const headers of fromElsewhere) {
      assertForged(await sendRaw(browser, verb, path, { body, type, headers }), browser)
    }
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events'), rows)
})

test('FLOW-10: every page of the second step and of a set-up names the account', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const pages = addresses.filter(({ verb, api }) => verb === 'GET' && !api)
  for (const { path } of pages.filter(({ route }) => route.pending)) {
    const { text, status } = await browser.get(path)
    assert.equal(status, 200, path)
    assert.ok(visibleText(text).includes(person.email), path)
  }
  await giveCode(browser, appCode(person, copies.clock.now()))
  const setUp = await browser.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
  const values = { id: String(setUp.json['id']), kind: 'sms' }
  const setUpPages = pages.filter(({ path }) => path.startsWith('/settings/security/set-up'))
  assert.ok(setUpPages.length >= 5)
  for (const { path } of setUpPages) {
    const { text, status } = await browser.get(fill(path, values))
    assert.equal(status, 200, path)
    assert.ok(visibleText(text).includes(person.email), path)
  }
})

test('FLOW-10: the page with the QR code names the account', async () => {
  const person = await addSomebody(copies.world)
  const browser = copies.visitor()
  await signIn(browser, person, copies.clock.now())
  const page = await browser.post('/settings/security/set-up/totp', { name: 'My app' })
  assert.match(page.text, /<svg/)
  assert.ok(visibleText(page.text).includes(person.email))
})

function visibleText(page: string): string {
  const body = page.replace(/<(script|style|svg|head)\b[\s\S]*?<\/\1>/g, ' ')
  return body.replace(/<[^>]*>/g, ' ')
}

function assertForged(reply: Reply, visitor: Visitor): void {
  assert.equal(reply.status, 403, reply.text)
  assert.match(reply.text, /sent from somewhere else/)
  assert.ok(!visitor.jar.has('session'))
  assert.ok(!reply.setCookies.some((line) => /^(session|sign-in)=/.test(line)))
}

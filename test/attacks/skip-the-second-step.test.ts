import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { formOf, formType, sendRaw, told } from '../support/raw-request.ts'
import { rowsBut } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import { addresses, fill } from '../support/surface.ts'
import type { Address } from '../support/surface.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ config: { signUpOpen: true } })
})
after(() => copies.stop())

const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

test('FLOW-01: a pending cookie opens no row but the second step’s own', async () => {
  const { person, values } = await somebodyWithEverything(copies)
  const pending = copies.visitor()
  await givePassword(pending, person)
  const visitor = copies.visitor()
  await visitor.get('/sign-in')
  const paths = new Map(addresses.map((address) => [address.path, address]))
  for (const [path, address] of paths) {
    const rows = await rowsBut(copies.sql, 'events', ...countersOf(path))
    for (const verb of verbs.filter((one) => !isPending(path, one))) {
      const asPending = await knock(pending, address, verb, values, '10.9.0.1')
      const asVisitor = await knock(visitor, address, verb, values, '10.9.0.2')
      assert.deepEqual(told(asPending), told(asVisitor), `${verb} ${path}`)
      assert.ok(!sets(asPending, 'session'), `${verb} ${path} sets a session`)
    }
    assert.deepEqual(await rowsBut(copies.sql, 'events', ...countersOf(path)), rows, path)
  }
  assert.ok(paths.size > 80, 'the walk saw the whole surface')
})

test('FLOW-01: the second step’s own rows are closed to a visitor', async () => {
  const visitor = copies.visitor()
  await visitor.get('/sign-in')
  for (const address of addresses.filter(({ route }) => route.pending)) {
    const values = {
      code: '123456',
      recovery_code: 'ABCD',
      method: crypto.randomUUID(),
      contact: 'By phone',
    }
    const reply = await knock(visitor, address, address.verb, values, '10.9.0.3')
    const name = `${address.verb} ${address.path}`
    const ends = address.path.endsWith('/cancel') || address.verb === 'DELETE'
    if (!ends) assert.equal(reply.status, 401, name)
    assert.ok(!sets(reply, 'session'), name)
  }
})

test('FLOW-02: no parameter, header, cookie or hidden field says that the step is done', async () => {
  const { person, values } = await somebodyWithEverything(copies)
  const pending = copies.visitor()
  await givePassword(pending, person)
  assert.equal((await giveCode(pending, '000000')).status, 422)
  const claims = { verified: '1', mfa: 'true', step: 'done', second_step_at: '2026-11-24' }
  const forged = pending.copy()
  forged.jar.set('session', pending.jar.get('sign-in') ?? '')
  for (const [name, value] of Object.entries(claims)) forged.jar.set(name, value)
  const headers = {
    'x-debug': '1',
    'x-verified': 'true',
    'x-account-id': person.id,
    referer: `${pending.base}/sign-in/code?step=done`,
  }
  for (const address of addresses.filter(({ route }) => route.who !== 'anyone')) {
    const all = { ...values, ...claims, account_id: person.id }
    const name = `${address.verb} ${address.path}`
    const reply = await knock(forged, address, address.verb, all, '10.9.0.4', headers)
    const bearing = { authorization: `Bearer ${pending.jar.get('sign-in')}` }
    const borne = await knock(forged, address, address.verb, all, '10.9.0.4', bearing)
    assert.ok(borne.status >= 300 && !sets(borne, 'session'), `${name} as an API key`)
    if (address.api) assert.equal(reply.json['error'], 'sign-in-required', name)
    else assert.match(reply.headers.get('location') ?? '', /^\/sign-in/, name)
    assert.ok(!sets(reply, 'session'), name)
  }
})

test('FLOW-02: the session check asks the database each time', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await signIn(browser, person, copies.clock.now())
  assert.equal((await browser.api('GET', '/session')).status, 200)
  await copies.sql.query('DELETE FROM sessions WHERE account_id = $1', [person.id])
  assert.equal((await browser.api('GET', '/session')).status, 401)
})

/** Somebody with all three methods, a session, a trusted device and a set-up; and their ids. */
async function somebodyWithEverything({ world, visitor, clock, sql }: Copies) {
  const person = await addSomebody(world, ['totp', 'sms', 'email'])
  const own = visitor()
  await signIn(own, person, clock.now(), { remember_device: true })
  const setUp = await own.api('POST', '/methods', { kind: 'totp', name: 'Another' })
  assert.equal(setUp.status, 200, setUp.text)
  const [ids] = await sql.query<{ session: string; device: string }>(
    `SELECT s.id AS session, d.id AS device FROM sessions s JOIN trusted_devices d
       USING (account_id) WHERE account_id = $1`,
    [person.id],
  )
  return { person, values: valuesFor(person, ids, String(setUp.json['id']), clock.now()) }
}

function valuesFor(
  person: Person,
  ids: { session: string; device: string } | undefined,
  setUp: string,
  now: Date,
): Record<string, string> {
  const { session = '', device = '' } = ids ?? {}
  return {
    email: person.email,
    password: 'not the right password',
    code: appCode(person, now, 1),
    recovery_code: person.recoveryCodes[0] ?? '',
    method: person.methods['sms'] ?? '',
    token: 'x'.repeat(43),
    kind: 'totp',
    name: 'Somebody else',
    team: 'A team',
    phone: '+12025550111',
    saved: 'yes',
    contact: 'By phone',
    notice_accepted: 'yes',
    return_to: '/settings/security',
    device,
    '/sessions/': session,
    '/devices/': device,
    '/trusted-devices/': device,
    '/methods/': person.methods['sms'] ?? '',
    '/pending/': setUp,
  }
}

/** Sends all values as the row would take them, in the body or the query. */
function knock(
  visitor: Visitor,
  { path, api }: Address,
  verb: string,
  values: Readonly<Record<string, string>>,
  from: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  const noun = Object.keys(values).find((name) => name.includes('/') && path.includes(name))
  const filled = fill(path, { ...values, id: values[noun ?? ''] ?? 'x' })
  const fields = Object.entries(values).filter(([name]) => !name.includes('/'))
  const headers = { 'x-forwarded-for': from, ...more }
  if (verb === 'GET' || verb === 'HEAD') {
    const query = new URLSearchParams(fields).toString()
    return sendRaw(visitor, verb, `${filled}?${query}`, { headers })
  }
  if (api) {
    const body = JSON.stringify(Object.fromEntries(fields))
    return sendRaw(visitor, verb, filled, { headers, body })
  }
  return sendRaw(visitor, verb, filled, { headers, body: formOf(visitor, fields), type: formType })
}

function isPending(path: string, verb: string): boolean {
  const seen = verb === 'HEAD' ? 'GET' : verb
  return addresses.some((one) => one.route.pending && one.path === path && one.verb === seen)
}

/** What a row for anyone may count of a visitor and so of a pending sign-in. */
function countersOf(
  path: string,
): readonly ('guesses' | 'sends' | 'links' | 'messages' | 'cases')[] {
  const isOpen = addresses.some((one) => one.path === path && one.route.who === 'anyone')
  const asksForCase = /^\/(recover|api\/v1\/recovery-cases)$/.test(path)
  return isOpen
    ? ['guesses', 'sends', 'links', 'messages', ...(asksForCase ? (['cases'] as const) : [])]
    : []
}

function sets(reply: Reply, cookie: string): boolean {
  return reply.setCookies.some((line) => line.startsWith(`${cookie}=`) && !/^\w+=;/.test(line))
}

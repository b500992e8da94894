import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { mintFirstOwnerLink } from '../../src/accounts/first-owner.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { formOf, formType, sendRaw, told } from '../support/raw-request.ts'
import { askLink, follow, setPassword } from '../support/reset.ts'
import { countOf, rowsBut, sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import { addresses, fill } from '../support/surface.ts'
import type { Address } from '../support/surface.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
let ownerLink: string | null
before(async () => {
  copies = await startCopies({ config: { signUpOpen: true } })
  ownerLink = await mintFirstOwnerLink(copies.world)
})
after(() => copies.stop())

const verbs = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']

test('FLOW-08: no link signs anybody in: first owner, sign-up, confirmed address', async () => {
  const browser = copies.visitor()
  const token = ownerLink?.split('/').at(-1) ?? ''
  const password = 'six unrelated marble words'
  const owner = { token, team: 'Acme', name: 'Ada', email: 'ada@example.com', password }
  const made = await browser.api('POST', '/first-owner', owner)
  assert.equal(made.status, 200, made.text)
  await copies.delivered()
  const verify = { token: linkIn(copies, owner.email) }
  assert.equal((await browser.api('POST', '/email-verifications', verify)).status, 200)
  await browser.api('POST', '/sign-ups', { email: 'new@example.com' })
  await copies.delivered()
  const newcomer = { token: linkIn(copies, 'new@example.com'), name: 'New', password }
  assert.equal((await browser.api('POST', '/accounts', newcomer)).status, 200)
  assert.equal(await countOf(copies.sql, 'SELECT 1 FROM sessions'), 0)
  assert.ok(!browser.jar.has('session'))
})

test('FLOW-08: no link opens the account of somebody enrolled', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await copies.sql.query('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [person.id])
  const own = copies.visitor()
  await signIn(own, person, copies.clock.now(), { remember_device: true })
  await copies.delivered()
  const notMe = linkIn(copies, person.email)
  await own.api('POST', '/profile/verification-mails', {})
  await copies.delivered()
  const verify = linkIn(copies, person.email)
  const stranger = copies.visitor()
  const verified = await stranger.api('POST', '/email-verifications', { token: verify })
  const reported = await stranger.api('POST', '/not-me-reports', { token: notMe })
  assert.deepEqual([verified.status, reported.status], [200, 200])
  await stranger.api('POST', '/sign-ups', { email: person.email })
  await assertNobody(stranger)
  assert.equal(await sessionsOf(copies.sql, person.id), 0, 'the report ended the only one')
})

test('FLOW-08: the link to a new password opens neither a session nor the password', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const reader = await follow(copies, await askLink(copies, person))
  await assertNobody(reader)
  assert.equal((await setPassword(reader)).json['error'], 'reset-not-confirmed')
  await assertNobody(reader)
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
  assert.equal((await givePassword(copies.visitor(), person)).json['next'], 'second-step')
})

test('FLOW-08: the right password alone opens no session, by form or by API', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const { email, password } = person
  const byApi = copies.visitor()
  const byForm = copies.visitor()
  assert.equal((await givePassword(byApi, person)).json['next'], 'second-step')
  const form = await byForm.post('/sign-in', { email, password })
  assert.equal(form.headers.get('location'), '/sign-in/code')
  for (const visitor of [byApi, byForm]) await assertNobody(visitor)
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
})

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

function linkIn({ newest }: Copies, to: string): string {
  const letter = newest(to)
  const text = letter.channel === 'mail' ? letter.text : ''
  return /https?:\S+\/([\w-]{43})\b/.exec(text)?.[1] ?? `no link in: ${text}`
}

async function assertNobody(visitor: Visitor): Promise<void> {
  assert.ok(!visitor.jar.has('session'))
  assert.equal((await visitor.api('GET', '/session')).status, 401)
  assert.equal((await visitor.get('/settings/security')).status, 303)
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { cookie, enter, freshAppCode, isIn, proveAgain } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { eventsOf } from '../support/rows.ts'
import { appCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'
import { atOnce, untilWaiting } from '../support/world.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const someone = () => addSomebody(copies.world, ['totp'])

/** Another browser, at the other copy, with a copy of the cookies. */
const thiefOf = (visitor: Visitor) => visitor.copy(copies.all[1]?.base)

const sessions = async (visitor: Visitor) =>
  (await visitor.api('GET', '/sessions')).json['sessions'] as { id: string; current: boolean }[]

test('SES-01: a session’s id in an address, a body or a header is not taken', async () => {
  const value = cookie(await enter(copies, await someone()), 'session')
  const stranger = copies.visitor()
  const session = { session: value, sid: value, token: value, cookie: `session=${value}` }
  const query = new URLSearchParams(session).toString()
  assert.equal((await stranger.api('GET', `/session?${query}`)).status, 401)
  assert.equal((await stranger.api('GET', `/session;session=${value}`)).status, 404)
  const headers = {
    authorization: `Bearer ${value}`,
    session: value,
    'x-session': value,
    'x-cookie': `session=${value}`,
  }
  assert.equal((await stranger.api('GET', '/session', undefined, { headers })).status, 401)
  const changed = await stranger.api('PATCH', '/profile', { name: 'Mine', ...session }, { headers })
  assert.equal(changed.status, 403, 'nor as an API key')
})

test('SES-01: an id that is cut, changed, doubled or made up is nobody’s', async () => {
  const visitor = await enter(copies, await someone())
  const value = cookie(visitor, 'session')
  const flipped = Buffer.from(value, 'base64url')
  flipped[31] = (flipped[31] ?? 0) ^ 1
  const tries = [
    value.slice(0, -1),
    `${value}A`,
    value.toLowerCase(),
    flipped.toString('base64url'),
    Buffer.alloc(32).toString('base64url'),
    `${value}${value}`,
    '*',
    '%',
  ]
  for (const one of tries.filter((given) => given !== value)) {
    const thief = copies.visitor()
    thief.jar.set('session', one)
    assert.ok(!(await isIn(thief)), one)
  }
})

test('SES-05: a step-up in one session does not help another of the same person', async () => {
  const person = await someone()
  const [x, y] = [await enter(copies, person), await enter(copies, person)]
  copies.clock.advance(601)
  await proveAgain(copies, x, person)
  assert.equal((await y.api('POST', '/recovery-codes', {})).json['error'], 'step-up-required')
  assert.equal((await x.api('POST', '/recovery-codes', {})).status, 200)
})

test('SES-05: half of a step-up in each of two sessions is no whole one', async () => {
  const person = await someone()
  const [x, y] = [await enter(copies, person), await enter(copies, person)]
  copies.clock.advance(601)
  await x.api('POST', '/step-up/password', { password: person.password })
  await y.api('POST', '/step-up/method', { method: person.methods['totp'] })
  const code = freshAppCode(copies, person)
  assert.equal((await y.api('POST', '/step-up/code', { code })).json['error'], 'password-again')
  for (const one of [x, y]) {
    assert.equal((await one.api('DELETE', '/sessions')).json['error'], 'step-up-required')
  }
})

test('SES-05: it lasts ten minutes, and each proof renews the id', async () => {
  const person = await someone()
  const owner = await enter(copies, person)
  copies.clock.advance(601)
  const ids = [owner.copy()]
  await owner.api('POST', '/step-up/password', { password: person.password })
  ids.push(owner.copy())
  const code = appCode(person, copies.clock.now())
  assert.equal((await owner.api('POST', '/step-up/code', { code })).status, 200)
  for (const old of ids) assert.ok(!(await isIn(old)), 'the old id is dead')
  copies.clock.advance(599)
  const guarded = '/settings/security/recovery-codes/new'
  assert.equal((await owner.get(guarded)).status, 200)
  copies.clock.advance(1)
  assert.match((await owner.get(guarded)).headers.get('location') ?? '', /^\/step-up\?/)
})

test('SES-05: a thief who guesses at the step-up keeps a session that can do nothing', async () => {
  const person = await someone()
  const owner = await enter(copies, person)
  copies.clock.advance(601)
  const thief = thiefOf(owner)
  for (const password of ['wrong password number one', 'wrong password number two']) {
    const reply = await thief.api('POST', '/step-up/password', { password })
    assert.equal(reply.json['error'], 'wrong-password')
  }
  const code = freshAppCode(copies, person)
  assert.equal((await thief.api('POST', '/step-up/code', { code })).json['error'], 'password-again')
  assert.ok(await isIn(owner))
})

test('SES-06: after signing out the stolen cookie opens nothing', async () => {
  for (const leave of [
    (visitor: Visitor) => visitor.post('/sign-out', {}),
    (visitor: Visitor) => visitor.api('DELETE', '/session'),
  ]) {
    const owner = await enter(copies, await someone())
    const thief = thiefOf(owner)
    assert.ok(await isIn(thief))
    await leave(owner)
    assert.equal(cookie(owner, 'session'), '')
    assert.ok(!(await isIn(thief)))
    assert.match((await thief.get('/')).headers.get('location') ?? '', /^\/sign-in/)
  }
})

test('SES-06: a GET signs nobody out', async () => {
  const owner = await enter(copies, await someone())
  assert.equal((await owner.get('/sign-out')).status, 405)
  assert.ok(await isIn(owner))
})

test('SES-06: one session is ended by its person, after proving it again, and the others stay', async () => {
  const person = await someone()
  const lost = await enter(copies, person)
  const other = await enter(copies, person)
  const owner = await enter(copies, person)
  const copy = thiefOf(lost)
  const mine = (await sessions(lost)).find(({ current }) => current)?.id
  copies.clock.advance(601)
  const early = await owner.api('DELETE', `/sessions/${mine}`)
  assert.equal(early.json['error'], 'step-up-required')
  assert.ok(await isIn(copy))
  await proveAgain(copies, owner, person)
  assert.equal((await owner.api('DELETE', `/sessions/${mine}`)).status, 200)
  assert.deepEqual(
    [await isIn(lost), await isIn(copy), await isIn(other), await isIn(owner)],
    [false, false, true, true],
  )
})

test('SES-06: all others are ended at once, and this one goes on under a new id', async () => {
  const person = await someone()
  const others = [await enter(copies, person), await enter(copies, person)]
  const owner = await enter(copies, person)
  const thief = thiefOf(owner)
  const { json } = await owner.api('DELETE', '/sessions')
  assert.equal(json['ended'], 2)
  for (const one of [...others, thief]) assert.ok(!(await isIn(one)))
  assert.ok(await isIn(owner))
  assert.equal((await sessions(owner)).length, 1)
})

test('SES-06: a disabled or deleted account has no session, at once and at every copy', async () => {
  for (const statement of [
    'UPDATE accounts SET disabled_at = now() WHERE id = $1',
    'DELETE FROM accounts WHERE id = $1',
  ]) {
    const person = await someone()
    const visitor = await enter(copies, person)
    const thief = thiefOf(visitor)
    assert.ok(await isIn(thief))
    await copies.sql.query(statement, [person.id])
    assert.deepEqual([await isIn(visitor), await isIn(thief)], [false, false])
  }
})

test('SES-05, PW-07: a password that is changed while it is compared proves nothing to a thief of the session', async () => {
  const person = await addSomebody(copies.world)
  const owner = await enter(copies, person)
  const thief = thiefOf(owner)
  const change = { current_password: person.password, new_password: 'seven purple kettles sing' }
  const lock = `SELECT FROM sessions WHERE account_id = '${person.id}' FOR UPDATE`
  let stepping: Promise<Reply> | undefined
  const [changed] = await atOnce(
    copies.sql,
    lock,
    [() => owner.api('PUT', '/password', change)],
    async () => {
      stepping = thief.api('POST', '/step-up/password', { password: person.password })
      await untilWaiting(copies.sql, 2)
    },
  )
  assert.equal(changed?.status, 200, changed?.text)
  const stepped = await stepping
  assert.deepEqual([stepped?.status, stepped?.json['error']], [409, 'changed'])
  assert.ok(await isIn(owner))
  assert.ok(!(await isIn(thief)))
  const done = await eventsOf(copies.sql, person.id)
  assert.ok(!done.includes('step-up.done'))
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cleanUp } from '../../src/clean-up.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump } from '../support/dump.ts'
import { addApp, addSent, cookie, enter, isIn, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

async function turnOff(visitor: Visitor, id: string | undefined): Promise<void> {
  const gone = await visitor.api('DELETE', `/methods/${id}`)
  assert.equal(gone.status, 200, gone.text)
}

async function withRecoveryCode(person: Person, code: string): Promise<Visitor> {
  const visitor = copies.visitor(1)
  await givePassword(visitor, person)
  const reply = await visitor.api('POST', '/sign-in/recovery-code', { recovery_code: code })
  assert.equal(reply.status, 200, reply.text)
  return visitor
}

test('ENR-06: with the last method go secrets, recovery codes, trust and open challenges', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  await visitor.api('POST', '/step-up/method', { method: person.methods['totp'] })
  await visitor.api('POST', '/methods', { kind: 'email' })
  await givePassword(copies.visitor(1), person)
  await turnOff(visitor, person.methods['totp'])
  for (const table of ['methods', 'recovery_codes', 'trusted_devices', 'challenges'] as const) {
    assert.equal((await rowsOf(copies, table, person)).length, 0, table)
  }
  const sets = await copies.sql.query('SELECT 1 FROM recovery_sets WHERE account_id = $1', [
    person.id,
  ])
  assert.equal(sets.length, 0)
  assert.equal((await rowsOf(copies, 'sessions', person)).length, 1)
  assert.equal((await givePassword(copies.visitor(1), person)).json['next'], 'signed-in')
})

test('ENR-06: a number that was kept only for the codes is deleted with them', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const id = await addSent(copies, visitor, 'sms', person.phone)
  await enter(copies, person)
  await visitor.api('PATCH', '/profile', { phone: '+447700900111' })
  assert.ok((await dump(copies.sql)).includes(person.phone))
  await turnOff(visitor, id)
  await copies.delivered()
  assert.ok(!(await dump(copies.sql)).includes(person.phone))
  assert.ok((await dump(copies.sql)).includes('+447700900111'), 'the profile’s stays')
})

test('ENR-06: turned on again it starts from new values: nothing of before works', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  const trusted = visitor.copy()
  await turnOff(visitor, person.methods['totp'])
  const app = await addApp(copies, visitor)
  assert.notEqual(app.key, person.key)
  const codes = app.codes ?? []
  assert.ok(codes.length === 10 && !codes.some((code) => person.recoveryCodes.includes(code)))
  trusted.jar.delete('session')
  assert.ok(cookie(trusted, 'device-'))
  assert.equal((await givePassword(trusted, person)).json['next'], 'second-step')
  copies.clock.advance(30)
  const old = await giveCode(trusted, appCode(person, copies.clock.now()))
  assert.equal(old.json['error'], 'wrong-code')
  const body = { recovery_code: person.recoveryCodes[3] }
  const used = await trusted.api('POST', '/sign-in/recovery-code', body)
  assert.equal(used.json['error'], 'wrong-recovery-code')
  assert.equal((await giveCode(trusted, appCode(app, copies.clock.now()))).status, 200)
})

test('ENR-07: a lost phone is removed at once from another method, also from open sign-ins', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const thief = copies.visitor(1)
  await givePassword(thief, person)
  await thief.api('POST', '/sign-in/method', { method: person.methods['totp'] })
  const owner = copies.visitor()
  await givePassword(owner, person)
  await owner.api('POST', '/sign-in/method', { method: person.methods['email'] })
  await enter(copies, person, {}, owner)
  await turnOff(owner, person.methods['totp'])
  copies.clock.advance(30)
  const late = await giveCode(thief, appCode(person, copies.clock.now()))
  assert.equal(late.json['error'], 'sign-in-over')
  assert.ok(!(await isIn(thief)))
  await givePassword(thief, person)
  const asked = await thief.api('POST', '/sign-in/method', { method: person.methods['totp'] })
  assert.equal(asked.json['error'], 'method-not-available')
})

test('ENR-07: a recovery code is enough to remove the only method', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const owner = await withRecoveryCode(person, person.recoveryCodes[0] ?? '')
  await turnOff(owner, person.methods['totp'])
  assert.deepEqual((await owner.api('GET', '/security')).json['on'], false)
})

test('ENR-07: the page says what to do when a phone is lost or stolen', async () => {
  const cases = [
    [['sms', 'email'], /Turn off its methods here at once/],
    // Without another method the second step would be off altogether.
    [['sms'], /Set up a new method first, then turn off the lost one/],
  ] as const
  for (const [kinds, says] of cases) {
    const person = await addSomebody(copies.world, kinds)
    const { text } = await (await enter(copies, person)).get('/settings/security')
    const [, after = ''] = text.split('Lost a phone, or was it stolen?')
    assert.match(after, says)
  }
})

test('ENR-08: methods stand strongest first, each with its strength, when added and last used', async () => {
  const person = await addSomebody(copies.world, ['email', 'sms', 'totp'])
  const visitor = await enter(copies, person)
  const { json } = await visitor.api('GET', '/methods')
  const methods = json['methods'] as Record<string, unknown>[]
  assert.deepEqual(
    methods.map(({ kind, strength }) => [kind, strength]),
    [
      ['totp', 'good'],
      ['sms', 'restricted'],
      ['email', 'weakest'],
    ],
  )
  assert.equal(methods[0]?.['used_at'], copies.clock.now().toISOString())
  assert.equal(methods[1]?.['used_at'], null)
  for (const { added_at: added } of methods) assert.match(String(added), /^2026-11-24T.*Z$/)
  const { text } = await visitor.get('/settings/security')
  const badges = [...text.matchAll(/<span class="badge[^"]*">(?:<svg[^]*?<\/svg>)?([^<]*)</g)]
  const labels = badges.map(([, label = '']) => label.trim())
  assert.deepEqual(
    labels.filter((label) => /^(Strong|Weak)/.test(label)),
    ['Strong', 'Weaker', 'Weakest'],
  )
  assert.match(text, /Added[\s\S]{0,200}Last used/)
  assert.match(text, /Not used yet/)
})

test('ENR-08: one method and codes not said to be saved: a reminder stands until that changes', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  await addApp(copies, visitor)
  const reminder = /You have not said that you saved your recovery codes/
  assert.match((await visitor.get('/settings/security')).text, reminder)
  assert.match((await visitor.get('/settings/security')).text, reminder)
  await visitor.api('PUT', '/recovery-codes/saved', { saved: true })
  assert.doesNotMatch((await visitor.get('/settings/security')).text, reminder)
})

test('ENR-08: a method’s life is in the security log: made, confirmed, used, removed, by its id', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const [one, two] = [await addApp(copies, visitor, 'One'), await addApp(copies, visitor, 'Two')]
  copies.clock.advance(30)
  const door = copies.visitor(1)
  await givePassword(door, person)
  await door.api('POST', '/sign-in/method', { method: two.id })
  assert.equal((await giveCode(door, appCode(two, copies.clock.now()))).status, 200)
  await turnOff(visitor, two.id)
  const life = async (id: string) => {
    const rows = await copies.sql.query<{ kind: string; at: Date; source: string }>(
      `SELECT kind, at, source FROM events WHERE details ->> 'method' = $1 ORDER BY id`,
      [id],
    )
    for (const { at, source } of rows) assert.ok(at instanceof Date && source !== '')
    return rows.map(({ kind }) => kind)
  }
  assert.deepEqual(await life(one.id), [
    'method.set-up-started',
    'method.confirmed',
    'recovery.codes-made',
  ])
  assert.deepEqual(await life(two.id), [
    'method.set-up-started',
    'method.confirmed',
    'sign-in.done',
    'method.removed',
  ])
})

test('ENR-06, PRV-03: the old number goes with its codes when texts move, and with the notice to it a day later', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const id = await addSent(copies, visitor, 'sms', person.phone)
  await visitor.api('PATCH', '/profile', { phone: '+447700900124' })
  await visitor.api('POST', `/methods/${id}/new-number`, {})
  const code = codeIn(copies.newest('+447700900124'))
  const moved = await visitor.api('POST', `/methods/${id}/new-number/confirm`, { code })
  assert.equal(moved.status, 200, moved.text)
  await copies.delivered()
  const kept = async () =>
    (await rowsOf<{ template: string; destination: string }>(copies, 'messages', person)).flatMap(
      ({ template, destination }) => (destination === person.phone ? [template] : []),
    )
  assert.deepEqual(await kept(), ['notice'])
  copies.clock.advance(86_401)
  await cleanUp(copies.world)
  assert.ok(!(await dump(copies.sql)).includes(person.phone))
})

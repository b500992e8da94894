import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromBase32 } from '../../src/crypto/base32.ts'
import { stepAt, totpCode } from '../../src/crypto/totp.ts'
import { totp } from '../../src/methods/totp.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import {
  addApp,
  confirm,
  enter,
  freshAppCode,
  isIn,
  proveAgain,
  rowsOf,
  startApp,
} from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'
import type { Reply } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

/** The password step at that copy, then this code. */
async function tryCode(person: Person, code: string, copy = 0): Promise<Reply> {
  const visitor = copies.visitor(copy)
  await givePassword(visitor, person)
  return giveCode(visitor, code)
}

const at = (person: Pick<Person, 'key'>, away: number) => appCode(person, copies.clock.now(), away)

test('TOTP-02: 1,000 set-ups give 1,000 keys of 32 base32 characters', async () => {
  const visitor = await enter(copies, await addSomebody(copies.world))
  const shown: string[] = []
  for (let i = 0; i < 20; i++) shown.push((await startApp(visitor)).key)
  const holder = { account_id: '', email: 'a@example.com', email_verified_at: null, phone: null }
  for (let i = 0; i < 980; i++) {
    const set = { methodId: String(i), name: 'Phone', noticeAccepted: false }
    const prepared = totp.prepare(copies.world, holder, set)
    shown.push((prepared.ok && prepared.shown['key']) || '')
  }
  assert.equal(new Set(shown).size, 1000)
  for (const key of shown) assert.match(key, /^[A-Z2-7]{32}$/)
})

test('TOTP-02: a key the person would like instead is not taken', async () => {
  const visitor = await enter(copies, await addSomebody(copies.world))
  const key = 'JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP'
  const wish = { kind: 'totp', name: 'Mine', key, secret: key, shown: { key } }
  const started = await visitor.api('POST', '/methods', wish)
  const mine = await confirm(visitor, String(started.json['id']), at({ key }, 0))
  assert.equal(mine.json['error'], 'wrong-code')
  assert.doesNotMatch(started.text, new RegExp(key))
})

test('TOTP-03: the codes of one step before, now, and one after sign in; two away do not', async () => {
  for (const away of [-1, 0, 1]) {
    const person = await addSomebody(copies.world, ['totp'])
    assert.equal((await tryCode(person, at(person, away))).status, 200, `step ${away}`)
  }
  for (const away of [-2, 2]) {
    const person = await addSomebody(copies.world, ['totp'])
    const reply = await tryCode(person, at(person, away))
    assert.equal(reply.json['error'], 'wrong-code', `step ${away}`)
  }
})

test('TOTP-04: a code signs in once, at whichever copy, also in another browser', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const code = at(person, 0)
  assert.equal((await tryCode(person, code)).status, 200)
  assert.equal((await tryCode(person, code, 1)).json['error'], 'code-used')
})

test('TOTP-04: after the next code was used, the one before it is void', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  assert.equal((await tryCode(person, at(person, 1))).status, 200)
  assert.equal((await tryCode(person, at(person, 0), 1)).json['error'], 'code-used')
  copies.clock.advance(30)
  assert.equal((await tryCode(person, at(person, 0))).json['error'], 'code-used')
  assert.equal((await tryCode(person, at(person, 1))).status, 200)
})

test('TOTP-04: the code that turned the app on signs nobody in', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const app = await startApp(visitor)
  const code = at(app, 0)
  assert.equal((await confirm(visitor, app.id, code)).status, 200)
  assert.equal((await tryCode(person, code, 1)).json['error'], 'code-used')
})

test('TOTP-04: a code of a sign-in proves nothing at the step-up, nor the other way round', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  copies.clock.advance(601)
  const code = at(person, 0)
  assert.equal((await tryCode(person, code, 1)).status, 200)
  await visitor.api('POST', '/step-up/password', { password: person.password })
  const again = await visitor.api('POST', '/step-up/code', { code })
  assert.equal(again.json['error'], 'code-used')
  const next = freshAppCode(copies, person)
  assert.equal((await visitor.api('POST', '/step-up/code', { code: next })).status, 200)
  assert.equal((await tryCode(person, next)).json['error'], 'code-used')
})

test('TOTP-05: no time, offset or step that the browser sends counts', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const late = new Date(copies.clock.now().getTime() - 90_000)
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  const claims = { step: -3, offset: -90, time: late.toISOString(), timestamp: +late, around: 9 }
  const headers = { date: late.toUTCString(), 'x-time': late.toISOString() }
  const body = { code: appCode(person, late), ...claims }
  const reply = await visitor.api('POST', '/sign-in/code', body, { headers })
  assert.equal(reply.json['error'], 'wrong-code')
})

test('TOTP-05: a code three steps old and one that never was are answered alike', async () => {
  const [one, two] = [
    await addSomebody(copies.world, ['totp']),
    await addSomebody(copies.world, ['totp']),
  ]
  const never = [...Array(9).keys()].map((away) => at(two, away - 4))
  const random = ['123456', '654321', '271828'].find((code) => !never.includes(code)) ?? ''
  const replies = [await tryCode(one, at(one, -3)), await tryCode(two, random)]
  const said = replies.map(({ status, json }) => ({ status, ...json, request_id: null }))
  assert.deepEqual(said[0], said[1])
})

test('TOTP-05: the window stays as it is after many failures', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  for (let i = 0; i < 4; i++) await tryCode(person, at(person, 2))
  assert.equal((await tryCode(person, at(person, -2))).json['error'], 'wrong-code')
  assert.equal((await tryCode(person, at(person, -1))).status, 200)
})

test('TOTP-07: a set-up that was started and left changes nothing at sign-in', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const app = await startApp(visitor)
  assert.equal((await givePassword(copies.visitor(1), person)).json['next'], 'signed-in')
  const enrolled = await addSomebody(copies.world, ['totp'])
  const inside = await enter(copies, enrolled)
  const second = await startApp(inside, 'Second')
  copies.clock.advance(30)
  assert.equal((await tryCode(enrolled, at(second, 0))).json['error'], 'wrong-code')
  assert.equal((await tryCode(enrolled, at(enrolled, 0))).status, 200)
  assert.equal((await confirm(visitor, app.id, at(app, 0))).status, 200)
})

test('TOTP-07: starting again voids the first QR code', async () => {
  const visitor = await enter(copies, await addSomebody(copies.world))
  const first = await startApp(visitor)
  const second = await startApp(visitor)
  assert.equal((await confirm(visitor, first.id, at(first, 0))).status, 404)
  assert.equal((await confirm(visitor, second.id, at(first, 0))).json['error'], 'wrong-code')
  assert.equal((await confirm(visitor, second.id, at(second, 0))).status, 200)
})

test('TOTP-07: a set-up ends after 30 minutes, however fresh the step-up is', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  for (const [seconds, error] of [
    [1800, 'step-over'],
    [1799, undefined],
  ] as const) {
    const app = await startApp(visitor)
    copies.clock.advance(1700)
    await proveAgain(copies, visitor, person)
    copies.clock.advance(seconds - 1700)
    assert.equal((await confirm(visitor, app.id, at(app, 0))).json['error'], error)
  }
})

test('TOTP-11: two apps both work, each with its own replay state, and one is removed alone', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const phone = await addApp(copies, visitor, 'Phone')
  const laptop = await addApp(copies, visitor, 'Laptop')
  copies.clock.advance(30)
  const open = async (app: { id: string; key: string }) => {
    const door = copies.visitor(1)
    await givePassword(door, person)
    await door.api('POST', '/sign-in/method', { method: app.id })
    return giveCode(door, at(app, 0))
  }
  assert.equal((await open(phone)).status, 200)
  assert.equal((await open(laptop)).status, 200, 'the other app’s same step is not used up')
  const list = (await visitor.api('GET', '/methods')).json['methods'] as Record<string, string>[]
  assert.deepEqual(new Set(list.map(({ name }) => name)), new Set(['Laptop', 'Phone']))
  for (const { added_at: added } of list) assert.match(String(added), /^2026-11-24T/)
  assert.equal((await visitor.api('DELETE', `/methods/${phone.id}`)).status, 200)
  copies.clock.advance(30)
  assert.equal((await open(laptop)).status, 200)
  copies.clock.advance(30)
  const door = copies.visitor()
  await givePassword(door, person)
  assert.equal((await giveCode(door, at(phone, 0))).json['error'], 'wrong-code')
  assert.ok(await isIn(visitor))
})

test('TOTP-11: algorithm, digits and period are stored with each app, and only they decide', async () => {
  const person = await addSomebody(copies.world)
  const app = await addApp(copies, await enter(copies, person))
  const [row] = await rowsOf<{ parameters: object }>(copies, 'methods', person)
  assert.deepEqual(row?.parameters, { algorithm: 'SHA1', digits: 6, period: 30 })
  const secret = fromBase32(app.key)
  assert.ok(secret)
  for (const [algorithm, digits, period] of [
    ['SHA256', 8, 60],
    ['SHA512', 7, 20],
  ] as const) {
    const as = { algorithm, digits, period }
    await copies.sql.query('UPDATE methods SET parameters = $2, last_step = NULL WHERE id = $1', [
      app.id,
      JSON.stringify(as),
    ])
    const now = copies.clock.now()
    const usual = await tryCode(person, appCode(app, now))
    assert.equal(usual.json['error'], 'wrong-code')
    assert.equal((await tryCode(person, totpCode(secret, stepAt(now, as), as))).status, 200)
    const [used] = await rowsOf<{ last_step: number }>(copies, 'methods', person)
    assert.equal(used?.last_step, Math.floor(now.getTime() / 1000 / period))
  }
})

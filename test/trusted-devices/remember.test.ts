import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { cookie, enter, eventsOf, freshAppCode, isIn, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const dayLong = 86_400
const remember = { remember_device: true }

/** What comes after the right password in this browser. */
async function next(visitor: Visitor, person: Person): Promise<unknown> {
  return (await givePassword(visitor, person)).json['next']
}

const device = (person: Person) =>
  rowsOf<{ id: string; browser: string }>(copies, 'trusted_devices', person)

test('TD-01: it is offered unticked, with a warning, at the code screen and nowhere else', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  const door = await visitor.get('/sign-in')
  await givePassword(visitor, person)
  const screen = await visitor.get('/sign-in/code')
  const [box = ''] = /<input[^>]*name="remember_device"[^>]*>/.exec(screen.text) ?? []
  assert.match(box, /type="checkbox"/)
  assert.doesNotMatch(box, /\bchecked\b/)
  assert.match(screen.text, /Remember This Device[\s\S]{0,300}Not on a shared computer/)
  for (const { text } of [door, await visitor.get('/sign-in/recovery-code')]) {
    assert.doesNotMatch(text, /remember_device/)
  }
})

test('TD-01: without the tick nothing is remembered', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  for (const more of [{}, { remember_device: false }]) {
    const visitor = await enter(copies, person, more)
    assert.equal(cookie(visitor, 'device-'), '')
  }
  assert.equal((await device(person)).length, 0)
})

test('TD-03: used every day it still ends 14 days after the second step that made it', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, remember)
  for (let day = 1; day <= 13; day++) {
    copies.clock.advance(dayLong)
    visitor.base = copies.all[day % 2]?.base ?? ''
    assert.equal(await next(visitor, person), 'signed-in', `day ${day}`)
  }
  copies.clock.advance(dayLong - 1)
  assert.equal(await next(visitor, person), 'signed-in', 'a second before')
  copies.clock.advance(2)
  assert.equal(await next(visitor, person), 'second-step', '14 days and a second')
})

test('TD-03: the cookie asks for 14 days at most, also when it is renewed', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  const lives: number[] = []
  for (let i = 0; i < 3; i++) {
    const before = cookie(visitor, 'device-')
    const reply = i === 0 ? await firstTime(visitor, person) : await givePassword(visitor, person)
    const line = reply.setCookies.find((one) => one.startsWith('device-')) ?? ''
    lives.push(Number(/Max-Age=(\d+)/.exec(line)?.[1]))
    assert.notEqual(cookie(visitor, 'device-'), before)
    copies.clock.advance(90)
  }
  for (const life of lives) assert.ok(life > 0 && life <= 1_209_600, String(life))
})

async function firstTime(visitor: Visitor, person: Person) {
  await givePassword(visitor, person)
  const code = freshAppCode(copies, person)
  return visitor.api('POST', '/sign-in/code', { code, ...remember })
}

test('TD-06: the person sees their devices by browser, time and place, and removes one', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, remember)
  const other = await enter(copies, person, remember)
  const { json } = await visitor.api('GET', '/trusted-devices')
  const devices = json['devices'] as Record<string, unknown>[]
  assert.equal(devices.length, 2)
  assert.deepEqual(
    Object.keys(devices[0] ?? {}).toSorted(),
    ['browser', 'created_at', 'current', 'expires_at', 'id', 'last_used_at', 'source'],
    'no fingerprint, no token',
  )
  const mine = devices.find(({ current }) => current)
  const gone = await visitor.api('DELETE', `/trusted-devices/${String(mine?.['id'])}`)
  assert.equal(gone.status, 200)
  assert.equal(cookie(visitor, 'device-'), '', 'its cookie goes too')
  assert.equal(await next(other, person), 'signed-in')
  assert.equal((await device(person)).length, 1)
})

test('TD-06: a device that was removed elsewhere is asked for a code again', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const old = await enter(copies, person, remember)
  const visitor = await enter(copies, person)
  const [row] = await device(person)
  await visitor.api('DELETE', `/trusted-devices/${row?.id}`)
  assert.equal(await next(old, person), 'second-step')
  assert.equal(await next(old.copy(copies.all[1]?.base), person), 'second-step')
})

test('TD-06: all are removed at once', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browsers = [await enter(copies, person, remember), await enter(copies, person, remember)]
  const visitor = await enter(copies, person)
  const reply = await visitor.api('DELETE', '/trusted-devices')
  assert.equal(reply.json['forgotten'], 2)
  for (const browser of browsers) assert.equal(await next(browser, person), 'second-step')
})

test('TD-06: signing out keeps the trust and offers to forget it, which removes row and cookie', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, remember)
  const out = await visitor.post('/sign-out', {})
  const offer = out.headers.get('location') ?? ''
  assert.match(offer, /^\/signed-out\?device=/)
  assert.ok(cookie(visitor, 'device-'))
  assert.equal(await next(visitor, person), 'signed-in')
  await visitor.post('/sign-out', {})
  const page = await visitor.get(offer)
  assert.match(page.text, /action="\/signed-out\/forget"/)
  const id = offer.split('=')[1] ?? ''
  const thief = copies.visitor()
  assert.equal((await thief.api('DELETE', '/trusted-device', { device: id })).status, 404)
  assert.equal((await visitor.post('/signed-out/forget', { device: id })).status, 303)
  assert.equal(cookie(visitor, 'device-'), '')
  assert.equal((await device(person)).length, 0)
  assert.equal(await next(visitor, person), 'second-step')
})

test('TD-06: two accounts in one browser keep their own trust', async () => {
  const [ann, ben] = [
    await addSomebody(copies.world, ['totp']),
    await addSomebody(copies.world, ['totp']),
  ]
  const visitor = await enter(copies, ann, remember)
  visitor.jar.delete('session')
  await enter(copies, ben, remember, visitor)
  assert.equal([...visitor.jar.keys()].filter((name) => name.startsWith('device-')).length, 2)
  for (const person of [ann, ben, ann]) {
    visitor.jar.delete('session')
    assert.equal(await next(visitor, person), 'signed-in')
    assert.ok(await isIn(visitor))
  }
  await visitor.api('DELETE', '/trusted-devices')
  visitor.jar.delete('session')
  assert.equal(await next(visitor, ben), 'signed-in', 'ann forgot only her own')
  assert.ok((await eventsOf(copies, ann)).includes('device.all-forgotten'))
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId } from '../../src/crypto/random.ts'
import { deviceToken } from '../../src/crypto/tokens.ts'
import { check } from '../../src/sessions/check.ts'
import { end, endOthers } from '../../src/sessions/end.ts'
import { lookAt as lookAtSession } from '../../src/sessions/look-at.ts'
import { look } from '../../src/sessions/look.ts'
import type { Visitor } from '../../src/sign-in/visitor.ts'
import { forgetThis, lookAtThis } from '../../src/trusted-devices/forget-this.ts'
import { forget, forgetAll } from '../../src/trusted-devices/forget.ts'
import { leave } from '../../src/trusted-devices/leave.ts'
import { list, lookAt } from '../../src/trusted-devices/look-at.ts'
import type { Person } from '../support/people.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { addSomebody } from '../support/people.ts'
import { signedIn, someVisitor, testWorld } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'

/** Signs in with the trust cookies of that browser. */
async function enter(world: TestWorld, person: Person, browser: Visitor = someVisitor()) {
  return { ...browser, ...(await signedIn(world, person, browser)) }
}

/** A browser that the person ticked "Remember This Device" in. */
async function trustedBrowser(world: TestWorld, person: Person) {
  const now = world.clock()
  const id = newId(now, world.random)
  await world.sql.query(
    `INSERT INTO trusted_devices (id, account_id, epoch, rotated_at, created_at, last_used_at,
       expires_at, source, browser)
     SELECT $1, id, epoch, $3, $3, $3, $4, '10.0.0.1', 'Firefox on Linux' FROM accounts WHERE id = $2`,
    [id, person.id, now, new Date(now.getTime() + 14 * 86_400_000)],
  )
  return { id, browser: someVisitor({ deviceCookies: [deviceToken(world.keys, id, 0)] }) }
}

test('TD-06: signing out keeps the trust and names the device, so that it can be forgotten', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  const { id, browser } = await trustedBrowser(world, person)
  const who = await enter(world, person, browser)
  const left = await leave(world, who)
  assert.ok(left.ok && left.trusted_device === id)
  assert.deepEqual(left.cookies, { session: null })
  assert.equal(await check(world, who.cookie), null, 'the session is dead')
  const offered = await lookAtThis(world, browser, { device: id })
  assert.ok(offered.ok && offered.device === id)
  const forgotten = await forgetThis(world, browser, { device: id })
  assert.ok(forgotten.ok)
  assert.deepEqual(forgotten.cookies.device, { accountId: person.id, token: null })
  const after = await lookAtThis(world, browser, { device: id })
  assert.ok(after.ok && after.device === null)
})

test('TD-06: only the browser that holds the cookie can forget a device without a session', async () => {
  const world = testWorld(await memoryDatabase())
  const { id } = await trustedBrowser(world, await addSomebody(world, ['totp']))
  const other = await trustedBrowser(world, await addSomebody(world, ['totp']))
  for (const browser of [someVisitor(), other.browser]) {
    const looked = await lookAtThis(world, browser, { device: id })
    assert.ok(looked.ok && looked.device === null && looked.until === null)
    const refused = await forgetThis(world, browser, { device: id })
    assert.ok(!refused.ok && refused.reason === 'not-found')
  }
  assert.equal((await world.sql.query('SELECT 1 FROM trusted_devices')).length, 2)
})

test('TD-06, ENR-09: a person sees and removes their own devices, and nobody else’s', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  const here = await trustedBrowser(world, person)
  const there = await trustedBrowser(world, person)
  const foreign = await trustedBrowser(world, await addSomebody(world, ['totp']))
  const who = await enter(world, person, here.browser)
  const seen = await list(world, who)
  assert.ok(seen.ok)
  const current = new Map(seen.devices.map((device) => [device.id, device.current]))
  assert.deepEqual([current.get(here.id), current.get(there.id), current.size], [true, false, 2])
  for (const refused of [
    await lookAt(world, who, { id: foreign.id }),
    await forget(world, who, { id: foreign.id }),
  ])
    assert.ok(!refused.ok && refused.reason === 'not-found')
  const other = await forget(world, who, { id: there.id })
  assert.ok(other.ok && other.cookies.device === undefined, 'this browser keeps its own')
  const own = await forget(world, who, { id: here.id })
  assert.ok(own.ok && own.cookies.device?.token === null)
  const all = await forgetAll(world, who)
  assert.ok(all.ok && all.forgotten === 0)
})

test('SES-06, TD-05: ending all others ends trust too and renews this session’s id', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  await trustedBrowser(world, person)
  const who = await signedIn(world, person)
  const others = [await signedIn(world, person), await signedIn(world, person)]
  const ended = await endOthers(world, who)
  assert.ok(ended.ok && ended.ended === 2)
  for (const other of [who, ...others]) assert.equal(await check(world, other.cookie), null)
  assert.notEqual(await check(world, ended.cookies.session), null)
  assert.deepEqual(await world.sql.query('SELECT 1 FROM trusted_devices'), [])
  const late = await endOthers(world, who)
  assert.ok(!late.ok && late.reason === 'changed')
})

test('SES-06, ENR-09: one session is ended, the own one with its cookie, a foreign one never', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world)
  const who = await signedIn(world, person)
  const other = await signedIn(world, person)
  const stranger = await signedIn(world, await addSomebody(world))
  const foreign = { id: stranger.session.id }
  for (const refused of [await end(world, who, foreign), await lookAtSession(world, who, foreign)])
    assert.ok(!refused.ok && refused.reason === 'not-found')
  const seen = await lookAtSession(world, who, { id: other.session.id })
  assert.ok(seen.ok && !seen.current)
  const there = await end(world, who, { id: other.session.id })
  assert.ok(there.ok)
  assert.deepEqual(there.cookies, {})
  const here = await end(world, who, { id: who.session.id })
  assert.ok(here.ok)
  assert.deepEqual(here.cookies, { session: null })
  assert.equal(await check(world, who.cookie), null)
})

test('SES-04: the session check says what was proven and holds nothing of the cookie', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world)
  const who = await signedIn(world, person)
  const seen = await look(world, who)
  assert.ok(seen.ok && seen.account.email === person.email)
  assert.deepEqual(seen.proofs, {
    password_at: world.clock(),
    second_step_at: null,
    second_step_kind: null,
    trusted_device: false,
  })
  assert.deepEqual(Object.keys(seen).toSorted(), ['account', 'expires_at', 'ok', 'proofs', 'teams'])
})

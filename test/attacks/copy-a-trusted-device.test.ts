import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { cookie, enter, eventsOf, isIn, mailsTo, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const alarm = 'Twostep: A trusted device may have been copied'

/** Somebody's browser, trusted and signed out. */
async function trustedBrowser(): Promise<{ person: Person; owner: Visitor }> {
  const person = await addSomebody(copies.world, ['totp'])
  const owner = await enter(copies, person, { remember_device: true })
  owner.jar.delete('session')
  return { person, owner }
}

/** Gives the password and signs out again when that was enough. */
async function enterAndLeave(visitor: Visitor, person: Person): Promise<unknown> {
  const { json } = await givePassword(visitor, person)
  visitor.jar.delete('session')
  return json['next']
}

const devices = async (person: Person) => (await rowsOf(copies, 'trusted_devices', person)).length

async function assertAlarm(person: Person): Promise<void> {
  assert.equal(await devices(person), 0, 'the record is gone')
  const mails = await mailsTo(copies, person)
  assert.equal(mails.filter((subject) => subject === alarm).length, 1, 'one mail')
  const theft = (await eventsOf(copies, person)).filter((kind) => kind === 'device.theft-suspected')
  assert.equal(theft.length, 1)
}

test('TD-07: each use gives the browser another token', async () => {
  const { person, owner } = await trustedBrowser()
  const seen = new Set([cookie(owner, 'device-')])
  for (let i = 1; i <= 5; i++) {
    assert.equal(await enterAndLeave(owner, person), 'signed-in')
    seen.add(cookie(owner, 'device-'))
    copies.clock.advance(3600)
  }
  assert.equal(seen.size, 6)
})

test('TD-07: a copied token is noticed when its owner comes back: code asked, record gone, mail', async () => {
  const { person, owner } = await trustedBrowser()
  const thief = owner.copy(copies.all[1]?.base)
  for (let i = 0; i < 2; i++) {
    assert.equal(await enterAndLeave(thief, person), 'signed-in')
    copies.clock.advance(3600)
  }
  assert.equal(await enterAndLeave(owner, person), 'second-step')
  await assertAlarm(person)
  assert.equal(await enterAndLeave(thief, person), 'second-step', 'the copy is worth nothing now')
})

test('TD-07: a copied token that comes after the owner’s next sign-ins is a theft', async () => {
  const { person, owner } = await trustedBrowser()
  const thief = owner.copy(copies.all[1]?.base)
  for (let i = 0; i < 2; i++) await enterAndLeave(owner, person)
  assert.equal(await enterAndLeave(thief, person), 'second-step')
  assert.ok(!(await isIn(thief)))
  await assertAlarm(person)
})

test('TD-07: an old token in many requests at once is one theft and one mail', async () => {
  const { person, owner } = await trustedBrowser()
  const old = owner.copy()
  for (let i = 0; i < 2; i++) await enterAndLeave(owner, person)
  const thieves = Array.from({ length: 10 }, (_none, i) => old.copy(copies.all[i % 2]?.base))
  const nexts = await Promise.all(thieves.map((thief) => enterAndLeave(thief, person)))
  assert.deepEqual([...new Set(nexts)], ['second-step'])
  await assertAlarm(person)
})

test('TD-07: two tabs that sign in at once, at two copies, both get in and stay trusted', async () => {
  const { person, owner } = await trustedBrowser()
  const tabs = Array.from({ length: 6 }, (_none, i) => owner.copy(copies.all[i % 2]?.base))
  const nexts = await Promise.all(tabs.map((tab) => enterAndLeave(tab, person)))
  assert.deepEqual([...new Set(nexts)], ['signed-in'])
  assert.equal(new Set(tabs.map((tab) => cookie(tab, 'device-'))).size, 1, 'all have the next one')
  copies.clock.advance(3600)
  assert.equal(await enterAndLeave(tabs[0] ?? owner, person), 'signed-in')
  assert.equal(await devices(person), 1)
})

test('TD-07: a reply that was lost: within a minute the token before it is still good', async () => {
  const { person, owner } = await trustedBrowser()
  const lost = owner.copy()
  assert.equal(await enterAndLeave(lost, person), 'signed-in')
  copies.clock.advance(59)
  assert.equal(await enterAndLeave(owner, person), 'signed-in')
  assert.equal(cookie(owner, 'device-'), cookie(lost, 'device-'))
  copies.clock.advance(3600)
  assert.equal(await enterAndLeave(owner, person), 'signed-in')
})

test('TD-07: after that minute it is a theft', async () => {
  const { person, owner } = await trustedBrowser()
  const copy = owner.copy()
  assert.equal(await enterAndLeave(owner, person), 'signed-in')
  copies.clock.advance(60)
  assert.equal(await enterAndLeave(copy, person), 'second-step')
  await assertAlarm(person)
  assert.equal(await enterAndLeave(owner, person), 'second-step')
})

test('TD-07: using the token before it again does not give it another minute', async () => {
  const { person, owner } = await trustedBrowser()
  const copy = owner.copy()
  assert.equal(await enterAndLeave(owner, person), 'signed-in')
  copies.clock.advance(40)
  assert.equal(await enterAndLeave(copy.copy(), person), 'signed-in')
  copies.clock.advance(40)
  assert.equal(await enterAndLeave(copy.copy(), person), 'second-step')
  await assertAlarm(person)
})

test('TD-07: an old token with a wrong password is no theft: nothing is told or removed', async () => {
  const { person, owner } = await trustedBrowser()
  const old = owner.copy()
  for (let i = 0; i < 2; i++) await enterAndLeave(owner, person)
  await givePassword(old, { email: person.email, password: 'not the right password' })
  assert.equal(await devices(person), 1)
  assert.ok(!(await mailsTo(copies, person)).includes(alarm))
})

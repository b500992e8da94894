import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lookAt } from '../../src/methods/look-at.ts'
import { lookAtNewNumber } from '../../src/methods/look-at-new-number.ts'
import { lookAtOffer } from '../../src/methods/look-at-offer.ts'
import { offers } from '../../src/methods/offers.ts'
import { remove } from '../../src/methods/remove.ts'
import { askNewNumber } from '../../src/methods/use-new-number.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { addSomebody } from '../support/people.ts'
import { sameMember, signedIn, testWorld } from '../support/world.ts'

test('ENR-08, SMS-02: kinds are offered strongest first, each with what stands in its way', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  await world.sql.query('UPDATE accounts SET phone = NULL, email_verified_at = NULL')
  const offered = await offers(world, await signedIn(world, person))
  assert.ok(offered.ok)
  assert.deepEqual(
    offered.offers.map(({ kind, strength, why_not }) => [kind, strength, why_not]),
    [
      ['totp', 'good', null],
      ['sms', 'restricted', 'phone-missing'],
      ['email', 'weakest', 'email-unverified'],
    ],
  )
})

test('PRV-02: an offer and a method never hold more of a destination than its mask', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['sms', 'email'])
  const who = await signedIn(world, person)
  const shown = JSON.stringify([
    await offers(world, who),
    await lookAtOffer(world, who, { kind: 'sms' }),
    await lookAt(world, who, { id: person.methods['sms'] ?? '' }),
  ])
  assert.ok(!shown.includes(person.phone) && !shown.includes(person.email))
  assert.ok(shown.includes(`••• ••• ${person.phone.slice(-2)}`))
})

test('SMS-02: who starts with a weaker kind is pointed to the app, unless one is on', async () => {
  const world = testWorld(await memoryDatabase())
  const before = await lookAtOffer(world, await signedIn(world, await addSomebody(world)), {
    kind: 'sms',
  })
  assert.ok(before.ok && before.stronger?.kind === 'totp')
  const holder = await signedIn(world, await addSomebody(world, ['totp']))
  const after = await lookAtOffer(world, holder, { kind: 'sms' })
  assert.ok(after.ok && after.stronger === null)
  const second = await lookAtOffer(world, holder, { kind: 'totp' })
  assert.ok(second.ok && second.suggested_name === 'Authenticator app 2')
  const unknown = await lookAtOffer(world, holder, { kind: 'pigeon' })
  assert.ok(!unknown.ok && unknown.reason === 'not-found')
})

test('ENR-09: another person’s method is not there', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['sms'])
  const stranger = await signedIn(world, await addSomebody(world))
  const id = person.methods['sms'] ?? ''
  for (const refused of [
    await lookAt(world, stranger, { id }),
    await lookAtNewNumber(world, stranger, { id }),
  ])
    assert.ok(!refused.ok && refused.reason === 'not-found')
})

test('A9: the move to a new number shows both, masked, and how far its code is', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['sms'])
  const id = person.methods['sms'] ?? ''
  const same = await lookAtNewNumber(world, await signedIn(world, person), { id })
  assert.ok(!same.ok && same.reason === 'already-done')
  await world.sql.query("UPDATE accounts SET phone = '+447700900199'")
  const who = await signedIn(world, person)
  const before = await lookAtNewNumber(world, who, { id })
  assert.ok(before.ok && before.progress === null && before.to === '••• ••• 99')
  assert.ok((await askNewNumber(world, who, { id })).ok)
  const asked = await lookAtNewNumber(world, who, { id })
  assert.ok(asked.ok && asked.progress?.message_state === 'accepted')
  await world.sql.query("UPDATE accounts SET phone = '+447700900177'")
  const moved = await lookAtNewNumber(world, await sameMember(world, who, who.cookie), { id })
  assert.ok(moved.ok && moved.progress === null, 'a code to another number is worth nothing')
})

test('ENR-06: with a method go the open requests that name its destination', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['sms', 'totp'])
  const id = person.methods['sms'] ?? ''
  await world.sql.query("UPDATE accounts SET phone = '+447700900199'")
  const who = await signedIn(world, person)
  await askNewNumber(world, who, { id })
  assert.ok((await remove(world, who, { id })).ok)
  assert.deepEqual(await world.sql.query('SELECT 1 FROM challenges'), [])
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CarrierFailed } from '../../src/delivery/port.ts'
import type { Carrier, Letter } from '../../src/delivery/port.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, enter, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { giveCode, givePassword, wrongCode } from '../support/steps.ts'

/** A provider that can be down. */
const post: Letter[] = []
let down = false
const send: Carrier['send'] = async (letter) => {
  if (down) throw new CarrierFailed('down')
  post.push(letter)
  return { reference: null }
}
const carriers: Carrier[] = [
  { name: 'post', channel: 'mail', send },
  { name: 'texts', channel: 'text', send },
]

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, carriers })
})
after(() => copies.stop())

const mailsTo = (to: string) =>
  post.flatMap((letter) => (letter.channel === 'mail' && letter.to === to ? [letter.subject] : []))

test('NTF-05: with the provider down the change is made, its notice waits, and is sent once later', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  down = true
  await addApp(copies, visitor)
  const list = (await visitor.api('GET', '/methods')).json['methods'] as unknown[]
  assert.equal(list.length, 1, 'the method is on')
  const [row] = await rowsOf<{ accepted_at: Date | null }>(copies, 'messages', person)
  assert.ok(row && row.accepted_at === null, 'and the notice is queued')
  assert.deepEqual(mailsTo(person.email), [])
  down = false
  copies.clock.advance(3600)
  await copies.delivered()
  assert.deepEqual(mailsTo(person.email), ['Twostep: A two-step method was turned on'])
  copies.clock.advance(7200)
  await copies.delivered()
  assert.equal(mailsTo(person.email).length, 1, 'once')
})

test('NTF-05: a notice is tried for days', async () => {
  const person = await addSomebody(copies.world)
  down = true
  await addApp(copies, await enter(copies, person))
  const tries = async () => {
    const [row] = await rowsOf<{ tries: number; failed_at: Date | null }>(
      copies,
      'messages',
      person,
    )
    assert.ok(row)
    assert.equal(row.failed_at, null)
    return row.tries
  }
  for (let hours = 0; hours < 48; hours += 12) {
    const before = await tries()
    copies.clock.advance(12 * 3600)
    for (let i = 0; i < 200 && (await tries()) === before; i++) {
      for (const { world } of copies.all) world.delivery.wake()
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    assert.ok((await tries()) > before, `after ${hours + 12} hours`)
  }
  down = false
  copies.clock.advance(12 * 3600)
  await copies.delivered()
  assert.equal(mailsTo(person.email).length, 1)
})

test('NTF-05: repeats are merged: two stopped sign-ins in an hour are one mail, the next hour’s another', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const stopped = 'Twostep: A sign-in with your password was stopped'
  const stop = async () => {
    const door = copies.visitor()
    await givePassword(door, person)
    for (let i = 0; i < 5; i++) await giveCode(door, wrongCode(person, copies.clock.now()))
    // The wait after ten failures in a row is not what this is about.
    await copies.sql.query('UPDATE methods SET failures = 0 WHERE account_id = $1', [person.id])
  }
  for (let i = 0; i < 2; i++) await stop()
  await copies.delivered()
  assert.deepEqual(mailsTo(person.email), [stopped])
  copies.clock.advance(3601)
  await stop()
  await copies.delivered()
  assert.deepEqual(mailsTo(person.email), [stopped, stopped])
})

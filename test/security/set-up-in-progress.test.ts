import assert from 'node:assert/strict'
import { test } from 'node:test'
import { confirm } from '../../src/methods/confirm.ts'
import { lookAtDelivery } from '../../src/methods/look-at-delivery.ts'
import { lookAtPending, showPendingAgain } from '../../src/methods/look-at-pending.ts'
import { sendCodeAgain } from '../../src/methods/send-code-again.ts'
import { setUp } from '../../src/methods/set-up.ts'
import type { Member } from '../../src/sessions/session.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { addSomebody } from '../support/people.ts'
import { signedIn, testWorld } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'

const app = { kind: 'totp', name: 'Phone', notice_accepted: false }
const text = { kind: 'sms', name: null, notice_accepted: true }

async function start(world: TestWorld, who: Member, what: typeof app | typeof text) {
  const started = await setUp(world, who, what)
  assert.ok(started.ok)
  return started
}

/** What the pages of a set-up may show of its key. */
async function keys(world: TestWorld, who: Member, id: string) {
  const again = await showPendingAgain(world, who, { id })
  const looked = await lookAtPending(world, who, { id })
  return {
    again: again.ok ? (again.shown['key'] ?? null) : again.reason,
    looked: looked.ok ? (looked.shown['key'] ?? null) : looked.reason,
  }
}

test('TOTP-08: only a refused code of the set-up’s own session gets its key again', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world)
  const who = await signedIn(world, person)
  const started = await start(world, who, app)
  assert.deepEqual(await keys(world, who, started.id), {
    again: started.shown['key'],
    looked: null,
  })
  const elsewhere = await signedIn(world, person)
  assert.deepEqual(await keys(world, elsewhere, started.id), { again: null, looked: null })
  const stranger = await signedIn(world, await addSomebody(world))
  const nothing = { again: 'not-found', looked: 'not-found' }
  assert.deepEqual(await keys(world, stranger, started.id), nothing)
})

test('TOTP-08: a set-up whose time or tries ran out shows its key to nobody', async () => {
  const world = testWorld(await memoryDatabase())
  const who = await signedIn(world, await addSomebody(world))
  const { id } = await start(world, who, app)
  for (let i = 0; i < 5; i++) await confirm(world, who, { id, code: 'nonsense' })
  assert.deepEqual(await keys(world, who, id), { again: null, looked: null })
  const second = await start(world, who, app)
  world.time.pass({ minutes: 31 })
  assert.deepEqual(await keys(world, who, second.id), { again: null, looked: null })
})

test('TOTP-07: a set-up that another one took the place of is over, and says so', async () => {
  const world = testWorld(await memoryDatabase())
  const who = await signedIn(world, await addSomebody(world))
  const first = await start(world, who, app)
  await start(world, who, text)
  assert.deepEqual(await keys(world, who, first.id), { again: null, looked: null })
  const refused = await confirm(world, who, { id: first.id, code: '123456' })
  assert.ok(!refused.ok && refused.reason === 'step-over')
  const counts = await world.sql.query<{ failures: number }>('SELECT failures FROM methods')
  assert.deepEqual(counts, [{ failures: 0 }, { failures: 0 }], 'no count was charged for it')
})

test('LIM-06: five wrong codes end a set-up, and it says what to do', async () => {
  const world = testWorld(await memoryDatabase())
  const who = await signedIn(world, await addSomebody(world))
  const { id } = await start(world, who, app)
  const reasons: string[] = []
  for (let i = 0; i < 6; i++) {
    const refused = await confirm(world, who, { id, code: 'nonsense' })
    reasons.push(refused.ok ? 'on' : refused.reason)
  }
  const wrong = Array<string>(4).fill('wrong-code')
  assert.deepEqual(reasons, [...wrong, 'too-many-wrong-codes', 'too-many-wrong-codes'])
})

test('CODE-04: a set-up’s code can be sent again and its delivery asked for, by its own id only', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world)
  const who = await signedIn(world, person)
  const { id } = await start(world, who, text)
  const said = await lookAtDelivery(world, who, { id })
  assert.ok(said.ok && said.state === 'accepted')
  world.time.pass({ seconds: 30 })
  const again = await sendCodeAgain(world, who, { id })
  assert.ok(again.ok)
  const codes = (await world.letters()).flatMap((letter) =>
    letter.channel === 'text' ? [/\d{6}/.exec(letter.body)?.[0]] : [],
  )
  assert.equal(codes.length, 2)
  assert.equal(codes[0], codes[1])
  const stranger = await signedIn(world, await addSomebody(world))
  for (const refused of [
    await sendCodeAgain(world, stranger, { id }),
    await lookAtDelivery(world, stranger, { id }),
  ])
    assert.ok(!refused.ok && refused.reason === 'not-found')
})

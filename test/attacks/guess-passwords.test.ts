import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { emailKey } from '../../src/accounts/email.ts'
import { guessKeys } from '../../src/accounts/guesses.ts'
import { cleanUp } from '../../src/clean-up.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { eventsOf } from '../support/rows.ts'
import { givePassword } from '../support/steps.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const attacker = '10.66.0.1'
const home = '10.1.0.1'
const hour = 3600

test('LIM-08: after 90 wrong passwords from elsewhere the owner signs in at once', async () => {
  const person = await addSomebody(copies.world)
  await guessThroughWaits(person, 90)
  assert.equal(await guessesLookedAt(person), 90)
  assert.equal(await give(person, { from: attacker }), 401, 'the attacker waits even when right')
  assert.equal(await give(person, { from: home }), 200)
})

test('LIM-08: the hundredth wrong password in a row closes the account for everybody', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await guessThroughWaits(person, 99)
  const other = '10.66.0.2'
  assert.equal(await give(person, { from: other, password: 'the hundredth' }), 401)
  for (const from of [home, other, attacker]) {
    copies.clock.advance(2 * hour)
    assert.equal(await give(person, { from }), 401, 'right, and refused')
  }
  await passDays(400)
  assert.equal(await give(person, { from: home }), 401, 'time alone opens nothing')
})

test('LIM-08: failures in a row are not forgotten by waiting, also below a hundred', async () => {
  const person = await addSomebody(copies.world)
  await guessThroughWaits(person, 99)
  await passDays(30)
  assert.equal(await give(person, { from: '10.66.0.3', password: 'the hundredth' }), 401)
  assert.equal(await give(person, { from: home }), 401)
})

test('LIM-08: a hundred sources with one guess each reach the limit of the account', async () => {
  const person = await addSomebody(copies.world)
  for (let i = 0; i < 100; i++) {
    await give(person, { from: `10.67.${i}.1`, password: `guess ${i}`, copy: i % 2 })
  }
  assert.equal(await guessesLookedAt(person), 100)
  assert.equal(await give(person, { from: home }), 401)
})

test('LIM-08: from the tenth wrong password on one source waits, 30 seconds and then twice that', async () => {
  const person = await addSomebody(copies.world)
  for (let i = 0; i < 10; i++) await give(person, { from: attacker, password: `guess ${i}` })
  copies.clock.advance(29)
  assert.equal(await give(person, { from: attacker }), 401)
  copies.clock.advance(1)
  assert.equal(await give(person, { from: attacker, password: 'the eleventh' }), 401)
  copies.clock.advance(59)
  assert.equal(await give(person, { from: attacker }), 401)
  copies.clock.advance(1)
  assert.equal(await give(person, { from: attacker }), 200)
})

test('LIM-08, LIM-05: 100 guesses at once over two copies: ten are looked at', async () => {
  const person = await addSomebody(copies.world)
  const guesses = Array.from({ length: 100 }, (_none, i) =>
    give(person, { from: attacker, password: `guess ${i}`, copy: i % 2 }),
  )
  const statuses = await Promise.all(guesses)
  assert.ok(statuses.every((status) => status === 401))
  assert.equal(await guessesLookedAt(person), 10)
  const refused = (await eventsOf(copies.sql, person.id)).filter(
    (kind) => kind === 'sign-in.refused-by-limit',
  )
  assert.equal(refused.length, 90)
  assert.equal(await countedFor(person), 10, 'the others bring it no nearer to its closing')
})

test('LIM-08: good sign-ins to an account of one’s own give no guesses at others’', async () => {
  const from = '10.68.0.1'
  const own = await addSomebody(copies.world)
  const victims = await Promise.all(Array.from({ length: 35 }, () => addSomebody(copies.world)))
  let lookedAt = 0
  for (const victim of victims) {
    await give(own, { from })
    await give(victim, { from, password: 'the same guess for all' })
    lookedAt += await guessesLookedAt(victim)
  }
  assert.equal(lookedAt, 30)
  const [first] = victims
  assert.ok(first)
  assert.equal(await give(first, { from }), 401, 'right, and refused')
  assert.equal(await give(first, { from: home }), 200)
  copies.clock.advance(60)
  assert.equal(await give(first, { from }), 200, 'a try a minute comes back')
})

test('LIM-08: a success on another account does not end the wait at the first', async () => {
  const [own, victim] = [await addSomebody(copies.world), await addSomebody(copies.world)]
  const from = '10.68.0.2'
  for (let i = 0; i < 10; i++) {
    await give(victim, { from, password: `guess ${i}` })
    assert.equal(await give(own, { from }), 200)
  }
  assert.equal(await give(victim, { from }), 401)
  assert.equal(await guessesLookedAt(victim), 10)
})

test('LIM-08: other ways to write the address count as the same', async () => {
  const person = await addSomebody(copies.world)
  const { email } = person
  const from = '10.68.0.3'
  const ways = [email, email.toUpperCase(), ` ${email}`, email.replace('.com', '.COM')]
  for (let i = 0; i < 12; i++) {
    await give({ ...person, email: ways[i % ways.length] ?? email }, { from, password: `${i}` })
  }
  assert.equal(await guessesLookedAt(person), 10)
})

/** Gives a password, the right one unless told; gives the status. */
async function give(
  person: Pick<Person, 'email' | 'password'>,
  { from, password, copy = 0 }: { from: string; password?: string; copy?: number },
): Promise<number> {
  const visitor = copies.visitor(copy)
  visitor.jar.set('visitor', 'a'.repeat(22))
  const { email } = person
  const given = { email, password: password ?? person.password }
  return (await givePassword(visitor, given, from)).status
}

/** So many wrong passwords from the attacker, with the clock moved through every wait. */
async function guessThroughWaits(person: Person, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    if (i >= 10) copies.clock.advance(hour)
    await give(person, { from: attacker, password: `guess ${i}`, copy: i % 2 })
  }
}

/** How many wrong passwords were compared, not merely refused. */
async function guessesLookedAt(person: Person): Promise<number> {
  const events = await eventsOf(copies.sql, person.id)
  return events.filter((kind) => kind === 'sign-in.password-wrong').length
}

/** What is counted against the account, of all sources. */
async function countedFor({ email }: Person): Promise<number | undefined> {
  const nobody = { requestId: '', source: '', browser: '' }
  const { account } = guessKeys(copies.world, nobody, emailKey(email))
  const [row] = await copies.sql.query<{ count: number }>(
    'SELECT count FROM guesses WHERE key = $1 AND known',
    [account],
  )
  return row?.count
}

/** Lets days go by, with the clean-up that runs every hour. */
async function passDays(days: number): Promise<void> {
  copies.clock.advance(days * 24 * hour)
  await cleanUp({ ...copies.world, sql: withoutEvents(copies.world.sql) })
}

/** The security log keeps its rows by the database's own clock, which nobody moves. */
function withoutEvents(sql: Copies['sql']): Copies['sql'] {
  return {
    ...sql,
    query: async (text, values) =>
      text.includes('DELETE FROM events') ? [] : sql.query(text, values),
  }
}

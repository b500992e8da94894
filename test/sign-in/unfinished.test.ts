/** NTF-04: a right password that no second step followed is told, on both databases. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cleanUp } from '../../src/clean-up.ts'
import type { Sql } from '../../src/database/port.ts'
import type { Letter } from '../../src/delivery/port.ts'
import { answer } from '../../src/sign-in/answer.ts'
import { cancel } from '../../src/sign-in/cancel.ts'
import { givePassword } from '../../src/sign-in/give-password.ts'
import { lookAtUnfinished } from '../../src/sign-in/look-at-unfinished.ts'
import { reportUnfinished } from '../../src/sign-in/report-unfinished.ts'
import { seeUnfinished } from '../../src/sign-in/see-unfinished.ts'
import { hashToken } from '../../src/crypto/tokens.ts'
import { databases } from '../delivery/databases.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { eventsOf } from '../support/rows.ts'
import { appCode, wrongCode } from '../support/steps.ts'
import { signedIn, someVisitor, testWorld } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'

const thief = { source: '203.0.113.9', browser: 'Chrome on Windows' }
const home = { source: '198.51.100.4', browser: 'Firefox on Linux' }
type From = typeof thief

const notFinished = 'A sign-in with your password was not finished'

/** The right password, from there; gives the visitor with the pending sign-in. */
async function pending(world: TestWorld, person: Person, from: From) {
  const { email, password } = person
  const who = someVisitor(from)
  const arrived = await givePassword(world, who, { email, password, return_to: null })
  assert.ok(arrived.ok && arrived.next === 'second-step')
  return { ...who, signIn: hashToken(arrived.cookies.signIn ?? '') }
}

/** Signs in with both steps, from there. */
async function signInFrom(world: TestWorld, person: Person, from: From): Promise<void> {
  const who = await pending(world, person, from)
  const code = appCode(person, world.clock())
  assert.ok((await answer(world, who, { code, remember_device: false })).ok)
}

const mailsTo = async (world: TestWorld, { email }: Person) =>
  (await world.letters()).filter((letter) => letter.to === email)

const subjects = (letters: readonly Letter[]) =>
  letters.map((letter) => (letter.channel === 'mail' ? letter.subject.replace(/^\w+: /, '') : ''))

async function seenOnHome(world: TestWorld, person: Person) {
  const who = await signedIn(world, person)
  return { who, ...(await lookAtUnfinished(world, who)) }
}

for (const [name, open] of Object.entries(databases)) {
  const database = open()
  const freshWorld = async (): Promise<TestWorld> => testWorld((await database)())
  const stage = async () => {
    const world = await freshWorld()
    // The database is the same for all tests: nothing of those before is left to report.
    world.time.pass({ days: ++days })
    await reportUnfinished(world)
    return { world, person: await addSomebody(world, ['totp']) }
  }
  let days = 0

  test(`${name}: NTF-04: one that expired is told by mail and on Home: what, when, from where`, async () => {
    const { world, person } = await stage()
    const at = world.clock()
    await pending(world, person, thief)
    world.time.pass({ minutes: 9, seconds: 59 })
    assert.equal(await reportUnfinished(world), 0, 'it may still be finished')
    world.time.pass({ minutes: 2 })
    assert.equal(await reportUnfinished(world), 1)
    assert.equal(await reportUnfinished(world), 0, 'each is reported once')
    const [mail, ...more] = await mailsTo(world, person)
    assert.ok(mail?.channel === 'mail' && more.length === 0)
    assert.deepEqual(subjects([mail]), [notFinished])
    assert.match(mail.text, /somebody else knows your password: change it now/)
    assert.match(mail.text, /Browser: Chrome on Windows\nFrom: 203\.0\.113\.9\n/)
    assert.match(mail.text, /\/not-me\/[\w-]{43}/)
    assert.equal((await eventsOf(world.sql, person.id)).at(-1), 'sign-in.unfinished')
    const { unfinished } = await seenOnHome(world, person)
    assert.deepEqual(unfinished, [{ at, why: 'not-finished', ...thief }])
  })

  test(`${name}: NTF-04: killed after the last try was spent and before it was told: told later`, async () => {
    const { world, person } = await stage()
    await pending(world, person, thief)
    const spend = 'UPDATE challenges SET attempts_left = 0 WHERE account_id = $1'
    await world.sql.query(spend, [person.id])
    world.time.pass({ minutes: 11 })
    assert.equal(await reportUnfinished(world), 1)
    assert.deepEqual(subjects(await mailsTo(world, person)), [notFinished])
    assert.equal((await eventsOf(world.sql, person.id)).at(-1), 'sign-in.unfinished')
  })

  test(`${name}: NTF-04: one that was cancelled is told as well, when its ten minutes are over`, async () => {
    const { world, person } = await stage()
    const who = await pending(world, person, thief)
    world.time.pass({ minutes: 1 })
    assert.ok((await cancel(world, who)).ok)
    assert.equal(await reportUnfinished(world), 0)
    world.time.pass({ minutes: 9 })
    assert.equal(await reportUnfinished(world), 1)
    assert.deepEqual(subjects(await mailsTo(world, person)), [notFinished])
  })

  test(`${name}: NTF-04: who got in from the same place within ten minutes is not alarmed`, async () => {
    const { world, person } = await stage()
    for (let i = 0; i < 2; i++) await pending(world, person, home)
    await cancel(world, await pending(world, person, home))
    world.time.pass({ minutes: 3 })
    await signInFrom(world, person, home)
    world.time.pass({ minutes: 30 })
    assert.equal(await reportUnfinished(world), 0)
    assert.equal((await seenOnHome(world, person)).unfinished.length, 0)
    assert.ok(!(await eventsOf(world.sql, person.id)).includes('sign-in.unfinished'))
  })

  test(`${name}: NTF-04: a success before it, too late, or from another place or browser excuses nothing`, async () => {
    const elsewhere = [
      { ...home, source: thief.source },
      { ...home, browser: thief.browser },
    ]
    for (const from of [home, ...elsewhere]) {
      const { world, person } = await stage()
      await signInFrom(world, person, from)
      world.time.pass({ minutes: 1 })
      await pending(world, person, home)
      world.time.pass(from === home ? { minutes: 10, seconds: 30 } : { minutes: 2 })
      await signInFrom(world, person, from)
      world.time.pass({ minutes: 20 })
      assert.equal(await reportUnfinished(world), 1, JSON.stringify(from))
    }
  })

  test(`${name}: NTF-04: one mail a day at most; Home shows each`, async () => {
    const { world, person } = await stage()
    for (let i = 0; i < 3; i++) {
      await pending(world, person, { ...thief, source: `203.0.113.${i}` })
      world.time.pass({ minutes: 11 })
      await reportUnfinished(world)
    }
    assert.equal((await mailsTo(world, person)).length, 1)
    const { unfinished } = await seenOnHome(world, person)
    assert.deepEqual(
      unfinished.map(({ source }) => source),
      ['203.0.113.2', '203.0.113.1', '203.0.113.0'],
    )
    world.time.pass({ hours: 24 })
    await pending(world, person, thief)
    world.time.pass({ minutes: 11 })
    assert.equal(await reportUnfinished(world), 1)
    assert.equal((await mailsTo(world, person)).length, 2)
  })

  test(`${name}: NTF-04: too many wrong codes are told at once, and at the next sign-in, and once`, async () => {
    const { world, person } = await stage()
    const who = await pending(world, person, thief)
    for (let i = 0; i < 5; i++) {
      const code = wrongCode(person, world.clock())
      await answer(world, who, { code, remember_device: false })
    }
    const stopped = ['A sign-in with your password was stopped']
    assert.deepEqual(subjects(await mailsTo(world, person)), stopped)
    const { unfinished } = await seenOnHome(world, person)
    assert.deepEqual(unfinished, [{ at: world.clock(), why: 'too-many-wrong-codes', ...thief }])
    world.time.pass({ minutes: 11 })
    assert.equal(await reportUnfinished(world), 0)
    assert.deepEqual(subjects(await mailsTo(world, person)), stopped)
  })

  test(`${name}: NTF-04: what was seen is shown no more; what came after it is`, async () => {
    const { world, person } = await stage()
    await pending(world, person, thief)
    world.time.pass({ minutes: 11 })
    await reportUnfinished(world)
    const { who, until } = await seenOnHome(world, person)
    assert.ok(until)
    await pending(world, person, { ...thief, source: '203.0.113.77' })
    world.time.pass({ minutes: 11 })
    await reportUnfinished(world)
    await seeUnfinished(world, who, { until })
    const left = await seenOnHome(world, person)
    assert.deepEqual(
      left.unfinished.map(({ source }) => source),
      ['203.0.113.77'],
    )
    const tomorrow = new Date(world.clock().getTime() + 86_400_000)
    await seeUnfinished(world, who, { until: tomorrow })
    await seeUnfinished(world, who, { until })
    assert.equal((await seenOnHome(world, person)).until, null)
    await pending(world, person, thief)
    world.time.pass({ minutes: 11 })
    await reportUnfinished(world)
    assert.equal((await seenOnHome(world, person)).unfinished.length, 1, 'no time to come is seen')
  })

  test(`${name}: NTF-04: the clean-up deletes no sign-in that was not told of; a closed account gets no mail`, async () => {
    const { world, person } = await stage()
    const closed = await addSomebody(world, ['totp'])
    await pending(world, person, thief)
    await pending(world, closed, thief)
    await world.sql.query('UPDATE accounts SET disabled_at = created_at WHERE id = $1', [closed.id])
    world.time.pass({ days: 3 })
    await cleanUp({ ...world, sql: withoutEvents(world.sql) })
    assert.deepEqual(subjects(await mailsTo(world, person)), [notFinished])
    assert.deepEqual(await mailsTo(world, closed), [])
    for (const { id } of [person, closed]) {
      assert.equal((await eventsOf(world.sql, id)).at(-1), 'sign-in.unfinished')
    }
    assert.deepEqual(
      await world.sql.query("SELECT 1 FROM challenges WHERE purpose = 'sign-in'"),
      [],
    )
    assert.equal((await seenOnHome(world, person)).unfinished.length, 1)
    world.time.pass({ days: 30 })
    assert.equal((await seenOnHome(world, person)).unfinished.length, 0, 'not shown for ever')
  })
}

/** The log keeps its rows by the database's own clock, which is not the world's. */
function withoutEvents(sql: Sql): Sql {
  return {
    ...sql,
    query: (text, values) =>
      text.startsWith('DELETE FROM events') ? Promise.resolve([]) : sql.query(text, values),
  }
}

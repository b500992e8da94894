import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { event } from '../../src/audit/event.ts'
import type { Database } from '../../src/database/port.ts'
import { noticeMessages } from '../../src/delivery/outbox.ts'
import { reportUnfinished } from '../../src/sign-in/report-unfinished.ts'
import { findEnded, reportOne } from '../../src/sign-in/unfinished-store.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { countOf, eventsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'
import { atOnce } from '../support/world.ts'

/* Somebody has the password and tries how far it gets them; its owner must hear of it (NTF-04). */

let copies: Copies
let statements: string[] = []
before(async () => {
  copies = await startCopies({
    copies: 2,
    config: { sourceGuessesMax: 1000 },
    wrap: (database) => counting(database),
  })
})
after(() => copies.stop())

/** Gives the password from so many places and leaves; the ten minutes pass. */
async function tryAndLeave(person: Person, times = 1): Promise<void> {
  for (let i = 0; i < times; i++) await givePassword(copies.visitor(i % 2), person, `10.9.${i}.1`)
  copies.clock.advance(601)
}

const unfinishedOf = async (person: Person) =>
  (await eventsOf(copies.sql, person.id)).filter((kind) => kind === 'sign-in.unfinished').length

const mailsOf = (person: Person) =>
  countOf(
    copies.sql,
    `SELECT 1 FROM messages WHERE account_id = $1 AND parameters ->> 'event' = 'sign-in-unfinished'`,
    person.id,
  )

test('NTF-04: the owner reads it in the mail and on Home, and puts it away', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await tryAndLeave(person)
  await reportUnfinished(copies.world)
  await copies.delivered()
  const letter = copies.newest(person.email)
  assert.ok(letter.channel === 'mail')
  assert.match(letter.subject, /A sign-in with your password was not finished$/)
  assert.match(letter.text, /When: Tuesday 24 November 2026, 12:00 UTC/)
  const own = await enter(copies, person)
  const page = (await own.get('/')).text.replace(/\s+/g, ' ')
  assert.match(page, /A sign-in with your password was not finished/)
  assert.match(page, /24 November 2026, 12:00 UTC<\/time>, Unknown browser, from <bdi>10\.9\.0\.1</)
  assert.match(page, /change it now.*href="\/settings\/password"/)
  assert.doesNotMatch(page, /There is nothing to do/)
  const until = /name="until" value="([^"]+)"/.exec(page)?.[1] ?? ''
  const seen = await own.api('GET', '/unfinished-sign-ins')
  assert.equal(seen.json['until'], until)
  assert.deepEqual(seen.json['unfinished'], [
    {
      at: '2026-11-24T12:00:00.000Z',
      why: 'not-finished',
      browser: 'Unknown browser',
      source: '10.9.0.1',
    },
  ])
  assert.equal((await own.get('/')).text.includes('was not finished'), true, 'until it was seen')
  const put = await own.post('/unfinished-sign-ins/seen', { until })
  assert.deepEqual([put.status, put.headers.get('location')], [303, '/'])
  assert.ok(!(await own.get('/')).text.includes('was not finished'))
  const now = await own.api('GET', '/unfinished-sign-ins')
  assert.deepEqual(now.json, { unfinished: [], until: null })
  assert.equal((await eventsOf(copies.sql, person.id)).at(-1), 'sign-in.unfinished-seen')
})

test('NTF-04: a new password puts it away; nobody else’s session does', async () => {
  const [person, other] = [
    await addSomebody(copies.world, ['totp']),
    await addSomebody(copies.world, ['totp']),
  ]
  await tryAndLeave(person)
  await reportUnfinished(copies.world)
  const theirs = await enter(copies, other)
  const until = copies.clock.now().toISOString()
  assert.equal((await theirs.api('POST', '/unfinished-sign-ins/seen', { until })).status, 200)
  assert.equal((await copies.visitor().api('GET', '/unfinished-sign-ins')).status, 401)
  const own = await enter(copies, person)
  const shown = async () => (await own.get('/')).text.includes('was not finished')
  assert.equal(await shown(), true)
  const passwords = { current_password: person.password, new_password: 'seven purple kettles sing' }
  assert.equal((await own.api('PUT', '/password', passwords)).status, 200)
  assert.equal(await shown(), false)
})

test('NTF-04: what marks as seen is a time, and one that is none changes nothing', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await tryAndLeave(person)
  await reportUnfinished(copies.world)
  const own = await enter(copies, person)
  for (const until of ['', 'now', '2026-11-24', 0, null, '2026-02-30T00:00:00Z', ['x']]) {
    const reply = await own.api('POST', '/unfinished-sign-ins/seen', { until })
    assert.equal(reply.json['error'], 'bad-input', String(until))
  }
  for (const until of ['0000-01-01T00:00:00Z', '2026-11-24T11:00:00.000Z']) {
    assert.equal((await own.api('POST', '/unfinished-sign-ins/seen', { until })).status, 200)
  }
  const { json } = await own.api('GET', '/unfinished-sign-ins')
  assert.equal((json['unfinished'] as object[]).length, 1)
})

test('NTF-04: 12 tries reviewed by eight at once over two copies: one mail, twelve events', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await tryAndLeave(person, 12)
  const mails = await Promise.all(
    Array.from({ length: 8 }, (_none, i) =>
      reportUnfinished(copies.all[i % 2]?.world ?? copies.world),
    ),
  )
  assert.equal(
    mails.reduce((sum, one) => sum + one),
    1,
  )
  assert.deepEqual([await mailsOf(person), await unfinishedOf(person)], [1, 12])
  const own = await enter(copies, person)
  const { json } = await own.api('GET', '/unfinished-sign-ins')
  assert.equal((json['unfinished'] as object[]).length, 5, 'the newest')
})

test('NTF-04: the statement decides: two of one account, and one twice, at the same instant', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await tryAndLeave(person, 2)
  const { world, sql } = copies
  const found = await findEnded(sql, world.clock(), 100)
  const [first, second] = found.filter((one) => one.account_id === person.id)
  assert.ok(first && second)
  const report = (one: typeof first) => () => {
    const about = { account: person.id, actor: null }
    const caller = { ...one, requestId: 'review' }
    const events = [event(caller, world.clock(), 'sign-in.unfinished', about)]
    const { id, email } = person
    const mail = noticeMessages(world, caller, { id, email }, 'sign-in-unfinished')
    return reportOne(sql, one, world.clock(), JSON.stringify(events), JSON.stringify(mail))
  }
  const lock = `SELECT 1 FROM accounts WHERE id = '${person.id}' FOR UPDATE`
  const told = await atOnce(sql, lock, [report(first), report(second), report(first)])
  assert.equal(told.filter(Boolean).length, 1)
  assert.deepEqual([await mailsOf(person), await unfinishedOf(person)], [1, 2])
})

test('NTF-04: the way to a session costs no statement more for it', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  await visitor.get('/sign-in')
  const counts: number[] = []
  for (const step of [
    () => givePassword(visitor, person),
    () => giveCode(visitor, appCode(person, copies.clock.now())),
  ]) {
    statements = []
    assert.equal((await step()).status, 200)
    counts.push(statements.filter((text) => !/SKIP LOCKED|UPDATE messages/.test(text)).length)
    assert.ok(!statements.some((text) => /reviewed_at|unfinished/.test(text)))
  }
  assert.deepEqual(counts, [2, 2])
})

function counting(database: Database): Database {
  const note = (text: string) => void statements.push(text)
  return { ...database, query: (text, values) => (note(text), database.query(text, values)) }
}

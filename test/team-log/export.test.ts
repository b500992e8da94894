import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { ownerOfTeam } from '../support/api-keys.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import { join } from '../support/teams.ts'
import type { Reply } from '../support/visitor.ts'
import { atOnce } from '../support/world.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

/** Puts so many events of an account into the team's log at once. */
function addEvents(team: string, account: string, many: number): Promise<unknown> {
  return copies.sql.query(
    `INSERT INTO events (at, kind, account_id, actor_id, team_id, source, browser, request_id)
     SELECT $3::timestamptz - make_interval(secs => i), 'session.ended', $2, $2, $1, '10.1.1.1',
       'Firefox on Linux', '' FROM generate_series(1, $4::int) AS i`,
    [team, account, copies.clock.now(), many],
  )
}

const lines = (text: string) => text.replace('\uFEFF', '').trimEnd().split('\r\n')

test('TEAM-08: the export is the filtered log as CSV, behind a step-up, and is an event itself', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  await addEvents(team, owner.id, 3)
  const page = await visitor.get(`/teams/${team}/log/export?group=sign-ins`)
  assert.match(page.text, /Sign-ins.*50,000 events/s)
  assert.match(page.text, /href="\/teams\/[^"]+\/log\/export\.csv\?group=sign-ins"/)
  const file = await visitor.get(`/teams/${team}/log/export.csv?group=sign-ins`)
  assert.equal(file.status, 200)
  assert.equal(file.headers.get('content-type'), 'text/csv; charset=utf-8')
  assert.match(
    file.headers.get('content-disposition') ?? '',
    /attachment; filename="security-log\.csv"/,
  )
  const rows = lines(file.text)
  assert.equal(rows[0]?.split(',')[0], 'Time (UTC)')
  assert.equal(rows.filter((row) => row.includes('ended a session')).length, 3)
  assert.ok(rows.slice(1).every((row) => /^2026-\d\d-\d\dT[\d:.]+Z,/.test(row)))
  assert.ok(!file.text.includes(owner.email) && !file.text.includes(owner.phone))
  const log = await visitor.api('GET', `/teams/${team}/events?group=admin-acts`)
  assert.match(log.text, /exported the security log/)
  copies.clock.advance(601)
  const stale = await visitor.get(`/teams/${team}/log/export.csv`)
  assert.equal(stale.status, 303)
  assert.match(stale.headers.get('location') ?? '', /^\/step-up\?return_to=/)
})

test('TEAM-08: names that a spreadsheet takes for formulas, commas, quotes and lines harm no cell', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const names = ['=1+2', '+49', '-1', '@SUM(A1)', '=HYPERLINK("http://x","y")', 'a,"b"']
  for (const name of names) {
    const person = await addSomebody(copies.world)
    await join(copies.world, team, person.id)
    await copies.sql.query('UPDATE accounts SET name = $2 WHERE id = $1', [person.id, name])
    await addEvents(team, person.id, 1)
  }
  const { text } = await visitor.get(`/teams/${team}/log/export.csv?group=sign-ins`)
  const cells = [...text.matchAll(/(?:^|,|\n)("(?:[^"]|"")*"|[^,\r\n]*)/g)].map(
    ([, cell = '']) => cell,
  )
  for (const cell of cells) assert.doesNotMatch(cell, /^"?\s*[=+\-@]/, cell)
  assert.ok(text.includes(`'=1+2`) && text.includes(`"'=HYPERLINK(""http://x"",""y"")"`))
  assert.ok(owner.id)
})

test('TEAM-08: more than 50,000 are cut, and the file says so; all of 50,000 are not', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const before = await copies.sql.query('SELECT 1 FROM events WHERE team_id = $1', [team])
  await addEvents(team, owner.id, 50_000 - before.length)
  const whole = lines((await visitor.get(`/teams/${team}/log/export.csv`)).text)
  assert.equal(whole.length, 50_001)
  assert.doesNotMatch(whole.at(-1) ?? '', /Cut here/)
  const cut = lines((await visitor.get(`/teams/${team}/log/export.csv`)).text)
  assert.equal(cut.length, 50_002)
  assert.match(cut.at(-1) ?? '', /Cut here: a file holds 50,000 events at most/)
  const ids = new Set(cut.slice(1, -1))
  assert.ok(ids.size > 49_000, 'no page came twice')
})

test('TEAM-08: an export of days that are none says so and hands nothing over', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  for (const query of [
    'from=2026-13-01',
    'from=2026-11-25&to=2026-11-24',
    'member=nobody@example.com',
  ]) {
    for (const path of ['export', 'export.csv']) {
      const reply = await visitor.get(`/teams/${team}/log/${path}?${query}`)
      assert.ok([400, 422].includes(reply.status), `${path} ${query}: ${reply.status}`)
      assert.match(reply.headers.get('content-type') ?? '', /text\/html/)
    }
  }
})

test('TEAM-08: many files asked for at once are made two at a time; the others are told to wait', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const paths = [`/teams/${team}/log/export.csv`, `/teams/${team}/members.csv`]
  const tables = ['events', 'trusted_devices']
  for (const [i, path] of paths.entries()) {
    const take = () => visitor.copy().get(path)
    const others: Reply[] = []
    const first = await atOnce(copies.sql, `LOCK TABLE ${tables[i]}`, [take, take], async () =>
      others.push(await take(), await take()),
    )
    assert.deepEqual(
      first.map(({ status }) => status),
      [200, 200],
      path,
    )
    for (const { status, headers, text } of others) {
      assert.deepEqual([status, headers.get('retry-after')], [503, '5'], path)
      assert.match(text, /We are busy right now/)
    }
    assert.equal((await take()).status, 200, path)
  }
})

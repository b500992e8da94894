import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, enter } from '../support/member.ts'
import { addMember, change, mails, makeAcme, written } from './acme.ts'
import { join, setPolicy } from '../support/teams.ts'
import { addSomebody } from '../support/people.ts'
import { remindMembers } from '../../src/teams/remind.ts'
import { check } from '../../src/sessions/check.ts'
import { cookie } from '../support/member.ts'
import { noteToday } from '../../src/teams/coverage.ts'
import { coverageOf } from '../../src/teams/coverage-store.ts'
import { remindDue } from '../../src/teams/remind.ts'
import type { Acme } from './acme.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({
    copies: 2,
    config: { sendPauseSeconds: 0, supportEmail: 'help@example.com' },
  })
})
after(() => copies.stop())

const day = 86_400
const inDays = (days: number) =>
  new Date(copies.clock.now().getTime() + days * day * 1000).toISOString().slice(0, 10)

/** To the beginning of the next day and a minute. */
function nextDay(days = 1): void {
  const now = copies.clock.now().getTime()
  const midnight = Math.ceil(now / (day * 1000)) * day * 1000 + (days - 1) * day * 1000
  copies.clock.advance((midnight - now) / 1000 + 60)
}

const reminders = async (person: { email: string }) =>
  (await mails(copies, person)).filter(({ subject }) => subject.startsWith('Reminder'))

async function askerOf({ visitor, team }: Acme) {
  const session = await check(copies.world, cookie(visitor, 'session'))
  const place = session?.teams.find(({ team_id }) => team_id === team)
  assert.ok(session && place)
  return { requestId: 'r', source: '10.1.0.1', browser: 'b', session, team: place }
}

test('NTF-01: every member is told what changes, from when, what to do; the ready ones that they are set', async () => {
  const acme = await makeAcme(copies)
  const bare = await addMember(copies, acme.team)
  const ready = await addMember(copies, acme.team, ['totp'])
  const words = 'We were attacked last month.\n\nQuestions? Room 12.'
  const { json } = await change(acme, 0, { bites: 'date', date: inDays(10), words })
  assert.equal(json['mailed'], 3)
  const [mail, ...more] = await mails(copies, bare)
  assert.deepEqual(more, [])
  assert.match(
    mail?.subject ?? '',
    /^Acme requires two-step authentication from \d+ December 2026 on$/,
  )
  for (const said of [
    /about two minutes/,
    /\/settings\/security/,
    /Person \d+ writes:\n\nWe were attacked last month\.\n\nQuestions\? Room 12\./,
    /help@example\.com/,
    /Authenticator app, SMS, Email/,
  ]) {
    assert.match(mail?.text ?? '', said)
  }
  const [short] = await mails(copies, ready)
  assert.match(short?.text ?? '', /You are all set/)
  assert.match(short?.text ?? '', /Room 12/)
  assert.doesNotMatch(short?.text ?? '', /two minutes/)
  const owners = (await mails(copies, acme.owner)).map(({ subject }) => subject)
  assert.ok(owners.some((subject) => /requires two-step/.test(subject)))
  assert.ok(owners.some((subject) => /What Acme requires has changed/.test(subject)))
})

test('EML-06: own words and names in a team’s mails make no link, no markup, no header', async () => {
  const acme = await makeAcme(copies)
  const bare = await addMember(copies, acme.team)
  await copies.sql.query('UPDATE teams SET name = $2 WHERE id = $1', [
    acme.team,
    'Acme\r\nBcc: all@evil.example',
  ])
  await copies.sql.query('UPDATE accounts SET name = $2 WHERE id = $1', [
    acme.owner.id,
    '<b>www.evil.example</b>',
  ])
  const words =
    '<a href="https://evil.example/x">click</a> http://evil.example evil.example boss@evil.example'
  await change(acme, 0, { words })
  const [mail] = await mails(copies, bare)
  assert.ok(mail)
  assert.doesNotMatch(mail.subject, /[\r\n]/)
  assert.doesNotMatch(mail.text, /https?:\/\/evil|evil\.example|boss@/)
  assert.doesNotMatch(mail.html, /<a href="https:\/\/evil|<b>|evil\.example/)
  assert.match(mail.text, /evil\. example/)
  const hrefs = [...mail.html.matchAll(/href="([^"]*)"/g)].map(([, href]) => href)
  assert.deepEqual(
    hrefs.filter((href) => !href?.endsWith('/settings/security')),
    [],
  )
})

test('TEAM-03: each member reads their own date: exempt ones when that ends', async () => {
  const acme = await makeAcme(copies)
  const exempt = await addMember(copies, acme.team)
  await copies.sql.query(
    'UPDATE memberships SET exempt_until = $3 WHERE team_id = $1 AND account_id = $2',
    [acme.team, exempt.id, `${inDays(20)}T00:00:00Z`],
  )
  await change(acme, 0, { bites: 'now' })
  const [mail] = await mails(copies, exempt)
  assert.match(mail?.subject ?? '', /from \d+ December 2026 on/)
})

test('reminders go 7, 3 and 1 days before the date, to who is not ready, once over all copies', async () => {
  const acme = await makeAcme(copies)
  const [slow, quick] = [await addMember(copies, acme.team), await addMember(copies, acme.team)]
  const ready = await addMember(copies, acme.team, ['sms'])
  await change(acme, 0, { bites: 'date', date: inDays(10) })
  const everybody = () => Promise.all(copies.all.map(({ world }) => remindDue(world)))
  const seen: number[] = []
  for (let passed = 0; passed < 12; passed++) {
    await everybody()
    await everybody()
    seen.push((await reminders(slow)).length)
    if (passed === 5) await addApp(copies, await enter(copies, quick))
    nextDay()
  }
  assert.deepEqual(seen, [0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3])
  assert.equal((await reminders(quick)).length, 1, 'stops when done')
  assert.equal((await reminders(ready)).length, 0)
  assert.match((await reminders(slow))[0]?.text ?? '', /not set up a method that counts yet/)
})

test('a reminder is not sent to who became ready before it goes out, nor of what has changed', async () => {
  const acme = await makeAcme(copies)
  const [done, still, gone] = [
    await addMember(copies, acme.team),
    await addMember(copies, acme.team),
    await addMember(copies, acme.team),
  ]
  await change(acme, 0, { bites: 'date', date: inDays(8) })
  await copies.delivered()
  nextDay()
  const held = { ...copies.world, delivery: { ...copies.world.delivery, wake: () => {} } }
  await remindDue(held)
  assert.equal(await written(copies, acme.team, 'reminder'), 3)
  await copies.sql.query("UPDATE accounts SET kinds = '{totp}' WHERE id = $1", [done.id])
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1 AND team_id = $2', [
    gone.id,
    acme.team,
  ])
  assert.equal((await reminders(still)).length, 1)
  assert.equal((await reminders(done)).length, 0)
  assert.equal((await reminders(gone)).length, 0)
  const dropped = await copies.sql.query(
    "SELECT 1 FROM messages WHERE template = 'reminder' AND failure = 'stale' AND parameters ->> 'team' = $1",
    [acme.team],
  )
  assert.equal(dropped.length, 2)
})

test('TEAM-03: who joined later, and whose exemption ends, are reminded of their own day', async () => {
  const acme = await makeAcme(copies)
  const exempt = await addMember(copies, acme.team)
  await change(acme, 0, { bites: 'now', joiner_days: 14 })
  copies.clock.advance(3600)
  const late = await addSomebody(copies.world)
  await join(copies.world, acme.team, late.id)
  await copies.sql.query(
    'UPDATE memberships SET exempt_until = $3 WHERE team_id = $1 AND account_id = $2',
    [acme.team, exempt.id, new Date(copies.clock.now().getTime() + 9 * day * 1000)],
  )
  await remindDue(copies.world)
  assert.equal((await reminders(late)).length + (await reminders(exempt)).length, 0)
  copies.clock.advance(3 * day)
  await remindDue(copies.world)
  assert.equal((await reminders(exempt)).length, 1)
  assert.equal((await reminders(late)).length, 0)
  copies.clock.advance(5 * day)
  await remindDue(copies.world)
  assert.equal((await reminders(late)).length, 1)
})

test('AUD-01: by hand each member is reminded at most once a day, whoever asks, and it is logged', async () => {
  const acme = await makeAcme(copies)
  const [one, two] = [await addMember(copies, acme.team), await addMember(copies, acme.team)]
  await addMember(copies, acme.team, ['totp'])
  await change(acme, 0)
  const who = await askerOf(acme)
  const at = (copy: number) => copies.all[copy]?.world ?? copies.world
  const both = await Promise.all([
    remindMembers(at(0), who, 'all-not-ready'),
    remindMembers(at(1), who, 'all-not-ready'),
    remindMembers(at(0), who, [one.id]),
  ])
  const sum = both.reduce((all, outcome) => all + (outcome.ok ? outcome.reminded : 0), 0)
  assert.equal(sum, 2)
  assert.equal((await reminders(one)).length, 1)
  assert.equal((await reminders(two)).length, 1)
  const logged = await copies.sql.query(
    `SELECT 1 FROM events WHERE kind = 'member.reminded' AND team_id = $1 AND actor_id = $2
     AND account_id = ANY($3)`,
    [acme.team, acme.owner.id, [one.id, two.id]],
  )
  assert.equal(logged.length, 2)
  copies.clock.advance(day)
  const stranger = await addSomebody(copies.world)
  const foreign = await remindMembers(at(0), who, [one.id, stranger.id])
  assert.equal(!foreign.ok && foreign.reason, 'not-found')
  assert.equal((await reminders(one)).length, 1, 'nobody was')
  assert.deepEqual(await remindMembers(at(0), who, [one.id]), { ok: true, reminded: 1 })
  await setPolicy(copies.world, acme.team, { required: false, since: null })
  const off = await remindMembers(
    at(0),
    await askerOf({ ...acme, visitor: await enter(copies, acme.owner) }),
    'all-not-ready',
  )
  assert.equal(!off.ok && off.reason, 'not-required')
})

test('coverage is noted once a day for each team, by whichever copy', async () => {
  const acme = await makeAcme(copies)
  const member = await addMember(copies, acme.team, ['sms'])
  await Promise.all(copies.all.map(({ world }) => noteToday(world)))
  nextDay()
  await setPolicy(copies.world, acme.team, { strengths: ['good'] })
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1 AND role = $2', [
    member.id,
    'owner',
  ])
  await Promise.all(copies.all.map(({ world }) => noteToday(world)))
  await noteToday(copies.world)
  const rows = await coverageOf(copies.sql, acme.team, 30)
  assert.deepEqual(
    rows.map(({ members, ready }) => [members, ready]),
    [
      [2, 2],
      [2, 1],
    ],
  )
  assert.equal(await written(copies, acme.team, 'announcement'), 0)
})

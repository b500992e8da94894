import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { hashPass, newPass } from '../../src/crypto/passes.ts'
import { random } from '../../src/crypto/random.ts'
import { cleanUp } from '../../src/clean-up.ts'
import { reportUnfinished } from '../../src/sign-in/report-unfinished.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump } from '../support/dump.ts'
import { addApp, enter, eventsOf, isIn, mailsTo, rowsOf } from '../support/member.ts'
import { act, addMember, makeCrew } from '../support/members.ts'
import type { Crew } from '../support/members.ts'
import type { Person } from '../support/people.ts'
import { sessionsOf } from '../support/rows.ts'
import { givePassword } from '../support/steps.ts'
import { join, makeTeam } from '../support/teams.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const wrong = 'AAAA-AAAA-AAAA-AAAA-AAAA-AAAA'

function use(visitor: Visitor, pass: string, from = '10.1.0.1'): Promise<Reply> {
  const headers = { 'x-forwarded-for': from }
  return visitor.api('POST', '/sign-in/recovery-code', { recovery_code: pass }, { headers })
}

async function give(crew: Crew, member: Person): Promise<string> {
  const reply = await act(crew, 'POST', member, 'pass', {})
  assert.equal(reply.status, 200, reply.text)
  return String(reply.json['pass'])
}

async function atDoor(member: Person, copy = 0, from?: string): Promise<Visitor> {
  const door = copies.visitor(copy)
  assert.equal((await givePassword(door, member, from)).json['next'], 'second-step')
  return door
}

async function crewWithMember(): Promise<{ crew: Crew; member: Person }> {
  const crew = await makeCrew(copies)
  return { crew, member: await addMember(copies, crew.team, ['totp']) }
}

test('RC-02, RC-03: a pass has 120 bits, reads back however it is typed, and only its hash is kept', async () => {
  const made = Array.from({ length: 10_000 }, () => newPass(random).pass)
  assert.equal(new Set(made).size, 10_000)
  for (const pass of made.slice(0, 100)) assert.match(pass, /^([A-Z2-7]{4}-){5}[A-Z2-7]{4}$/)
  const { pass, hash } = newPass(random)
  for (const typed of [
    pass,
    pass.toLowerCase(),
    pass.replaceAll('-', ' '),
    ` ${pass.replaceAll('-', '')}\n`,
  ]) {
    assert.deepEqual(hashPass(typed), hash)
  }
  for (const typed of [
    '',
    pass.slice(1),
    `${pass}A`,
    pass.replace(/.$/, '1'),
    pass.replace(/.$/, 'ı'),
  ]) {
    assert.equal(hashPass(typed), null)
  }
  const { crew, member } = await crewWithMember()
  const given = await give(crew, member)
  const stored = await dump(copies.sql)
  assert.ok(!stored.includes(given) && !stored.includes(given.replaceAll('-', '')))
})

test('a pass lets its member in once after the right password; both are told by mail', async () => {
  const { crew, member } = await crewWithMember()
  const device = await enter(copies, member, { remember_device: true })
  const before = await mailsTo(copies, member)
  const pass = await give(crew, member)
  const reply = await use(await atDoor(member), pass)
  assert.deepEqual([reply.status, reply.json['next']], [200, 'signed-in'], reply.text)
  assert.equal((await use(await atDoor(member), pass)).json['error'], 'no-one-time-pass')
  assert.deepEqual((await mailsTo(copies, member)).slice(before.length), [
    'Twostep: A one-time pass was made for you',
    'Twostep: A one-time pass was used',
  ])
  assert.ok(
    !copies.inbox
      .list()
      .some(({ letter }) => letter.channel === 'mail' && letter.text.includes(pass)),
  )
  device.jar.delete('session')
  assert.equal((await givePassword(device, member)).json['next'], 'second-step', 'TD-05')
  const kinds = await eventsOf(copies, member)
  assert.ok(kinds.includes('member.pass-made') && kinds.includes('pass.used'))
  const sessions = await rowsOf<{ second_step_kind: string }>(copies, 'sessions', member)
  assert.ok(sessions.some(({ second_step_kind: kind }) => kind === 'one-time-pass'))
})

test('RC-04: of twenty uses of a pass at once, over two copies, one opens a session', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  const doors = await Promise.all(
    Array.from({ length: 20 }, (_none, i) => atDoor(member, i % 2, `10.5.${i}.1`)),
  )
  const replies = await Promise.all(doors.map((door) => use(door, pass)))
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  assert.equal(await sessionsOf(copies.sql, member.id), 1)
})

test('RC-04: of twenty posts of one sign-in one opens a session', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  const door = await atDoor(member)
  const twins = Array.from({ length: 20 }, (_none, i) => door.copy(copies.all[i % 2]?.base))
  const replies = await Promise.all(twins.map((twin) => use(twin, pass)))
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  assert.equal(await sessionsOf(copies.sql, member.id), 1)
})

test('LIM-05, LIM-06: of 100 wrong passes at once five are looked at, and the right one is too late', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  const door = await atDoor(member)
  const twins = Array.from({ length: 100 }, (_none, i) => door.copy(copies.all[i % 2]?.base))
  const replies = await Promise.all(twins.map((twin) => use(twin, wrong)))
  const looked = replies.filter(({ json }) => 'attemptsLeft' in ((json['details'] as object) ?? {}))
  assert.equal(looked.length, 5)
  const [row] = await copies.sql.query<{ failures: number }>(
    'SELECT failures FROM passes WHERE account_id = $1',
    [member.id],
  )
  assert.equal(row?.failures, 5)
  assert.equal((await use(door, pass)).status, 401)
  const mails = await mailsTo(copies, member)
  assert.ok(
    mails.some((subject) => /sign-in with your password was stopped/.test(subject)),
    'NTF-04',
  )
})

test('LIM-06: wrong passes count over sign-ins; from the tenth on each waits, right or wrong (LIM-07)', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  for (let i = 0; i < 10; i++) await use(await atDoor(member, i % 2, `10.6.${i}.1`), wrong)
  const door = await atDoor(member)
  const [one, two] = [await use(door, wrong), await use(door, pass)]
  assert.deepEqual([one.status, one.json['error']], [429, 'wait-before-trying'])
  assert.deepEqual([two.status, two.json['error']], [429, 'wait-before-trying'])
  copies.clock.advance(31)
  assert.equal((await use(door, pass)).status, 200)
})

test('LIM-02: after a hundred wrong ones the pass is off, and the right one is refused', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  await copies.sql.query('UPDATE passes SET failures = 99 WHERE account_id = $1', [member.id])
  await use(await atDoor(member), wrong)
  copies.clock.advance(2 * 3600)
  assert.equal((await use(await atDoor(member), pass)).json['error'], 'method-locked')
})

test('a pass is dead after 24 hours, and its row goes with the clean-up', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  copies.clock.advance(24 * 3600 - 5)
  const door = await atDoor(member)
  copies.clock.advance(5)
  assert.equal((await use(door, pass)).json['error'], 'no-one-time-pass')
  copies.clock.advance(1)
  await cleanUp(copies.world)
  assert.equal(
    (await copies.sql.query('SELECT FROM passes WHERE account_id = $1', [member.id])).length,
    0,
  )
})

test('a pass lives until a day has passed', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  copies.clock.advance(24 * 3600 - 5)
  assert.equal((await use(await atDoor(member), pass)).status, 200)
})

test('FLOW-03, FLOW-04: a pass of one member opens no other account', async () => {
  const { crew, member } = await crewWithMember()
  const other = await addMember(copies, crew.team, ['totp'])
  const pass = await give(crew, member)
  assert.equal((await use(await atDoor(other), pass)).json['error'], 'no-one-time-pass')
  await give(crew, other)
  assert.equal((await use(await atDoor(other), pass)).json['error'], 'wrong-one-time-pass')
  const admin = await use(await atDoor(crew.admin), pass)
  assert.equal(admin.json['error'], 'no-one-time-pass')
  assert.equal(
    (await use(await atDoor(member), pass)).status,
    200,
    'it still works where it belongs',
  )
})

test('RC-04: a pass is nothing without the right password, and no step-up, reset or code takes it', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  const visitor = copies.visitor()
  await givePassword(visitor, { ...member, password: 'not the right password' })
  assert.equal((await use(visitor, pass)).json['error'], 'sign-in-over')
  const inside = await enter(copies, member)
  copies.clock.advance(601)
  await inside.api('POST', '/step-up/password', { password: member.password })
  const stepUp = await inside.api('POST', '/step-up/recovery-code', { recovery_code: pass })
  assert.equal(stepUp.json['error'], 'wrong-recovery-code')
  const asCode = await (await atDoor(member)).api('POST', '/sign-in/code', { code: pass })
  assert.equal(asCode.status, 422)
})

test('TD-01: with a pass no device is trusted, whatever the request says', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  const door = await atDoor(member)
  const body = { recovery_code: pass, remember_device: true, remember: 'yes' }
  assert.equal((await door.api('POST', '/sign-in/recovery-code', body)).status, 200)
  assert.equal((await rowsOf(copies, 'trusted_devices', member)).length, 0)
})

test('SES-05: a pass counts for protected changes as long as any step-up, and no longer', async () => {
  const { crew, member } = await crewWithMember()
  const door = await atDoor(member)
  assert.equal((await use(door, await give(crew, member))).status, 200)
  assert.equal((await door.api('POST', '/methods', { kind: 'totp', name: 'New' })).status, 200)
  copies.clock.advance(601)
  const late = await door.api('POST', '/methods', { kind: 'totp', name: 'Late' })
  assert.equal(late.json['error'], 'step-up-required')
  assert.ok(await isIn(door))
})

test('NTF-03: “this was not me” ends a pass: who has it and the password gets no further', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  await copies.delivered()
  const letter = copies.newest(member.email)
  const token = /\/not-me\/([\w-]{43})/.exec(letter.channel === 'mail' ? letter.text : '')?.[1]
  const report = await copies.visitor(1).api('POST', '/not-me-reports', { token })
  assert.equal(report.status, 200, report.text)
  assert.equal((await use(await atDoor(member), pass)).json['error'], 'no-one-time-pass')
})

test('ENR-06: with the last method a pass goes too, and is none when one is on again', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  const visitor = await enter(copies, member)
  const off = await visitor.api('DELETE', `/methods/${member.methods['totp']}`)
  assert.equal(off.status, 200, off.text)
  await addApp(copies, visitor)
  assert.equal((await use(await atDoor(member), pass)).json['error'], 'no-one-time-pass')
})

test('NTF-04: who got in with a pass within the ten minutes is not alarmed', async () => {
  const { crew, member } = await crewWithMember()
  const pass = await give(crew, member)
  await atDoor(member)
  copies.clock.advance(180)
  assert.equal((await use(await atDoor(member), pass)).status, 200)
  copies.clock.advance(1800)
  await reportUnfinished(copies.world)
  assert.ok(!(await eventsOf(copies, member)).includes('sign-in.unfinished'))
})

test('TEAM-07: a pass ends with what allowed it: another team, a rise, support, a maker who is no admin', async () => {
  const endings = [
    async ({ member }: { crew: Crew; member: Person }) => {
      await join(copies.world, await makeTeam(copies.world, 'Initech'), member.id)
    },
    async ({ crew, member }: { crew: Crew; member: Person }) => {
      await copies.sql.query(
        `UPDATE memberships SET role = 'admin' WHERE team_id = $1 AND account_id = $2`,
        [crew.team, member.id],
      )
    },
    async ({ member }: { crew: Crew; member: Person }) => {
      await copies.sql.query('UPDATE accounts SET support_since = $2 WHERE id = $1', [
        member.id,
        copies.clock.now(),
      ])
    },
    async ({ crew }: { crew: Crew; member: Person }) => {
      await copies.sql.query(
        `UPDATE memberships SET role = 'member' WHERE team_id = $1 AND account_id = $2`,
        [crew.team, crew.admin.id],
      )
    },
  ]
  for (const end of endings) {
    const both = await crewWithMember()
    const pass = await give(both.crew, both.member)
    const door = await atDoor(both.member)
    await end(both)
    assert.equal((await use(door, pass)).json['error'], 'no-one-time-pass')
    const screen = await door.api('GET', '/sign-in/code')
    assert.equal(screen.json['one_time_pass'], false)
  }
})

test('a new pass voids the one before, and none is made for who has no method', async () => {
  const { crew, member } = await crewWithMember()
  const [first, second] = [await give(crew, member), await give(crew, member)]
  assert.equal((await use(await atDoor(member), first)).json['error'], 'wrong-one-time-pass')
  assert.equal((await use(await atDoor(member), second)).status, 200)
  const bare = await addMember(copies, crew.team)
  const refused = await act(crew, 'POST', bare, 'pass', {})
  assert.equal(refused.json['error'], 'nothing-to-stand-in-for')
})

test('SES-07: the page with the pass is shown once and kept nowhere', async () => {
  const { crew, member } = await crewWithMember()
  const at = `/teams/${crew.team}/members/${member.id}/pass`
  const shown = await crew.browser.post(at, {})
  assert.equal(shown.status, 200)
  assert.equal(shown.headers.get('cache-control'), 'no-store')
  assert.match(shown.text, /data-copy="[A-Z2-7]{24}"/)
  const again = await crew.browser.get(at)
  assert.doesNotMatch(again.text, /data-copy/)
  const link = await (await atDoor(member)).get('/sign-in/code')
  assert.match(link.text, /Use a recovery code or one-time pass/)
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Role } from '../../src/policy/policy.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, enter, eventsOf, isIn, mailsTo, rowsOf } from '../support/member.ts'
import { act, addMember, makeCrew } from '../support/members.ts'
import type { Crew } from '../support/members.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { rowsBut } from '../support/rows.ts'
import { appCode, giveCode, givePassword, wrongCode } from '../support/steps.ts'
import { join, makeTeam, setPolicy } from '../support/teams.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

/** Every act that TEAM-07 speaks of, with a body that is right. */
const acts: readonly (readonly [verb: string, what: string, body?: object])[] = [
  ['DELETE', 'trusted-devices'],
  ['DELETE', 'sessions'],
  ['POST', 'unlock'],
  ['POST', 'reset', { reason: 'Lost phone' }],
  ['POST', 'pass', {}],
  ['PUT', 'exemption', { until: '2026-12-12', reason: 'On leave' }],
  ['DELETE', 'exemption'],
]

const signsIn = ['unlock', 'reset', 'pass']

const words = (reply: { json: Readonly<Record<string, unknown>> }) => reply.json['error']

async function tellsOf(person: Person, subject: RegExp): Promise<void> {
  const mails = await mailsTo(copies, person)
  assert.equal(mails.filter((one) => subject.test(one)).length, 1, mails.join(' | '))
}

/** The event of an act: whose, by whom, in which team. */
async function eventOf(kind: string, person: Person) {
  const rows = await copies.sql.query<{ actor_id: string; team_id: string; details: object }>(
    'SELECT actor_id, team_id, details FROM events WHERE kind = $1 AND account_id = $2',
    [kind, person.id],
  )
  return rows
}

test('TEAM-07: an admin acts on no owner, no other admin and not on themselves; nothing changes', async () => {
  const crew = await makeCrew(copies)
  const owner = await addMember(copies, crew.team, ['totp'], 'owner')
  const peer = await addMember(copies, crew.team, ['totp'], 'admin')
  const before = await rowsBut(copies.sql, 'events')
  for (const [verb, what, body] of acts) {
    const one = await act(crew, verb, owner, what, body)
    assert.deepEqual([one.status, words(one)], [403, 'role-not-higher'], what)
    const self = await act(crew, verb, crew.admin, what, body)
    assert.deepEqual([self.status, words(self)], [403, 'own-account'], what)
    if (what === 'trusted-devices' || what === 'sessions') continue
    const equal = await act(crew, verb, peer, what, body)
    assert.deepEqual([equal.status, words(equal)], [403, 'role-not-higher'], what)
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events'), before)
})

test('TEAM-07: the owner may act on admins, but not on themselves', async () => {
  const crew = await makeCrew(copies, 'owner')
  const admin = await addMember(copies, crew.team, ['totp'], 'admin')
  const self = await act(crew, 'POST', crew.admin, 'reset', { reason: 'Lost phone' })
  assert.equal(words(self), 'own-account')
  const other = await act(crew, 'POST', admin, 'reset', { reason: 'Lost phone' })
  assert.equal(other.status, 200, other.text)
  assert.equal((await rowsOf(copies, 'methods', admin)).length, 0)
})

test('TEAM-07: nothing changes how somebody signs in who belongs to another team too', async () => {
  const crew = await makeCrew(copies)
  const shared = await addMember(copies, crew.team, ['totp'])
  await join(copies.world, await makeTeam(copies.world, 'Initech'), shared.id)
  const theirs = await enter(copies, shared)
  const before = await rowsBut(copies.sql, 'events', 'sessions')
  for (const [verb, what, body] of acts.filter(([, one]) => signsIn.includes(one))) {
    const reply = await act(crew, verb, shared, what, body)
    assert.deepEqual([reply.status, words(reply)], [403, 'shared-account'], what)
    assert.match(reply.text, /another team too/)
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events', 'sessions'), before)
  const ended = await act(crew, 'DELETE', shared, 'sessions')
  assert.equal(ended.json['everywhere'], false)
  assert.ok(await isIn(theirs), 'the other team’s session stays')
})

test('TEAM-07, REC-06: an admin changes nothing of how somebody of support signs in, nor ends it everywhere', async () => {
  const crew = await makeCrew(copies, 'owner')
  const helper = await addMember(copies, crew.team, ['totp'])
  await copies.sql.query('UPDATE accounts SET support_since = $2 WHERE id = $1', [
    helper.id,
    copies.clock.now(),
  ])
  const theirs = await enter(copies, helper)
  const before = await rowsBut(copies.sql, 'events', 'sessions')
  for (const [verb, what, body] of acts.filter(([, one]) => signsIn.includes(one))) {
    const reply = await act(crew, verb, helper, what, body)
    assert.deepEqual([reply.status, words(reply)], [403, 'support-account'], what)
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events', 'sessions'), before)
  assert.equal((await act(crew, 'DELETE', helper, 'sessions')).json['everywhere'], false)
  assert.equal((await theirs.api('GET', '/support/cases')).status, 200)
})

test('ENR-09, TEAM-07: as admin of another team every address of a member says 404', async () => {
  const crew = await makeCrew(copies)
  const other = await makeCrew(copies)
  const member = await addMember(copies, other.team, ['totp'])
  const before = await rowsBut(copies.sql, 'events')
  for (const team of [crew.team, other.team]) {
    for (const [verb, what, body] of [...acts, ['POST', 'reminders', {}] as const]) {
      const reply = await act({ browser: crew.browser, team }, verb, member, what, body)
      assert.deepEqual([reply.status, words(reply)], [404, 'not-found'], `${what} ${reply.text}`)
    }
    const at = `/teams/${team}/members/${member.id}`
    assert.equal((await crew.browser.api('GET', at)).status, 404)
    const pages = [
      'reset',
      'pass',
      'exempt',
      'end-exemption',
      'unlock',
      'end-sessions',
      'forget-devices',
    ]
    for (const page of ['', ...pages.map((one) => `/${one}`)]) {
      assert.equal((await crew.browser.get(at + page)).status, 404, page)
      if (page === '') continue
      const fields = { reason: 'Lost phone', until: '2026-12-12' }
      assert.equal((await crew.browser.post(at + page, fields)).status, 404, page)
    }
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events'), before)
})

test('TEAM-07: every act needs a step-up, and a member who is no admin gets none of it', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  const inside = await enter(copies, member)
  copies.clock.advance(601)
  for (const [verb, what, body] of acts) {
    const stale = await act(crew, verb, member, what, body)
    assert.deepEqual([stale.status, words(stale)], [403, 'step-up-required'], what)
    const low = await act({ browser: inside, team: crew.team }, verb, crew.admin, what, body)
    assert.deepEqual([low.status, words(low)], [403, 'role-required'], what)
  }
})

/** Each changes what decides whether a reset is allowed; $2 is the member. */
const risings = {
  'role-not-higher': `UPDATE memberships SET role = 'admin' WHERE team_id = $1 AND account_id = $2`,
  'shared-account': `INSERT INTO memberships (team_id, account_id, role, joined_at)
    VALUES ($1, $2, 'member', now())`,
}

for (const [reason, change] of Object.entries(risings)) {
  test(`TEAM-07: a change that is not committed yet when the act begins still counts: ${reason}`, async () => {
    const crew = await makeCrew(copies)
    const member = await addMember(copies, crew.team, ['totp'])
    const other = await makeTeam(copies.world, 'Initech')
    const team = reason === 'shared-account' ? other : crew.team
    let begun = () => {}
    const held = new Promise<void>((resolve) => (begun = resolve))
    const changing = copies.sql.tx(async (sql) => {
      await sql.query('SELECT id FROM teams WHERE id = $1 FOR NO KEY UPDATE', [team])
      await sql.query(change, [team, member.id])
      begun()
      await new Promise((resolve) => setTimeout(resolve, 150))
    })
    await held
    for (const [verb, what, body] of acts.filter(([, one]) => signsIn.includes(one))) {
      const reply = await act(crew, verb, member, what, body)
      assert.equal(words(reply), reason, `${what} ${reply.text}`)
    }
    await changing
    assert.equal((await rowsOf(copies, 'methods', member)).length, 1)
  })
}

test('a reset removes methods, codes, devices, sessions and sign-ins, tells why, and the rule bites', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp', 'sms'])
  await setPolicy(copies.world, crew.team)
  copies.clock.advance(1)
  const trusted = await enter(copies, member, { remember_device: true })
  const pending = copies.visitor()
  await givePassword(pending, member)
  const made = await act(crew, 'POST', member, 'pass', {})
  assert.equal(made.status, 200, made.text)
  const reason = 'Lost the phone, called from the office'
  const reply = await act(crew, 'POST', member, 'reset', { reason })
  assert.equal(reply.status, 200, reply.text)
  for (const table of [
    'methods',
    'sessions',
    'challenges',
    'trusted_devices',
    'recovery_codes',
  ] as const) {
    assert.equal((await rowsOf(copies, table, member)).length, 0, table)
  }
  const passes = await copies.sql.query('SELECT FROM passes WHERE account_id = $1', [member.id])
  assert.equal(passes.length, 0)
  assert.equal((await giveCode(pending, appCode(member, copies.clock.now()))).status, 401)
  assert.equal(await isIn(trusted), false)
  assert.equal((await givePassword(trusted, member)).json['next'], 'set-up')
  assert.equal((await trusted.api('GET', '/session')).json['error'], 'set-up-required')
  await tellsOf(member, /two-step verification was reset/)
  const mail = copies.newest(member.email)
  assert.ok(mail.channel === 'mail' && mail.text.includes(reason) && mail.text.includes('Acme'))
  const [event] = await eventOf('member.reset', member)
  assert.deepEqual(event, { actor_id: crew.admin.id, team_id: crew.team, details: { reason } })
})

test('AUD-04: half a character in a reason is refused like any other that can’t be used', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  for (const reason of ['abc\ud800', '\udc00abc']) {
    const reset = await act(crew, 'POST', member, 'reset', { reason })
    assert.deepEqual([reset.status, words(reset)], [400, 'bad-input'], reset.text)
    const body = { until: '2026-12-12', reason }
    assert.equal((await act(crew, 'PUT', member, 'exemption', body)).status, 400)
  }
})

test('a reset wants a reason of 3 to 200 characters', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  for (const reason of [
    '',
    'ab',
    '   ',
    'x'.repeat(201),
    'a\u202Eb\u0000c',
    undefined,
    7,
    ['abc'],
  ]) {
    const reply = await act(crew, 'POST', member, 'reset', { reason })
    assert.equal(reply.status, 400, String(reason))
  }
  assert.equal((await rowsOf(copies, 'methods', member)).length, 1)
})

test('TD-06: an admin forgets a member’s trusted devices: the next sign-in there asks for a code', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  const device = await enter(copies, member, { remember_device: true })
  device.jar.delete('session')
  assert.equal((await givePassword(device, member)).json['next'], 'signed-in')
  const reply = await act(crew, 'DELETE', member, 'trusted-devices')
  assert.deepEqual([reply.status, reply.json['forgotten']], [200, 1], reply.text)
  assert.ok(await isIn(device), 'what is open stays open')
  device.jar.delete('session')
  assert.equal((await givePassword(device, member)).json['next'], 'second-step')
  await tellsOf(member, /trusted devices were removed/)
  const [event] = await eventOf('member.devices-forgotten', member)
  assert.equal(event?.actor_id, crew.admin.id)
  const again = await act(crew, 'DELETE', member, 'trusted-devices')
  assert.equal(again.json['forgotten'], 0)
  await tellsOf(member, /trusted devices were removed/)
})

test('TEAM-09: an admin ends a member’s sessions: the next request gets 401, pending sign-ins end', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  const open = await enter(copies, member)
  const pending = copies.visitor()
  await givePassword(pending, member)
  const reply = await act(crew, 'DELETE', member, 'sessions')
  assert.deepEqual([reply.status, reply.json['everywhere']], [200, true], reply.text)
  assert.equal((await open.api('GET', '/session')).status, 401)
  assert.equal((await giveCode(pending, appCode(member, copies.clock.now(), 1))).status, 401)
  await tellsOf(member, /sessions in a team were ended/)
})

test('TEAM-09: of somebody in two teams only this team’s doors close, until they sign in again', async () => {
  const crew = await makeCrew(copies, 'owner')
  const shared = await addMember(copies, crew.team, ['totp'], 'admin')
  const elsewhere = await makeTeam(copies.world, 'Initech')
  await join(copies.world, elsewhere, shared.id, 'admin')
  const browser = await enter(copies, shared)
  copies.clock.advance(1)
  const at = (team: string) => browser.api('GET', `/teams/${team}/members`)
  assert.deepEqual([(await at(crew.team)).status, (await at(elsewhere)).status], [200, 200])
  assert.equal((await act(crew, 'DELETE', shared, 'sessions')).json['everywhere'], false)
  assert.equal(words(await at(crew.team)), 'sign-in-again')
  assert.equal((await at(elsewhere)).status, 200)
  const fresh = await enter(copies, shared, {}, copies.visitor())
  assert.equal((await fresh.api('GET', `/teams/${crew.team}/members`)).status, 200)
})

test('TEAM-09: sessions that open while they are ended are ended or made after', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team)
  const doors = Array.from({ length: 8 }, (_none, i) => copies.visitor(i % 2))
  await Promise.all([
    ...doors.map((door, i) => givePassword(door, member, `10.3.0.${i}`)),
    act(crew, 'DELETE', member, 'sessions'),
  ])
  const [row] = await copies.sql.query<{ early: number }>(
    `SELECT count(*)::int AS early FROM sessions s JOIN memberships m USING (account_id)
     WHERE s.account_id = $1 AND s.created_at < m.sessions_from`,
    [member.id],
  )
  assert.equal(row?.early, 0)
})

test('LIM-03: unlocking ends the waits of methods and passwords, and keeps what was counted (LIM-04)', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  await copies.sql.query(
    `UPDATE methods SET failures = 20, not_before = $2 WHERE account_id = $1`,
    [member.id, new Date(copies.clock.now().getTime() + 3_600_000)],
  )
  const from = '10.44.0.1'
  for (let i = 0; i < 10; i++) {
    await givePassword(copies.visitor(), { ...member, password: `wrong ${i}` }, from)
  }
  const door = copies.visitor()
  assert.equal((await givePassword(door, member, from)).status, 401, 'right, and waiting')
  const reply = await act(crew, 'POST', member, 'unlock')
  assert.deepEqual([reply.status, reply.json['link_mailed']], [200, false], reply.text)
  assert.equal((await givePassword(door, member, from)).json['next'], 'second-step')
  const wrong = await giveCode(door, wrongCode(member, copies.clock.now()))
  assert.equal(words(wrong), 'wrong-code', 'looked at')
  const waiting = await giveCode(door, appCode(member, copies.clock.now()))
  assert.equal(words(waiting), 'wait-before-trying', 'the next wrong one waits again')
  const [method] = await rowsOf<{ failures: number }>(copies, 'methods', member)
  assert.equal(method?.failures, 21)
  await tellsOf(member, /was unlocked/)
})

/** A hundred wrong passwords, each from a source of its own. */
async function closePassword(member: Person, network: number): Promise<void> {
  for (let i = 0; i < 100; i++) {
    const wrong = { ...member, password: `wrong ${i}` }
    await givePassword(copies.visitor(), wrong, `10.${network}.${i}.1`)
  }
}

test('LIM-08: the hundredth wrong password shows the member as locked; unlocking mails the way back', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  const status = async () => {
    const { json } = await crew.browser.api('GET', `/teams/${crew.team}/members?q=${member.email}`)
    const [one] = json['members'] as { status: { words: string } }[]
    return one?.status.words
  }
  await closePassword(member, 51)
  assert.equal(await status(), 'Locked')
  assert.ok((await eventsOf(copies, member)).includes('password.closed'))
  const reply = await act(crew, 'POST', member, 'unlock')
  assert.deepEqual([reply.status, reply.json['link_mailed']], [200, true], reply.text)
  const door = copies.visitor()
  assert.equal((await givePassword(door, member, '10.52.0.1')).status, 401, 'only a reset opens it')
  assert.equal(await status(), 'Locked')
  await tellsOf(member, /Choose a new .* password/)
  const again = await act(crew, 'POST', member, 'unlock')
  assert.equal(again.status, 200, 'the pause between mails is off here')
  await copies.sql.query(`UPDATE accounts SET password_closed_at = NULL WHERE id = $1`, [member.id])
  assert.equal(await status(), 'On')
})

test('LIM-08: a hundredth try that is right closes nothing', async () => {
  const member = await addSomebody(copies.world)
  for (let i = 0; i < 99; i++) {
    await givePassword(copies.visitor(), { ...member, password: `wrong ${i}` }, `10.53.${i}.1`)
  }
  assert.equal((await givePassword(copies.visitor(), member)).json['next'], 'signed-in')
  const [row] = await copies.sql.query<{ at: Date | null }>(
    'SELECT password_closed_at AS at FROM accounts WHERE id = $1',
    [member.id],
  )
  assert.equal(row?.at, null)
})

test('LIM-02: unlocking leaves a method off that had a hundred wrong codes', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  await copies.sql.query('UPDATE methods SET failures = 100 WHERE account_id = $1', [member.id])
  const page = await crew.browser.get(`/teams/${crew.team}/members/${member.id}/unlock`)
  assert.match(page.text, /stay off. A reset or a one-time pass helps/)
  await act(crew, 'POST', member, 'unlock')
  const [method] = await rowsOf<{ failures: number }>(copies, 'methods', member)
  assert.equal(method?.failures, 100)
})

test('TEAM-04: an exemption holds to its day, is told with its reason, and ends early', async () => {
  const crew = await makeCrew(copies)
  const owner = await addMember(copies, crew.team, ['totp'], 'owner')
  const member = await addMember(copies, crew.team)
  await setPolicy(copies.world, crew.team)
  copies.clock.advance(1)
  const until = new Date(copies.clock.now().getTime() + 20 * 86_400_000).toISOString().slice(0, 10)
  const body = { until, reason: 'On parental leave' }
  const reply = await act(crew, 'PUT', member, 'exemption', body)
  assert.equal(reply.json['exempt_until'], `${until}T23:59:59.999Z`, reply.text)
  assert.equal((await givePassword(copies.visitor(), member)).json['next'], 'signed-in')
  await tellsOf(member, /exempt from two-step verification/)
  await tellsOf(owner, /member was exempted/)
  const seen = await crew.browser.api('GET', `/teams/${crew.team}/members/${member.id}`)
  const one = seen.json['member'] as Record<string, unknown>
  assert.equal(one['exempt_reason'], body.reason)
  assert.match(String(one['exempt_by']), /^Person/)
  assert.equal((await act(crew, 'DELETE', member, 'exemption')).status, 200)
  assert.equal((await givePassword(copies.visitor(), member)).json['next'], 'set-up')
  assert.equal(words(await act(crew, 'DELETE', member, 'exemption')), 'already-done')
  await tellsOf(member, /exemption from two-step verification has ended/)
})

test('TEAM-04: no exemption without a day to come within 90, a reason, and one’s own protection', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team)
  const at = (days: number) =>
    new Date(copies.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)
  const give = (until: unknown, reason = 'On leave') =>
    act(crew, 'PUT', member, 'exemption', { until, reason })
  for (const until of [
    '',
    '2026-02-30',
    'tomorrow',
    at(30).replaceAll('-', '/'),
    20_301_212,
    null,
  ]) {
    assert.equal((await give(until)).status, 400, String(until))
  }
  assert.equal(words(await give(at(-1))), 'date-in-past')
  assert.equal(words(await give(at(0))), 'date-in-past')
  assert.equal(words(await give(at(91))), 'date-too-late')
  assert.equal((await give(at(90), 'no')).status, 400)
  assert.equal((await give(at(90))).status, 200)
  const bare = await addMember(copies, crew.team, [], 'admin')
  const browser = await enter(copies, bare)
  const low: Crew = { ...crew, browser }
  const refused = await act(low, 'PUT', member, 'exemption', { until: at(5), reason: 'On leave' })
  assert.equal(words(refused), 'protect-yourself-first')
})

test('reminders: at most once a day, to who is not ready, never to others’ members', async () => {
  const crew = await makeCrew(copies)
  const [one, two] = [await addMember(copies, crew.team), await addMember(copies, crew.team)]
  const ready = await addMember(copies, crew.team, ['totp'])
  const early = await act(crew, 'POST', one, 'reminders')
  assert.equal(words(early), 'not-required')
  await setPolicy(copies.world, crew.team)
  const sent = await act(crew, 'POST', one, 'reminders')
  assert.deepEqual([sent.status, sent.json['reminded']], [200, 1], sent.text)
  assert.equal(words(await act(crew, 'POST', one, 'reminders')), 'reminded-lately')
  assert.equal(words(await act(crew, 'POST', ready, 'reminders')), 'nothing-to-remind-of')
  assert.equal(words(await act(crew, 'POST', crew.admin, 'reminders')), 'own-account')
  const stranger = await addSomebody(copies.world)
  const bulk = (members?: string[]) =>
    crew.browser.api('POST', `/teams/${crew.team}/reminders`, members ? { members } : {})
  assert.equal((await bulk([two.id, stranger.id])).status, 404)
  assert.equal((await bulk()).json['reminded'], 1)
  const page = `/teams/${crew.team}/members`
  const none = await crew.browser.post(`${page}/remind`, {})
  assert.equal(none.status, 422)
  assert.match(none.text, /Tick the members to remind/)
  const form = await crew.browser.post(`${page}/remind`, { member: two.id })
  assert.equal(form.headers.get('location'), `${page}?notice=members-reminded`)
})

test('AUD-01: what somebody may not do in a team is in its log, with who tried', async () => {
  const crew = await makeCrew(copies)
  const owner = await addMember(copies, crew.team, ['totp'], 'owner')
  const member = await addMember(copies, crew.team, ['totp'])
  const inside = await enter(copies, member)
  await act(crew, 'POST', owner, 'reset', { reason: 'Lost phone' })
  await inside.api('GET', `/teams/${crew.team}/members`)
  await crew.browser.api('PATCH', `/teams/${crew.team}/members/${member.id}`, { role: 'admin' })
  const rows = await copies.sql.query<{ actor_id: string; reason: string }>(
    `SELECT actor_id, details ->> 'reason' AS reason FROM events
     WHERE kind = 'request.not-allowed' AND team_id = $1 ORDER BY id`,
    [crew.team],
  )
  assert.deepEqual(rows, [
    { actor_id: crew.admin.id, reason: 'role-not-higher' },
    { actor_id: member.id, reason: 'role-required' },
    { actor_id: crew.admin.id, reason: 'role-required' },
  ])
})

test('AUD-01: the page of a member tells their history in this team, and no other team’s', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  await enter(copies, member)
  await act(crew, 'POST', member, 'unlock')
  const other = await makeCrew(copies)
  copies.clock.advance(1)
  await join(copies.world, other.team, member.id)
  await act(other, 'DELETE', member, 'sessions')
  const read = async ({ browser, team }: Crew) => {
    const { json } = await browser.api('GET', `/teams/${team}/members/${member.id}`)
    const { events } = json['history'] as { events: { kind: string; actor: string | null }[] }
    return events
  }
  const own = await read(crew)
  assert.deepEqual(
    own.map(({ kind }) => kind),
    ['member.unlocked', 'sign-in.done', 'sign-in.password-right'],
  )
  assert.ok(own[0]?.actor)
  assert.deepEqual(
    (await read(other)).map(({ kind }) => kind),
    ['member.sessions-ended'],
  )
})

test('after a reset the member sets up again and counts as on', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['sms'])
  await act(crew, 'POST', member, 'reset', { reason: 'Number lost' })
  const browser = await enter(copies, member)
  await addApp(copies, browser)
  const role: Role = 'member'
  const { json } = await crew.browser.api('GET', `/teams/${crew.team}/members/${member.id}`)
  assert.deepEqual((json['status'] as { words: string }).words, 'On')
  assert.equal((json['member'] as { role: string }).role, role)
})

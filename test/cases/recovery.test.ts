import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { tendCases } from '../../src/cases/tend.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter, eventsOf, isIn, mailsTo } from '../support/member.ts'
import { act, addMember, makeCrew } from '../support/members.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import {
  approve,
  approvedCase,
  askAtSignIn,
  askByAddress,
  caseOf,
  elsewhere,
  follow,
  freshen,
  givePasswordAgain,
  contact,
  linkMade,
  outwait,
  plainMember,
  proveByMail,
  record,
  setUpApp,
  supporter,
} from '../support/recovery-case.ts'
import type { Supporter } from '../support/recovery-case.ts'
import { askLink, follow as followReset, setPassword } from '../support/reset.ts'
import { countOf, rowsBut } from '../support/rows.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'
import { join, makeTeam } from '../support/teams.ts'

let copies: Copies
let one: Supporter
let two: Supporter
before(async () => {
  copies = await startCopies({ config: { supportEmail: 'help@example.com' } })
  one = await supporter(copies)
  two = await supporter(copies)
})
after(() => copies.stop())

/** Hours from the approval to the link. */
async function wait(person: Person, supporters: readonly Supporter[]): Promise<number> {
  const { opensAt } = await approvedCase(copies, person, supporters)
  return Math.round((opensAt.getTime() - copies.clock.now().getTime()) / 3_600_000)
}

test('REC-01: asking changes nothing: methods, sessions and trust work as before', async () => {
  const person = await plainMember(copies)
  const session = await enter(copies, person, { remember_device: true })
  await copies.delivered()
  const tables = ['events', 'messages', 'sends', 'links', 'guesses', 'cases'] as const
  const before = await rowsBut(copies.sql, ...tables)
  assert.equal((await askByAddress(copies.visitor(), person.email)).status, 200)
  assert.deepEqual(await rowsBut(copies.sql, ...tables), before)
  assert.ok(await isIn(session))
  const trusted = session.copy()
  trusted.jar.delete('session')
  assert.equal((await givePassword(trusted, person)).json['next'], 'signed-in')
  assert.equal((await caseOf(copies, person))['closed_at'], null, 'a trusted device stops nothing')
})

test('REC-01: a sign-in with the second step stops the case, at any stage, and Home says so', async () => {
  const person = await plainMember(copies)
  await askAtSignIn(copies, person)
  const browser = await enter(copies, person)
  assert.equal((await caseOf(copies, person))['outcome'], 'signed-in')
  assert.match((await browser.get('/')).text, /Your sign-in stopped a recovery/)
  assert.ok(
    (await mailsTo(copies, person)).includes('Twostep: The recovery of your account was stopped'),
  )
  const { opensAt } = await approvedCase(copies, person, [one])
  copies.clock.advance(31)
  await enter(copies, person)
  assert.equal((await caseOf(copies, person))['outcome'], 'signed-in')
  copies.clock.advance((opensAt.getTime() - copies.clock.now().getTime()) / 1000 + 60)
  assert.equal(await linkMade(copies, person), false)
})

test('REC-01: so does a sign-in with a recovery code', async () => {
  const person = await plainMember(copies)
  const door = await askAtSignIn(copies, person)
  const body = { recovery_code: person.recoveryCodes[0] }
  assert.equal((await door.api('POST', '/sign-in/recovery-code', body)).status, 200)
  assert.equal((await caseOf(copies, person))['outcome'], 'signed-in')
})

test('REC-01: so does a sign-in with a one-time pass that an admin made', async () => {
  const crew = await makeCrew(copies)
  const person = await addMember(copies, crew.team, ['totp'])
  const made = await act(crew, 'POST', person, 'pass', {})
  const door = await askAtSignIn(copies, person)
  const body = { recovery_code: made.json['pass'] }
  assert.equal((await door.api('POST', '/sign-in/recovery-code', body)).status, 200)
  assert.equal((await caseOf(copies, person))['outcome'], 'signed-in')
})

test('REC-01: “this was not me” from any notice stops it, and so does whatever ends sessions', async () => {
  const person = await plainMember(copies)
  const browser = await enter(copies, person)
  await browser.api('POST', '/recovery-codes', {})
  await copies.delivered()
  const letter = copies.newest(person.email)
  const token = /\/not-me\/([\w-]+)/.exec(letter.channel === 'mail' ? letter.text : '')?.[1]
  await askByAddress(copies.visitor(), person.email)
  const report = await copies.visitor().api('POST', '/not-me-reports', { token })
  assert.equal(report.status, 200, report.text)
  assert.equal((await caseOf(copies, person))['outcome'], 'account-changed')
  const kinds = await eventsOf(copies, person)
  assert.deepEqual(kinds.slice(-2).toSorted(), ['account.reported-not-me', 'case.stopped'])
})

test('REC-01, EML-04: the link of a mail stops it by a POST; looking at it changes nothing', async () => {
  const person = await plainMember(copies)
  await askByAddress(copies.visitor(), person.email)
  const rows = await rowsBut(copies.sql, 'messages')
  const browser = await follow(copies, person, 'recovery-case')
  for (const path of ['/recovery-case', '/stop-recovery']) {
    for (let i = 0; i < 5; i++) assert.equal((await browser.get(path)).status, 200)
  }
  assert.deepEqual(await rowsBut(copies.sql, 'messages'), rows)
  assert.equal((await browser.get('/recovery-case')).text.includes(person.email), false)
  const twin = browser.copy()
  assert.equal((await browser.post('/stop-recovery', {})).status, 200)
  assert.equal((await caseOf(copies, person))['outcome'], 'stopped-by-mail')
  assert.equal((await twin.api('DELETE', '/recovery-case')).json['error'], 'case-over')
  assert.equal((await twin.get('/recovery-case')).status, 410)
})

test('REC-01: Home offers to stop it, also where a trusted device signed in', async () => {
  const person = await plainMember(copies)
  const browser = await enter(copies, person)
  await askByAddress(copies.visitor(), person.email)
  assert.match((await browser.get('/')).text, /Somebody asked support to get into this account/)
  assert.equal((await browser.api('DELETE', '/session/recovery-case')).status, 200)
  assert.equal((await caseOf(copies, person))['outcome'], 'stopped-in-session')
  assert.equal((await browser.api('DELETE', '/session/recovery-case')).json['error'], 'case-over')
})

test('REC-02: no approval without both proofs; no form asks what others could know', async () => {
  const person = await plainMember(copies)
  await askByAddress(copies.visitor(), person.email)
  const { id } = await caseOf(copies, person)
  await freshen(copies, one)
  assert.equal((await approve(one, id)).json['error'], 'proofs-missing')
  assert.equal((await record(one, id)).status, 200)
  assert.equal((await approve(one, id)).json['error'], 'proofs-missing', 'support alone')
  const other = await plainMember(copies)
  await askAtSignIn(copies, other)
  const theirs = await caseOf(copies, other)
  assert.equal((await approve(one, theirs.id)).json['error'], 'proofs-missing', 'the person alone')
  await proveByMail(copies, person)
  await freshen(copies, one)
  assert.equal((await approve(one, id)).status, 200)
  const row = await caseOf(copies, person)
  assert.deepEqual(
    [row['proof'], row['evidence'], row['evidence_by']],
    ['mailbox', 'called-known-number', one.person.id],
  )
})

test('REC-02: the evidence’s kind is one of a list, and its note is not empty', async () => {
  const person = await plainMember(copies)
  await askAtSignIn(copies, person)
  const { id } = await caseOf(copies, person)
  await freshen(copies, one)
  for (const body of [
    {},
    { kind: 'mother-s-maiden-name', note: 'x' },
    { kind: 'in-person-with-id' },
  ]) {
    const reply = await one.visitor.api('PUT', `/support/cases/${id}/evidence`, body)
    assert.equal(reply.json['error'], 'bad-input', JSON.stringify(body))
  }
  assert.equal((await caseOf(copies, person))['evidence'], null)
  const recover = await copies.visitor().get('/recover')
  const fields = [...recover.text.matchAll(/<input[^>]*? name="(\w+)"/gs)].map(([, name]) => name)
  assert.deepEqual(
    fields.toSorted((a = '', b = '') => a.localeCompare(b)),
    ['anti_forgery', 'contact', 'email', 'password_lost'],
  )
})

test('REC-03: whoever manages others needs two approvers, and waits three days', async () => {
  const owner = await addSomebody(copies.world, ['totp'])
  await askAtSignIn(copies, owner)
  const { id } = await caseOf(copies, owner)
  await freshen(copies, one)
  await record(one, id)
  const first = await approve(one, id)
  assert.deepEqual([first.status, first.json['whole']], [200, false])
  assert.equal((await approve(one, id)).json['error'], 'approved-by-you')
  assert.equal((await caseOf(copies, owner))['stage'], 'second')
  await freshen(copies, two)
  const second = await approve(two, id)
  assert.equal(second.json['whole'], true)
  const opens = new Date(String(second.json['opens_at'])).getTime()
  assert.equal((opens - copies.clock.now().getTime()) / 3_600_000, 72)
  assert.equal(await wait(await plainMember(copies), [one]), 24)
})

test('REC-03: nobody of support decides their own case, or approves what they asked for', async () => {
  const own = await askAtSignIn(copies, one.person).then(() => caseOf(copies, one.person))
  await freshen(copies, two)
  assert.equal((await record(two, own.id)).status, 200)
  // The sign-in of support would stop the case, so the session from before acts.
  const acts = [
    () => approve(one, own.id),
    () => record(one, own.id),
    () => one.visitor.api('POST', `/support/cases/${own.id}/refusal`, { reason: 'Mine' }),
  ]
  await copies.sql.query(
    'UPDATE sessions SET password_at = $2, second_step_at = $2 WHERE account_id = $1',
    [one.person.id, copies.clock.now()],
  )
  for (const act of acts) {
    const reply = await act()
    assert.deepEqual([reply.status, reply.json['error']], [403, 'own-case'])
  }
  assert.ok((await eventsOf(copies, one.person)).includes('case.refused'))
  const ended = { reason: 'Tested' }
  assert.equal(
    (await two.visitor.api('POST', `/support/cases/${own.id}/refusal`, ended)).status,
    200,
  )
  const person = await plainMember(copies)
  const body = { email: person.email, contact: 'Called the desk', password_lost: false }
  const opened = await two.visitor.api('POST', '/support/cases', body)
  assert.equal(opened.status, 200, opened.text)
  await proveByMail(copies, person)
  await freshen(copies, two)
  const id = String(opened.json['id'])
  await record(two, id)
  assert.equal((await approve(two, id)).json['error'], 'asked-by-you')
  await freshen(copies, one)
  assert.equal((await approve(one, id)).status, 200)
})

test('REC-04: each stage is told to every address, with how to object; the page counts down', async () => {
  const person = await plainMember(copies)
  const browser = await askAtSignIn(copies, person)
  await copies.delivered()
  const { id } = await caseOf(copies, person)
  await freshen(copies, one)
  await record(one, id)
  await approve(one, id)
  await copies.delivered()
  const page = await browser.get('/recovery-case')
  assert.match(page.text, /Time left: <strong>.*24 hours/s)
  const reader = await follow(copies, person, 'recovery-case')
  assert.equal((await reader.post('/stop-recovery', {})).status, 200)
  const subjects = await mailsTo(copies, person)
  assert.deepEqual(subjects, [
    'Twostep: Somebody asked to get back into your account',
    'Twostep: A recovery of your account was approved',
    'Twostep: The recovery of your account was stopped',
  ])
  const texts = copies.inbox
    .list()
    .flatMap(({ letter }) =>
      letter.to === person.email && letter.channel === 'mail' ? [letter.text] : [],
    )
  assert.ok(texts.every((text) => text.includes('help@example.com')))
  assert.ok(texts.slice(1).every((text) => /\/recovery-case\/[\w-]{43}/.test(text)))
})

test('REC-04: the link comes when the wait is over, not before, also by a clock that jumped an hour', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  const left = () => (opensAt.getTime() - copies.clock.now().getTime()) / 1000
  copies.clock.advance(left() - 1)
  assert.equal(await linkMade(copies, person), false)
  copies.clock.advance(-1800)
  copies.clock.advance(3600)
  assert.equal(await linkMade(copies, person), true, 'a clock half an hour ahead')
  const early = await follow(copies, person, 'recover-account')
  copies.clock.advance(-3600)
  assert.equal((await early.api('GET', '/account-recovery')).json['error'], 'recovery-link-over')
  const tried = await givePasswordAgain(early, person.password)
  assert.equal(tried.json['error'], 'recovery-link-over')
  copies.clock.advance(left())
  assert.equal((await early.api('GET', '/account-recovery')).status, 200)
})

test('REC-05: the link opens the set-up of a method and nothing else, once, within a day', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  const twin = browser.copy()
  assert.equal((await givePasswordAgain(browser, 'wrong')).json['error'], 'wrong-password')
  assert.equal((await givePasswordAgain(browser, person.password)).status, 200)
  assert.equal((await givePasswordAgain(twin, person.password)).json['error'], 'recovery-link-over')
  for (const path of ['/', '/settings/profile', '/settings/security', '/settings/password']) {
    const reply = await browser.get(path)
    assert.equal(reply.headers.get('location'), '/recovery-set-up', path)
  }
  for (const [verb, path] of [
    ['GET', '/session'],
    ['GET', '/profile'],
    ['GET', '/sessions'],
  ] as const) {
    const reply = await browser.api(verb, path)
    assert.deepEqual([reply.status, reply.json['error']], [403, 'recovery-set-up-required'], path)
  }
  assert.equal((await browser.get('/recovery-set-up')).status, 200)
})

test('REC-05: a day and a second after it was mailed the link is over, and so is the case', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  copies.clock.advance(24 * 3600 - 1)
  assert.equal((await browser.api('GET', '/account-recovery')).status, 200)
  copies.clock.advance(2)
  assert.equal(
    (await givePasswordAgain(browser, person.password)).json['error'],
    'recovery-link-over',
  )
  await tendCases(copies.world)
  assert.equal((await caseOf(copies, person))['outcome'], 'expired')
})

test('REC-05, EML-02: codes by email don’t complete a recovery whose link came by email', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  await givePasswordAgain(browser, person.password)
  const offers = (await browser.api('GET', '/account-recovery/method')).json['offers']
  const email = (offers as { kind: string; why_not: string | null }[]).find(
    ({ kind }) => kind === 'email',
  )
  assert.equal(email?.why_not, 'not-in-recovery')
  const tried = await browser.api('POST', '/methods', { kind: 'email', notice_accepted: true })
  assert.equal(tried.json['error'], 'method-not-available')
})

test('REC-07: completion ends the old methods, codes, trust and sessions, and gives ten new codes', async () => {
  const person = await plainMember(copies)
  const old = await enter(copies, person, { remember_device: true })
  const { opensAt } = await approvedCase(copies, person, [one])
  await copies.sql.query(
    'UPDATE sessions SET expires_at = $2, seen_at = $3 WHERE account_id = $1',
    [person.id, new Date(opensAt.getTime() + 90_000_000), opensAt],
  )
  await outwait(copies, opensAt)
  assert.ok(await isIn(old))
  const browser = await follow(copies, person, 'recover-account')
  await givePasswordAgain(browser, person.password)
  const { reply, key } = await setUpApp(copies, browser)
  assert.equal(reply.status, 200, reply.text)
  assert.equal((reply.json['codes'] as string[]).length, 10)
  assert.ok(!(await isIn(old)))
  assert.ok(await isIn(browser))
  assert.equal((await caseOf(copies, person))['outcome'], 'completed')
  assert.equal(
    await countOf(copies.sql, 'SELECT 1 FROM trusted_devices WHERE account_id = $1', person.id),
    0,
  )
  assert.equal(
    await countOf(copies.sql, 'SELECT 1 FROM methods WHERE account_id = $1', person.id),
    1,
  )
  const device = old.copy()
  for (const name of ['session']) device.jar.delete(name)
  assert.equal((await givePassword(device, person)).json['next'], 'second-step', 'trust is gone')
  const stale = await giveCode(device, appCode(person, copies.clock.now()))
  assert.equal(stale.status, 422, 'the old app')
  const used = { recovery_code: person.recoveryCodes[1] }
  assert.equal(
    (await device.api('POST', '/sign-in/recovery-code', used)).status,
    422,
    'an old code',
  )
  copies.clock.advance(31)
  assert.equal((await giveCode(device, appCode({ key }, copies.clock.now()))).status, 200)
  assert.ok((await mailsTo(copies, person)).includes('Twostep: Your account was recovered'))
  assert.ok((await eventsOf(copies, person)).includes('case.completed'))
})

test('REC-07: for three days no protected change; the refusal names the date; signing in works', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  await givePasswordAgain(browser, person.password)
  const { key } = await setUpApp(copies, browser)
  const [method] = await copies.sql.query<{ id: string }>(
    'SELECT id FROM methods WHERE account_id = $1',
    [person.id],
  )
  const change = { current_password: person.password, new_password: 'seven purple kettles sing' }
  const tries = [
    await browser.api('DELETE', `/methods/${method?.id}`),
    await browser.api('PUT', '/password', change),
    await browser.api('POST', `/methods/${method?.id}/new-number`, {}),
    await browser.api('POST', '/email/changes', { email: 'new@example.com' }),
    await browser.api('DELETE', '/account', { email: person.email }),
  ]
  for (const { status, json } of tries) {
    assert.deepEqual([status, json['error']], [403, 'frozen'])
    assert.match(String(json['message']), /before \w+ \d+ \w+ 2026, \d\d:\d\d UTC/)
  }
  assert.match((await browser.get('/')).text, /Your account was recovered/)
  const reset = await followReset(copies, await askLink(copies, person))
  assert.equal((await setPassword(reset)).json['error'], 'frozen')
  const another = await browser.api('POST', '/methods', { kind: 'totp', name: 'Tablet' })
  assert.equal(another.status, 200, 'adding a method stays possible')
  copies.clock.advance(72 * 3600 - 60)
  const fresh = await enter(copies, { ...person, key })
  assert.equal((await fresh.api('PUT', '/password', change)).json['error'], 'frozen')
  copies.clock.advance(61)
  assert.equal((await fresh.api('PUT', '/password', change)).status, 200)
})

test('REC-05, PW-01: where the password is lost, too, a new one is chosen; it counts when all is done', async () => {
  const person = await plainMember(copies)
  await askByAddress(copies.visitor(), person.email, { password_lost: true })
  const { id } = await caseOf(copies, person)
  await proveByMail(copies, person)
  await freshen(copies, one)
  await record(one, id)
  const approved = await approve(one, id)
  await outwait(copies, new Date(String(approved.json['opens_at'])))
  const browser = await follow(copies, person, 'recover-account')
  assert.equal((await givePasswordAgain(browser, 'short')).json['error'], 'password-too-short')
  const chosen = 'seven purple kettles sing'
  assert.equal((await givePasswordAgain(browser, chosen)).status, 200)
  assert.equal(
    (await givePassword(copies.visitor(), { ...person, password: chosen }, elsewhere())).status,
    401,
  )
  const { reply } = await setUpApp(copies, browser)
  assert.equal(reply.status, 200, reply.text)
  assert.equal(
    (await givePassword(copies.visitor(), { ...person, password: chosen }, elsewhere())).status,
    200,
  )
  assert.equal((await givePassword(copies.visitor(), person, elsewhere())).status, 401)
})

test('REC-08: the answer is the same for every address, and a second request opens nothing new', async () => {
  const person = await plainMember(copies)
  const bare = await addSomebody(copies.world)
  const visitor = copies.visitor()
  const plain = ({ status, json }: { status: number; json: object }) => [status, json]
  const known = await askByAddress(visitor, person.email)
  const replies = [
    await askByAddress(visitor, 'nobody@example.com'),
    await askByAddress(visitor, bare.email),
    await askByAddress(visitor, person.email),
  ]
  for (const reply of replies) assert.deepEqual(plain(reply), plain(known))
  const page = async (email: string) => {
    const { status, text } = await copies.visitor().post('/recover', { email, contact })
    return [status, text.replaceAll(email, 'x').replace(/[\w+/=-]{16,}/g, '')]
  }
  assert.deepEqual(await page(person.email), await page('stranger@example.com'))
  const count = 'SELECT 1 FROM cases WHERE account_id = $1'
  assert.equal(await countOf(copies.sql, count, person.id), 1)
  assert.equal(await countOf(copies.sql, count, bare.id), 0)
})

test('REC-08: requests are limited per account and source; the owner’s way in is not used up by others', async () => {
  const person = await plainMember(copies)
  for (let i = 0; i < 20; i++) {
    await askByAddress(copies.visitor(), person.email)
    // A mail that is on its way while the clock jumps is taken for given up, and sent twice.
    await copies.delivered()
    copies.clock.advance(40)
  }
  const asked = (await mailsTo(copies, person)).length
  assert.ok(asked <= 5, String(asked))
  await askAtSignIn(copies, person)
  assert.equal((await caseOf(copies, person))['proof'], 'password')
  const from = elsewhere()
  for (let i = 0; i < 40; i++) {
    const other = await plainMember(copies)
    await askByAddress(copies.visitor(), other.email, {}, from)
  }
  const limit = 'SELECT 1 FROM cases WHERE source = $1'
  assert.equal(await countOf(copies.sql, limit, from), 30)
})

test('REC-08: a case that nobody decides ends after 14 days', async () => {
  const person = await plainMember(copies)
  await askAtSignIn(copies, person)
  copies.clock.advance(14 * 86_400 - 1)
  await tendCases(copies.world)
  assert.equal((await caseOf(copies, person))['closed_at'], null)
  copies.clock.advance(1)
  await tendCases(copies.world)
  assert.equal((await caseOf(copies, person))['outcome'], 'expired')
})

test('REC-05: from a reset that lacks its second step: the case says that the password is lost', async () => {
  const person = await plainMember(copies)
  const reset = await followReset(copies, await askLink(copies, person))
  assert.equal((await reset.get('/forgot-password/case')).status, 200)
  const asked = await reset.api('POST', '/password-reset/case', { contact })
  assert.equal(asked.status, 200, asked.text)
  const row = await caseOf(copies, person)
  assert.deepEqual([row['password_lost'], row['proof']], [true, null])
  assert.equal((await reset.api('GET', '/recovery-case')).json['stage'], 'proof')
})

test('AUD-01: the log of each team of somebody shows what time did to their case', async () => {
  const person = await plainMember(copies)
  const further = await makeTeam(copies.world)
  copies.clock.advance(1)
  await join(copies.world, further, person.id)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  assert.ok(await linkMade(copies, person))
  copies.clock.advance(15 * 86_400)
  await tendCases(copies.world)
  const rows = await copies.sql.query<{ kind: string }>(
    'SELECT kind FROM team_events WHERE team_id = $1 ORDER BY event_id',
    [further],
  )
  const kinds = rows.map(({ kind }) => kind)
  assert.ok(kinds.includes('case.link-sent') && kinds.includes('case.expired'), kinds.join(' '))
})

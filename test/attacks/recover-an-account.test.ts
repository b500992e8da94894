import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { emailKey } from '../../src/accounts/email.ts'
import { guessKeys } from '../../src/accounts/guesses.ts'
import { tendCases } from '../../src/cases/tend.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { confirm, enter, isIn, startApp } from '../support/member.ts'
import { operate } from '../support/operator.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import {
  approve,
  setUpApp,
  approvedCase,
  askAtSignIn,
  askByAddress,
  caseOf,
  elsewhere,
  follow,
  freshen,
  givePasswordAgain,
  linkMade,
  linksOf,
  outwait,
  plainMember,
  proveByMail,
  record,
  supporter,
} from '../support/recovery-case.ts'
import type { Supporter } from '../support/recovery-case.ts'
import { countOf, eventsOf, sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, wrongCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'
import { atOnce, someVisitor } from '../support/world.ts'

let copies: Copies
let one: Supporter
let two: Supporter
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
  one = await supporter(copies)
  two = await supporter(copies)
})
after(() => copies.stop())

/** The same act of the same browser at both copies, many times at once. */
function manyTimes(visitor: Visitor, act: (one: Visitor) => Promise<Reply>): Promise<Reply[]> {
  return Promise.all(
    Array.from({ length: 10 }, (_, i) => act(visitor.copy(copies.all[i % 2]?.base ?? ''))),
  )
}

const came = (replies: readonly Reply[]) => replies.filter(({ status }) => status === 200).length
const holding = (table: 'cases' | 'accounts', id: string) =>
  `SELECT FROM ${table} WHERE id = '${id}' FOR UPDATE`

/** Up to the page of the new method, in a browser that has given the password. */
async function atSetUp(person: Person): Promise<{ browser: Visitor; id: string }> {
  const { id, opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  assert.equal((await givePasswordAgain(browser, person.password)).status, 200)
  return { browser, id }
}

test('REC-08: two requests at the same moment open one case', async () => {
  const person = await plainMember(copies)
  const door = copies.visitor()
  await givePassword(door, person)
  const replies = await Promise.all([
    ...Array.from({ length: 4 }, (_, i) => askByAddress(copies.visitor(i % 2), person.email)),
    door.api(
      'POST',
      '/sign-in/case',
      { contact: 'By phone' },
      { headers: { 'x-forwarded-for': elsewhere() } },
    ),
  ])
  assert.equal(came(replies), 5)
  assert.equal(await countOf(copies.sql, 'SELECT 1 FROM cases WHERE account_id = $1', person.id), 1)
  assert.equal((await caseOf(copies, person))['proof'], 'password', 'whoever was first')
})

test('REC-03: one approver many times at once counts once; two at once begin one wait', async () => {
  const owner = await addSomebody(copies.world, ['totp'])
  await askAtSignIn(copies, owner)
  const { id } = await caseOf(copies, owner)
  await freshen(copies, one)
  await freshen(copies, two)
  await record(one, id)
  const approval = (visitor: Visitor) => visitor.api('POST', `/support/cases/${id}/approval`, {})
  assert.equal(came(await manyTimes(one.visitor, approval)), 1)
  assert.equal((await caseOf(copies, owner))['approved_at'], null)
  const other = await addSomebody(copies.world, ['totp'])
  await askAtSignIn(copies, other)
  const theirs = await caseOf(copies, other)
  await record(one, theirs.id)
  const both = await Promise.all([approve(one, theirs.id), approve(two, theirs.id)])
  assert.deepEqual(
    both.map(({ status }) => status),
    [200, 200],
  )
  const row = await caseOf(copies, other)
  assert.deepEqual(
    new Set([row['first_approver'], row['second_approver']]),
    new Set([one.person.id, two.person.id]),
  )
  const approved = `SELECT 1 FROM events WHERE kind = 'case.approved' AND details ->> 'case' = $1`
  assert.equal(await countOf(copies.sql, approved, theirs.id), 1)
})

test('REC-03: the database itself refuses an approval by the account’s own person', async () => {
  const person = await plainMember(copies)
  await askAtSignIn(copies, person)
  const { id } = await caseOf(copies, person)
  await freshen(copies, one)
  await record(one, id)
  const sql = 'UPDATE cases SET first_approver = account_id WHERE id = $1'
  await assert.rejects(copies.sql.query(sql, [id]), /cases_check|check constraint/)
})

test('REC-01: approved and stopped at the same moment: it is stopped, and nothing comes of it', async () => {
  for (let round = 0; round < 5; round++) {
    const person = await plainMember(copies)
    await askAtSignIn(copies, person)
    const browser = await follow(copies, person, 'recovery-case')
    const { id } = await caseOf(copies, person)
    await freshen(copies, one)
    await record(one, id)
    const [, stopped] = await atOnce(copies.sql, holding('cases', id), [
      () => approve(one, id),
      () => browser.api('DELETE', '/recovery-case'),
    ])
    assert.equal(stopped?.status, 200, stopped?.text)
    assert.equal((await caseOf(copies, person))['outcome'], 'stopped-by-mail')
    copies.clock.advance(3 * 86_400)
    assert.equal(await linkMade(copies, person), false)
  }
})

test('REC-05: the link used many times at once opens one session; the set-up completes once', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  const replies = await manyTimes(browser, (each) => givePasswordAgain(each, person.password))
  assert.equal(came(replies), 1)
  assert.equal(await sessionsOf(copies.sql, person.id), 1)
  const link = await follow(copies, person, 'recover-account').catch(() => null)
  assert.equal(link, null, 'the link’s address is over, too')
})

test('REC-05: two copies tend the cases at once: one link, one mail', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  copies.clock.advance((opensAt.getTime() - copies.clock.now().getTime()) / 1000)
  await Promise.all([...copies.all, ...copies.all].map(({ world }) => tendCases(world)))
  await copies.delivered()
  assert.equal(linksOf(copies, person.email, 'recover-account').length, 1)
})

test('REC-05: a link is of no use for another account, nor a case’s own link for its completion', async () => {
  const [mine, theirs] = [await plainMember(copies), await plainMember(copies)]
  const first = await approvedCase(copies, mine, [one])
  const second = await approvedCase(copies, theirs, [one])
  await outwait(copies, second.opensAt > first.opensAt ? second.opensAt : first.opensAt)
  const browser = await follow(copies, mine, 'recover-account')
  const other = await follow(copies, theirs, 'recover-account')
  const { link } = (await other.api('GET', '/account-recovery')).json
  const crossed = await browser.api('PUT', '/account-recovery/password', {
    password: theirs.password,
    link,
  })
  assert.equal(crossed.json['error'], 'recovery-link-over')
  assert.equal((await givePasswordAgain(browser, theirs.password)).json['error'], 'wrong-password')
  const [own] = linksOf(copies, mine.email, 'recovery-case')
  const begun = await copies.visitor().api('POST', '/account-recovery', { token: own })
  assert.equal(begun.json['error'], 'recovery-link-over')
  assert.equal(await sessionsOf(copies.sql, theirs.id), 0)
})

test('REC-05: with the link’s session no other account’s set-up, and no second app beside it', async () => {
  const { browser } = await atSetUp(await plainMember(copies))
  const stranger = await addSomebody(copies.world)
  const theirs = await startApp(await enter(copies, stranger))
  const reply = await confirm(browser, theirs.id, appCode(theirs, copies.clock.now()))
  assert.equal(reply.status, 404)
  copies.clock.advance(3601)
  assert.equal(
    (await browser.api('GET', '/account-recovery/method')).status,
    401,
    'an hour at most',
  )
})

test('REC-01: a sign-in while the new method is being set up stops it, and ends its session', async () => {
  const person = await plainMember(copies)
  const { browser } = await atSetUp(person)
  const app = await startApp(browser, 'Thief')
  await enter(copies, person)
  const reply = await confirm(browser, app.id, appCode(app, copies.clock.now()))
  assert.equal(reply.status, 401)
  assert.equal((await caseOf(copies, person))['outcome'], 'signed-in')
  assert.ok(await isIn(await enter(copies, person)))
})

test('REC-05: stopped and completed at the same moment: one of the two', async () => {
  for (let round = 0; round < 5; round++) {
    const person = await plainMember(copies)
    const { browser, id } = await atSetUp(person)
    const app = await startApp(browser, 'New')
    await freshen(copies, two)
    const code = appCode(app, copies.clock.now())
    const [completed, stopped] = await atOnce(copies.sql, holding('cases', id), [
      () => confirm(browser, app.id, code),
      () => two.visitor.api('DELETE', `/support/cases/${id}`, { reason: 'Doubts' }),
    ])
    const outcome = (await caseOf(copies, person))['outcome']
    assert.equal(outcome, completed?.status === 200 ? 'completed' : 'stopped-by-support')
    assert.equal(stopped?.status === 200, outcome === 'stopped-by-support')
    const kept =
      'SELECT 1 FROM methods WHERE account_id = $1 AND id = $2 AND confirmed_at IS NOT NULL'
    const old = await countOf(copies.sql, kept, person.id, person.methods['totp'])
    assert.equal(old, outcome === 'completed' ? 0 : 1)
  }
})

test('REC-07: completed while another method is changed elsewhere: the account’s row decides, never both', async () => {
  for (let round = 0; round < 4; round++) {
    const person = await plainMember(copies)
    const inside = await enter(copies, person)
    const { browser } = await atSetUp(person)
    await copies.sql.query(
      `UPDATE sessions SET expires_at = $2, seen_at = $3, password_at = $3, second_step_at = $3
       WHERE account_id = $1 AND recovery_case IS NULL`,
      [person.id, new Date(copies.clock.now().getTime() + 3_600_000), copies.clock.now()],
    )
    const app = await startApp(browser, 'New')
    const code = appCode(app, copies.clock.now())
    const [completed, made] = await atOnce(copies.sql, holding('accounts', person.id), [
      () => confirm(browser, app.id, code),
      () => inside.api('POST', '/recovery-codes', {}),
    ])
    assert.equal(came([completed, made].flatMap((reply) => reply ?? [])), 1)
    const outcome = (await caseOf(copies, person))['outcome']
    assert.equal(outcome, completed?.status === 200 ? 'completed' : 'account-changed')
  }
})

test('REC-02: a stolen mailbox alone gets nowhere: no evidence, no approval, whatever is asked', async () => {
  const person = await plainMember(copies)
  await askByAddress(copies.visitor(), person.email, { password_lost: true })
  const thief = await proveByMail(copies, person)
  copies.clock.advance(13 * 86_400)
  await tendCases(copies.world)
  assert.equal((await thief.api('GET', '/recovery-case')).json['stage'], 'support')
  assert.deepEqual(linksOf(copies, person.email, 'recover-account'), [])
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
})

test('REC-02, REC-06: support alone gets nowhere: the person’s own proof is missing, and so is their mailbox', async () => {
  const person = await plainMember(copies)
  await freshen(copies, one)
  const body = { email: person.email, contact: 'Me', password_lost: true }
  const opened = await one.visitor.api('POST', '/support/cases', body)
  const id = String(opened.json['id'])
  await record(one, id)
  await freshen(copies, two)
  assert.equal((await approve(two, id)).json['error'], 'proofs-missing')
  const seen = await one.visitor.api('GET', `/support/cases/${id}`)
  const page = await one.visitor.get(`/support/cases/${id}`)
  for (const text of [seen.text, page.text]) {
    assert.ok(!text.includes(person.email) && !text.includes(person.phone))
    assert.doesNotMatch(text, /password_hash|secret|seed|token_hash|\$argon2/)
  }
})

test('REC-04: with password and mailbox a thief still meets support, the wait, and the owner’s mails', async () => {
  const owner = await addSomebody(copies.world, ['totp'])
  await askAtSignIn(copies, owner)
  const { id } = await caseOf(copies, owner)
  await freshen(copies, one)
  assert.equal((await approve(one, id)).json['error'], 'proofs-missing')
  await record(one, id)
  await approve(one, id)
  await freshen(copies, two)
  await approve(two, id)
  copies.clock.advance(71 * 3600)
  assert.equal(await linkMade(copies, owner), false)
  await enter(copies, owner)
  copies.clock.advance(2 * 3600)
  assert.equal(await linkMade(copies, owner), false)
})

test('LIM-06: wrong codes of a case are counted: five for a mail, then waits, over mails and browsers', async () => {
  const person = await plainMember(copies)
  await askByAddress(copies.visitor(), person.email)
  const browser = await follow(copies, person, 'recovery-case')
  const guess = (code: string) => browser.api('POST', '/recovery-case/code', { code })
  await browser.api('POST', '/recovery-case/mail', {})
  await copies.delivered()
  const right = codeIn(copies.newest(person.email))
  const wrong = right === '111111' ? '222222' : '111111'
  for (let i = 0; i < 4; i++) assert.equal((await guess(wrong)).json['error'], 'wrong-mailed-code')
  assert.equal((await guess(wrong)).json['error'], 'too-many-wrong-codes')
  assert.equal((await guess(right)).json['error'], 'too-many-wrong-codes')
  await browser.api('POST', '/recovery-case/mail', {})
  for (let i = 0; i < 5; i++) await guess(wrong)
  await browser.api('POST', '/recovery-case/mail', {})
  await copies.delivered()
  const next = codeIn(copies.newest(person.email))
  assert.deepEqual([(await guess(next)).status, (await guess(wrong)).status], [429, 429])
  copies.clock.advance(31)
  assert.equal((await guess(next)).status, 200)
})

test('LIM-05: a right code sent many times proves once; parallel wrong ones are looked at five times', async () => {
  const person = await plainMember(copies)
  await askByAddress(copies.visitor(), person.email)
  const browser = await follow(copies, person, 'recovery-case')
  await browser.api('POST', '/recovery-case/mail', {})
  const guesses = await manyTimes(browser, (each) =>
    each.api('POST', '/recovery-case/code', { code: '999999' }),
  )
  const looked = guesses.filter(({ json }) =>
    Object.hasOwn(Object(json['details'] ?? {}), 'attemptsLeft'),
  )
  assert.equal(looked.length, 5)
  await browser.api('POST', '/recovery-case/mail', {})
  await copies.delivered()
  const code = codeIn(copies.newest(person.email))
  const replies = await manyTimes(browser, (each) =>
    each.api('POST', '/recovery-case/code', { code }),
  )
  assert.equal(came(replies), 1)
  const proven = `SELECT 1 FROM events WHERE kind = 'case.proven' AND account_id = $1`
  assert.equal(await countOf(copies.sql, proven, person.id), 1)
})

/** Makes somebody an admin of their team, as its owner may at any time. */
const promote = (person: Person) =>
  copies.sql.query(`UPDATE memberships SET role = 'admin' WHERE account_id = $1`, [person.id])

test('REC-03: who comes to manage others after one approval needs a second: the case ends, at any stage', async () => {
  const stages = [
    async (person: Person, opensAt: Date) => {
      await promote(person)
      copies.clock.advance((opensAt.getTime() - copies.clock.now().getTime()) / 1000)
    },
    async (person: Person, opensAt: Date) => {
      await outwait(copies, opensAt)
      await promote(person)
      const browser = await follow(copies, person, 'recover-account')
      const refused = await givePasswordAgain(browser, person.password)
      assert.equal(refused.json['error'], 'recovery-link-over', refused.text)
    },
    async (person: Person, opensAt: Date) => {
      await outwait(copies, opensAt)
      const browser = await follow(copies, person, 'recover-account')
      assert.equal((await givePasswordAgain(browser, person.password)).status, 200)
      const app = await startApp(browser, 'New phone')
      await promote(person)
      const refused = await confirm(browser, app.id, appCode(app, copies.clock.now()))
      assert.equal(refused.json['error'], 'changed', refused.text)
    },
  ]
  for (const stage of stages) {
    const person = await plainMember(copies)
    const { opensAt } = await approvedCase(copies, person, [one])
    await stage(person, opensAt)
    assert.equal((await tendCases(copies.world)).outgrown, 1)
    assert.equal((await caseOf(copies, person))['outcome'], 'manages-others')
    assert.equal(await sessionsOf(copies.sql, person.id), 0)
    await copies.delivered()
    const letter = copies.newest(person.email)
    assert.match(letter.channel === 'mail' ? letter.text : '', /has come to manage others/)
    await enter(copies, person)
  }
})

test('REC-03: with two approvals a rise changes nothing; the wait was the long one', async () => {
  const owner = await addSomebody(copies.world, ['totp'])
  const { opensAt } = await approvedCase(copies, owner, [one, two])
  assert.equal((await tendCases(copies.world)).outgrown, 0)
  await outwait(copies, opensAt)
  const browser = await follow(copies, owner, 'recover-account')
  assert.equal((await givePasswordAgain(browser, owner.password)).status, 200)
  assert.equal((await setUpApp(copies, browser)).reply.status, 200)
})

test('REC-03: an approval by somebody who is of support no more does not count as the first of two', async () => {
  const [gone, owner] = [await supporter(copies), await addSomebody(copies.world, ['totp'])]
  await askAtSignIn(copies, owner)
  const { id } = await caseOf(copies, owner)
  await freshen(copies, gone)
  await record(gone, id)
  assert.equal((await approve(gone, id)).json['whole'], false)
  const ended = await operate(copies.world, ['end-support', gone.person.email, '--yes'])
  assert.equal(ended.code, 0, ended.complained)
  await freshen(copies, one)
  assert.equal((await one.visitor.api('GET', `/support/cases/${id}`)).json['first_name'], null)
  assert.equal((await approve(one, id)).json['whole'], false, 'one is the first now')
  assert.equal((await caseOf(copies, owner))['first_approver'], one.person.id)
  assert.equal((await approve(one, id)).json['error'], 'approved-by-you')
  await freshen(copies, two)
  assert.equal((await approve(two, id)).json['whole'], true)
})

test('REC-05: whoever gives the password in the last minute of the link has their hour all the same', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  copies.clock.advance(24 * 3600 - 60)
  assert.equal((await givePasswordAgain(browser, person.password)).status, 200)
  copies.clock.advance(59 * 60)
  assert.equal((await tendCases(copies.world)).expired, 0)
  assert.equal((await setUpApp(copies, browser)).reply.status, 200)
  const other = await plainMember(copies)
  const theirs = await approvedCase(copies, other, [one])
  await outwait(copies, theirs.opensAt)
  const late = await follow(copies, other, 'recover-account')
  copies.clock.advance(24 * 3600 - 60)
  assert.equal((await givePasswordAgain(late, other.password)).status, 200)
  copies.clock.advance(60 * 60)
  await tendCases(copies.world)
  assert.equal((await caseOf(copies, other))['outcome'], 'expired', 'and not a minute more')
})

test('LIM-08: the hundredth wrong password with the link closes it, as at the sign-in', async () => {
  const person = await plainMember(copies)
  const { opensAt } = await approvedCase(copies, person, [one])
  await outwait(copies, opensAt)
  const browser = await follow(copies, person, 'recover-account')
  assert.equal((await givePasswordAgain(browser, 'wrong')).json['error'], 'wrong-password')
  const { account } = guessKeys(copies.world, someVisitor(), emailKey(person.email))
  await copies.sql.query('UPDATE guesses SET count = 99 WHERE key = $1', [account])
  assert.equal((await givePasswordAgain(browser, 'wrong')).json['error'], 'wrong-password')
  assert.equal((await givePasswordAgain(browser, person.password)).json['error'], 'wrong-password')
  const kinds = await eventsOf(copies.sql, person.id)
  assert.ok(kinds.includes('password.closed'), kinds.join())
  const [row] = await copies.sql.query<{ closed: Date | null }>(
    'SELECT password_closed_at AS closed FROM accounts WHERE id = $1',
    [person.id],
  )
  assert.notEqual(row?.closed, null)
})

test('REC-01: with the password alone nobody stops a recovery, neither their own nor another’s', async () => {
  const person = await plainMember(copies)
  await askByAddress(copies.visitor(), person.email)
  const thief = await askAtSignIn(copies, person)
  const { json } = await thief.api('GET', '/recovery-case')
  assert.deepEqual([json['stage'], json['may_stop']], ['support', false])
  assert.ok(!(await thief.get('/recovery-case')).text.includes('/stop-recovery'))
  assert.equal((await thief.get('/stop-recovery')).status, 403)
  assert.equal((await thief.post('/stop-recovery', { link: String(json['link']) })).status, 403)
  const stopped = await thief.api('DELETE', '/recovery-case')
  assert.equal(stopped.json['error'], 'stop-by-mail', stopped.text)
  assert.equal((await caseOf(copies, person))['closed_at'], null)
  const token = thief.jar.get('link') ?? ''
  assert.equal((await copies.visitor().get(`/recovery-case/${token}`)).status, 410)
  assert.equal((await copies.visitor().api('POST', '/recovery-case', { token })).status, 410)
  const reader = await follow(copies, person, 'recovery-case')
  assert.equal((await reader.api('DELETE', '/recovery-case')).status, 200)
})

test('FLOW-05: a sign-in that five wrong codes ended asks for no case any more', async () => {
  const person = await plainMember(copies)
  const door = copies.visitor()
  await givePassword(door, person)
  for (let i = 0; i < 5; i++) await giveCode(door, wrongCode(person, copies.clock.now()))
  const asked = await door.api('POST', '/sign-in/case', { contact: 'By phone' })
  assert.equal(asked.json['error'], 'sign-in-over', asked.text)
  assert.equal(await countOf(copies.sql, 'SELECT 1 FROM cases WHERE account_id = $1', person.id), 0)
})

test('REC-01: stopped by mail while its person ends all sessions: it ends once, and so does its set-up', async () => {
  for (let round = 0; round < 3; round++) {
    const person = await plainMember(copies)
    await askByAddress(copies.visitor(), person.email)
    const reader = await follow(copies, person, 'recovery-case')
    const inside = await enterBeside(person)
    const lock = `SELECT FROM sessions WHERE account_id = '${person.id}' FOR UPDATE`
    const [stopped, ended] = await atOnce(copies.sql, lock, [
      () => reader.copy(copies.all[1]?.base).api('DELETE', '/recovery-case'),
      () => inside.api('DELETE', '/sessions'),
    ])
    assert.equal(ended?.status, 200, ended?.text)
    assert.ok(stopped?.status === 200 || stopped?.json['error'] === 'case-over', stopped?.text)
    const outcome = stopped?.status === 200 ? 'stopped-by-mail' : 'account-changed'
    assert.equal((await caseOf(copies, person))['outcome'], outcome)
    const told = `SELECT 1 FROM messages WHERE account_id = $1 AND parameters ->> 'event' = 'stopped'`
    assert.equal(await countOf(copies.sql, told, person.id), 1)
  }
})

/** A session of that person beside their open case, and one that the case has opened. */
async function enterBeside(person: Person): Promise<Visitor> {
  const { id } = await caseOf(copies, person)
  const close = `UPDATE cases SET closed_at = $2, outcome = 'expired' WHERE id = $1`
  await copies.sql.query(close, [id, copies.clock.now()])
  const inside = await enter(copies, person)
  await copies.sql.query('UPDATE cases SET closed_at = NULL, outcome = NULL WHERE id = $1', [id])
  await copies.sql.query(
    `INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at, source,
       browser, recovery_case)
     SELECT gen_random_uuid(), sha256(random()::text::bytea), account_id, epoch, created_at, seen_at,
       expires_at, source, browser, $2 FROM sessions WHERE account_id = $1 LIMIT 1`,
    [person.id, id],
  )
  return inside
}

test('REC-08, PW-08: asked for at the moment the account is deleted: the same answer', async () => {
  const ways = [
    (email: string) => askByAddress(copies.visitor(1), email),
    (email: string) => copies.visitor(1).api('POST', '/password-reset-mails', { email }),
  ]
  for (let round = 0; round < 10; round++) {
    const person = await addSomebody(copies.world, ['totp'])
    const inside = await enter(copies, person)
    const [asked, gone] = await Promise.all([
      ways[round % 2]?.(person.email),
      inside.api('DELETE', '/account', { email: person.email }),
    ])
    assert.deepEqual([asked?.status, gone.status], [200, 200], asked?.text)
    assert.equal(
      await countOf(copies.sql, 'SELECT 1 FROM cases WHERE account_id = $1', person.id),
      0,
    )
  }
})

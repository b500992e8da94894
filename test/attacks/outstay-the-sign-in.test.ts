import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { askLink, follow, newPassword, setPassword } from '../support/reset.ts'
import { countOf, sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn, wrongCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'
import { atOnce } from '../support/world.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const tenMinutes = 600

for (const kind of ['totp', 'sms'] as const) {
  test(`FLOW-05, CODE-02: by ${kind}, the right code works at 9:59 and not at 10:01`, async () => {
    for (const [seconds, works] of [
      [tenMinutes - 1, true],
      [tenMinutes + 1, false],
    ] as const) {
      const person = await addSomebody(copies.world, [kind])
      const browser = copies.visitor()
      await givePassword(browser, person)
      const sent = kind === 'sms' ? codeIn(copies.newest(person.phone)) : null
      copies.clock.advance(seconds)
      const reply = await giveCode(browser, sent ?? appCode(person, now()))
      assert.equal(reply.json['error'], works ? undefined : 'sign-in-over')
      assert.equal(await sessionsOf(copies.sql, person.id), works ? 1 : 0)
    }
  })
}

test('FLOW-05, LIM-03: after the fifth wrong code the right one fails, and the password is asked', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const left = []
  for (let i = 0; i < 5; i++) {
    const { json } = await giveCode(browser, wrongCode(person, now()))
    left.push((json['details'] as { attemptsLeft?: number }).attemptsLeft)
  }
  assert.deepEqual(left, [4, 3, 2, 1, 0])
  const right = await giveCode(browser, appCode(person, now()))
  assert.deepEqual([right.status, right.json['error']], [401, 'too-many-tries'])
  const page = await browser.get('/sign-in/code')
  assert.match(page.text, /name="password"/)
  await givePassword(browser, person)
  assertYes(await giveCode(browser, appCode(person, now())))
})

test('FLOW-05: a sign-in ends at once when it succeeds or is cancelled', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const [done, left] = [copies.visitor(), copies.visitor()]
  for (const browser of [done, left]) await givePassword(browser, person)
  const [doneBefore, leftBefore] = [done.copy(), left.copy()]
  assertYes(await giveCode(done, appCode(person, now())))
  assertYes(await left.api('DELETE', '/sign-in'))
  const leftAt = now()
  assert.ok(!done.jar.has('sign-in') && !left.jar.has('sign-in'))
  copies.clock.advance(30)
  for (const browser of [doneBefore, leftBefore]) await assertOver(browser, person)
  const open = 'SELECT 1 FROM challenges WHERE account_id = $1 AND expires_at > $2'
  assert.equal(await countOf(copies.sql, open, person.id, leftAt), 0)
})

test('FLOW-05: a sign-in that was cancelled ends, also when its right code is on the way', async () => {
  for (const by of ['code', 'recovery-code'] as const) {
    const person = await addSomebody(copies.world, ['totp'])
    const browser = copies.visitor()
    await givePassword(browser, person)
    const twin = browser.copy(copies.all[1]?.base)
    const [recovery_code] = person.recoveryCodes
    const finish = () =>
      by === 'code'
        ? giveCode(browser, appCode(person, now()))
        : browser.api('POST', '/sign-in/recovery-code', { recovery_code })
    const lock = `SELECT 1 FROM accounts WHERE id = '${person.id}' FOR UPDATE`
    const cancel = async () => assertYes(await twin.api('DELETE', '/sign-in'))
    const [reply] = await atOnce(copies.sql, lock, [finish], cancel)
    assert.notEqual(reply?.status, 200)
    assert.equal(await sessionsOf(copies.sql, person.id), 0)
  }
})

test('FLOW-05: a sign-in ends when its account is disabled', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  await copies.sql.query('UPDATE accounts SET disabled_at = $2 WHERE id = $1', [person.id, now()])
  await assertOver(browser, person)
  await copies.sql.query('UPDATE accounts SET disabled_at = NULL WHERE id = $1', [person.id])
})

test('FLOW-05: a sign-in ends when how its account signs in changes', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const [browser, own] = [copies.visitor(), copies.visitor(1)]
  await givePassword(browser, person)
  await signIn(own, person, now())
  copies.clock.advance(30)
  assertYes(await own.api('DELETE', `/methods/${person.methods['email']}`))
  await assertOver(browser, person)
})

test('FLOW-05: a sign-in ends when the password is changed', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const [browser, own] = [copies.visitor(), copies.visitor(1)]
  await givePassword(browser, person)
  await signIn(own, person, now())
  copies.clock.advance(30)
  const passwords = { current_password: person.password, new_password: newPassword }
  assertYes(await own.api('PUT', '/password', passwords))
  await assertOver(browser, person)
})

test('FLOW-05: a sign-in ends when the password is reset', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const resetting = await follow(copies, await askLink(copies, person))
  await resetting.api('POST', '/password-reset/method', { method: person.methods['totp'] })
  assertYes(await resetting.api('POST', '/password-reset/code', { code: appCode(person, now()) }))
  assertYes(await setPassword(resetting))
  copies.clock.advance(30)
  await assertOver(browser, person)
})

test('CODE-02: a set-up outlives its code, and the code ends at ten minutes', async () => {
  const { own, person, confirm } = await setUpByText()
  const code = codeIn(copies.newest(person.phone))
  copies.clock.advance(tenMinutes + 1)
  await stepUp(own, person)
  const late = await own.api('POST', confirm, { code })
  assert.deepEqual([late.status, late.json['error']], [422, 'code-expired'])
  const other = await setUpByText()
  const good = codeIn(copies.newest(other.person.phone))
  copies.clock.advance(tenMinutes - 1)
  assertYes(await other.own.api('POST', other.confirm, { code: good }))
})

test('CODE-02: only the server’s clock counts', async () => {
  const { own, person, confirm } = await setUpByText()
  const code = codeIn(copies.newest(person.phone))
  copies.clock.advance(tenMinutes + 1)
  await stepUp(own, person)
  const earlier = '2026-11-24T12:00:00Z'
  const headers = { date: earlier, 'x-time': earlier, age: '0' }
  const claims = { code, time: earlier, sent_at: earlier, step: 1, offset: -600 }
  const late = await own.api('POST', confirm, claims, { headers })
  assert.equal(late.json['error'], 'code-expired')
})

test('CODE-04: sending again sends the same code, which lives no longer for it', async () => {
  const { own, person, id, confirm } = await setUpByText()
  const first = codeIn(copies.newest(person.phone))
  copies.clock.advance(tenMinutes - 10)
  assertYes(await own.api('POST', `/methods/${id}/code`, {}))
  assert.equal(codeIn(copies.newest(person.phone)), first)
  copies.clock.advance(11)
  await stepUp(own, person)
  assert.equal((await own.api('POST', confirm, { code: first })).json['error'], 'code-expired')
  copies.clock.advance(30)
  assertYes(await own.api('POST', `/methods/${id}/code`, {}))
  const second = codeIn(copies.newest(person.phone))
  assert.notEqual(second, first)
  assert.equal((await own.api('POST', confirm, { code: first })).status, 422)
  assertYes(await own.api('POST', confirm, { code: second }))
})

test('CODE-04, CODE-03: the code sent twice is accepted once', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const code = codeIn(copies.newest(person.phone))
  copies.clock.advance(31)
  assertYes(await browser.api('POST', '/sign-in/send', {}))
  const letters = copies.inbox.list().filter(({ letter }) => letter.to === person.phone)
  assert.deepEqual(
    letters.map(({ letter }) => codeIn(letter)),
    [code, code],
  )
  const before = browser.copy()
  assertYes(await giveCode(browser, code))
  assert.equal((await giveCode(before, code)).status, 401)
  assert.equal(await sessionsOf(copies.sql, person.id), 1)
})

test('CODE-04: after a change of method the code sent before is void, also back again', async () => {
  const person = await addSomebody(copies.world, ['sms', 'email'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const byText = codeIn(copies.newest(person.phone))
  copies.clock.advance(31)
  const { sms, email } = person.methods
  assertYes(await browser.api('POST', '/sign-in/method', { method: email }))
  const byMail = codeIn(copies.newest(person.email))
  assert.notEqual(byMail, byText)
  assert.equal((await giveCode(browser, byText)).status, 422)
  copies.clock.advance(31)
  assertYes(await browser.api('POST', '/sign-in/method', { method: sms }))
  assert.equal((await giveCode(browser, byText)).status, 422)
  assert.equal((await giveCode(browser, byMail)).status, 422)
  assertYes(await giveCode(browser, codeIn(copies.newest(person.phone))))
})

function now(): Date {
  return copies.clock.now()
}

/** Somebody signed in who has started to set text messages up, whose code is on its way. */
async function setUpByText() {
  const person = await addSomebody(copies.world, ['totp'])
  const own = copies.visitor()
  await signIn(own, person, now())
  const reply = await own.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
  assert.equal(reply.json['sent'], 'accepted', reply.text)
  const id = String(reply.json['id'])
  return { person, own, id, confirm: `/methods/${id}/confirm` }
}

/** Proves both again, where ten minutes have passed. */
async function stepUp(own: Visitor, person: Person): Promise<void> {
  assertYes(await own.api('POST', '/step-up/password', { password: person.password }))
  assertYes(await own.api('POST', '/step-up/code', { code: appCode(person, now()) }))
}

async function assertOver(browser: Visitor, person: Person): Promise<void> {
  const before = await sessionsOf(copies.sql, person.id)
  const right = await giveCode(browser, appCode(person, now()))
  assert.deepEqual([right.status, right.json['error']], [401, 'sign-in-over'])
  assert.equal((await browser.api('GET', '/sign-in/code')).status, 401)
  assert.equal(await sessionsOf(copies.sql, person.id), before)
}

function assertYes(reply: Reply): void {
  assert.equal(reply.status, 200, reply.text)
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { formOf, formType, cookiesOf, sendRaw } from '../support/raw-request.ts'
import { askLink, follow } from '../support/reset.ts'
import { sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  const config = { sendPauseSeconds: 0, sendsPerHourMax: 1000, sendsPerDayMax: 1000 }
  copies = await startCopies({ copies: 2, config })
})
after(() => copies.stop())

test('FLOW-03: whose account it is comes from the sign-in, whatever else is sent', async () => {
  const [ann, bob] = await two('totp')
  const claims = { email: bob.email, account: bob.id, account_id: bob.id, user: bob.email }
  const browser = copies.visitor()
  await givePassword(browser, ann)
  const cookie = `${cookiesOf(browser)}; account=${bob.id}; user=${bob.email}`
  const query = new URLSearchParams({ ...claims, code: appCode(ann, now()) }).toString()
  const json = JSON.stringify({ ...claims, method: bob.methods['totp'], code: appCode(bob, now()) })
  const form = formOf(browser, Object.entries({ ...claims, code: appCode(bob, now()) }))
  const tries = [
    await sendRaw(browser, 'POST', `/api/v1/sign-in/code?${query}`, { body: json, cookie }),
    await sendRaw(browser, 'POST', `/sign-in/code?${query}`, {
      body: form,
      type: formType,
      cookie,
    }),
  ]
  for (const reply of tries) assertNo(reply)
  await giveCode(browser, appCode(ann, now()), claims)
  assert.equal(await whose(browser), ann.email)
  assert.equal(await sessionsOf(copies.sql, bob.id), 0)
})

test('FLOW-04: a sent code of somebody else is refused, and still works for them', async () => {
  const [ann, bob] = await two('sms')
  const [anns, bobs] = [copies.visitor(), copies.visitor()]
  const annsCode = await codeByPassword(anns, ann)
  const bobsCode = await codeByPassword(bobs, bob)
  assertNo(await giveCode(anns, bobsCode))
  assertNo(await giveCode(bobs, annsCode))
  assertYes(await giveCode(bobs, bobsCode))
  assertYes(await giveCode(anns, annsCode))
})

test('FLOW-04: a code belongs to the browser whose sign-in it was sent for', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const [desk, phone] = [copies.visitor(0), copies.visitor(1)]
  const deskCode = await codeByPassword(desk, person)
  const phoneCode = await codeByPassword(phone, person)
  assertNo(await giveCode(desk, phoneCode))
  assertNo(await giveCode(phone, deskCode))
  assertYes(await giveCode(desk, deskCode))
  assertYes(await giveCode(phone, phoneCode))
})

test('FLOW-04: an older sign-in’s code is refused by the newer one of the same browser', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const browser = copies.visitor()
  const older = await codeByPassword(browser, person)
  const before = browser.copy()
  await codeByPassword(browser, person)
  assertNo(await giveCode(browser, older))
  assertYes(await giveCode(before, older))
})

test('FLOW-04: a set-up’s code opens no sign-in, and a sign-in’s code ends no set-up', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const [own, other] = [copies.visitor(), copies.visitor()]
  await signIn(own, person, now())
  const setUp = await own.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
  const confirm = `/methods/${String(setUp.json['id'])}/confirm`
  const setUpCode = codeIn(copies.newest(person.phone))
  const signInCode = await codeOf(other, person, 'email')
  assertNo(await giveCode(other, setUpCode))
  assertNo(await own.api('POST', confirm, { code: signInCode }))
  assertYes(await giveCode(other, signInCode))
  assertYes(await own.api('POST', confirm, { code: setUpCode }))
})

test('FLOW-04: a step-up’s code opens no sign-in, and a sign-in’s code no step-up', async () => {
  const person = await addSomebody(copies.world, ['email'])
  const [own, other] = [copies.visitor(), copies.visitor()]
  await codeByPassword(own, person)
  assertYes(await giveCode(own, codeIn(copies.newest(person.email))))
  copies.clock.advance(11 * 60)
  const { password } = person
  assertYes(await own.api('POST', '/step-up/password', { password }))
  const stepUpCode = codeIn(copies.newest(person.email))
  const signInCode = await codeByPassword(other, person)
  assertNo(await giveCode(other, stepUpCode))
  assertNo(await own.api('POST', '/step-up/code', { code: signInCode }))
  assertYes(await giveCode(other, signInCode))
  assertYes(await own.api('POST', '/step-up/code', { code: stepUpCode }))
})

test('FLOW-04: a code to the new number opens no sign-in by the old one', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const [own, other] = [copies.visitor(), copies.visitor()]
  await signIn(own, person, now())
  const moving = `/methods/${person.methods['sms']}/new-number`
  assertYes(await own.api('PATCH', '/profile', { phone: '+12025559876' }))
  assertYes(await own.api('POST', moving, {}))
  const newCode = codeIn(copies.newest('+12025559876'))
  const signInCode = await codeOf(other, person, 'sms')
  assertNo(await giveCode(other, newCode))
  assertNo(await own.api('POST', `${moving}/confirm`, { code: signInCode }))
  assertYes(await giveCode(other, signInCode))
  assertYes(await own.api('POST', `${moving}/confirm`, { code: newCode }))
})

test('FLOW-04: a code for a new password opens no sign-in, and a sign-in’s code no reset', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const [resetting, other] = [await follow(copies, await askLink(copies, person)), copies.visitor()]
  const { sms } = person.methods
  assertYes(await resetting.api('POST', '/password-reset/method', { method: sms }))
  const resetCode = codeIn(copies.newest(person.phone))
  const signInCode = await codeByPassword(other, person)
  assertNo(await giveCode(other, resetCode))
  assertNo(await resetting.api('POST', '/password-reset/code', { code: signInCode }))
  assertYes(await giveCode(other, signInCode))
  assertYes(await resetting.api('POST', '/password-reset/code', { code: resetCode }))
})

test('FLOW-04: an app’s and a recovery code count for their own account only', async () => {
  const [ann, bob] = await two('totp')
  const browser = copies.visitor()
  await givePassword(browser, bob)
  const recovery = { recovery_code: ann.recoveryCodes[0] }
  assertNo(await giveCode(browser, appCode(ann, now())))
  assertNo(await browser.api('POST', '/sign-in/recovery-code', recovery))
  const [first, second] = [copies.visitor(), copies.visitor()]
  await givePassword(first, ann)
  await givePassword(second, ann)
  assertYes(await giveCode(first, appCode(ann, now())))
  assertYes(await second.api('POST', '/sign-in/recovery-code', recovery))
})

test('FLOW-09: of two accounts in one browser the last password counts, in either order', async () => {
  const people = await two('sms')
  for (const [first, last] of [people, people.toReversed()] as [Person, Person][]) {
    const browser = copies.visitor()
    const firstCode = await codeByPassword(browser, first)
    const lastCode = await codeByPassword(browser, last)
    assertNo(await giveCode(browser, firstCode))
    assert.ok(!browser.jar.has('session'))
    assertYes(await giveCode(browser, lastCode))
    assert.equal(await whose(browser), last.email)
  }
})

test('FLOW-09: two accounts at the same moment in one browser do not mix', async () => {
  const [ann, bob] = await two('sms')
  for (let round = 0; round < 5; round++) {
    const browser = copies.visitor(round % 2)
    await browser.get('/sign-in')
    const passwords = await Promise.all([ann, bob].map((one) => givePassword(browser, one)))
    assert.deepEqual(
      passwords.map(({ status }) => status),
      [200, 200],
    )
    const codes = [ann, bob].map((one) => codeIn(copies.newest(one.phone)))
    const replies = await Promise.all(codes.map((code) => giveCode(browser, code)))
    const winner = [ann, bob].find((_one, i) => replies[i]?.status === 200)
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    assert.equal(await whose(browser), winner?.email)
  }
})

test('FLOW-09: a session of one account lends nothing to the sign-in of another', async () => {
  const [ann, bob] = await two('sms')
  const browser = copies.visitor()
  assertYes(await giveCode(browser, await codeByPassword(browser, ann)))
  const bobsCode = await codeByPassword(browser, bob)
  assert.equal(await whose(browser), ann.email, 'the password alone changes nothing')
  assertYes(await giveCode(browser, bobsCode))
  assert.equal(await whose(browser), bob.email)
})

function now(): Date {
  return copies.clock.now()
}

async function two(kind: 'totp' | 'sms'): Promise<[Person, Person]> {
  return [await addSomebody(copies.world, [kind]), await addSomebody(copies.world, [kind])]
}

/** The password step of somebody whose first method sends codes; gives the code. */
async function codeByPassword(visitor: Visitor, person: Person): Promise<string> {
  assertYes(await givePassword(visitor, person))
  const to = person.methods['sms'] ? person.phone : person.email
  return codeIn(copies.newest(to))
}

/** The password step, turned to a method that is not asked first; gives the code. */
async function codeOf(visitor: Visitor, person: Person, kind: 'sms' | 'email'): Promise<string> {
  assertYes(await givePassword(visitor, person))
  assertYes(await visitor.api('POST', '/sign-in/method', { method: person.methods[kind] }))
  return codeIn(copies.newest(kind === 'sms' ? person.phone : person.email))
}

async function whose(visitor: Visitor): Promise<unknown> {
  const { json } = await visitor.api('GET', '/session')
  return (json['account'] as { email?: string } | undefined)?.email
}

function assertYes(reply: Reply): void {
  assert.equal(reply.status, 200, reply.text)
}

function assertNo(reply: Reply): void {
  assert.equal(reply.status, 422, reply.text)
  assert.ok(!reply.setCookies.some((line) => line.startsWith('session=')))
}

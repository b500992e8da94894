import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { countOf, eventsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
let small: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
  small = await startCopies({ config: { textsPerDayMax: 3 } })
})
after(() => Promise.all([copies.stop(), small.stop()]))

test('CODE-06: 50 requests to send again at once over two copies: one message', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  assert.equal(codesTo(person.phone).length, 1)
  copies.clock.advance(31)
  const sends = Array.from({ length: 50 }, (_none, i) =>
    browser.copy(copies.all[i % 2]?.base).api('POST', '/sign-in/send', {}),
  )
  const replies = await Promise.all(sends)
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  assert.equal(codesTo(person.phone).length, 2)
  const refused = replies.filter(({ json }) => json['error'] === 'wait-before-sending')
  assert.equal(refused.length, 49)
  assert.ok(refused.every(({ headers }) => headers.get('retry-after') === '30'))
})

test('CODE-06: 50 password steps at once over two copies: one message', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const steps = Array.from({ length: 50 }, async (_none, i) => {
    const browser = copies.visitor(i % 2)
    return givePassword(browser, person, `10.3.0.${i}`)
  })
  const replies = await Promise.all(steps)
  assert.ok(
    replies.every(({ status }) => status === 200),
    'the step itself goes on',
  )
  assert.equal(codesTo(person.phone).length, 1)
})

test('CODE-06: sending again and again for a day: five in any hour, ten in all, 30 seconds apart', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const begun = copies.clock.now().getTime()
  const day = 24 * 3600
  for (let passed = 0; passed < day;) {
    const browser = copies.visitor(passed % 2)
    await givePassword(browser, person, `10.4.${passed % 200}.1`)
    const pause = passed < 2000 ? 29 : 599
    copies.clock.advance(pause)
    await browser.api('POST', '/sign-in/send', {})
    copies.clock.advance(1)
    passed += pause + 1
  }
  const times = codesTo(person.phone).map((at) => (at - begun) / 1000)
  assert.equal(times.filter((at) => at < day).length, 10)
  for (const at of times) {
    const within = (seconds: number) =>
      times.filter((one) => one >= at && one < at + seconds).length
    assert.deepEqual([within(day) <= 10, within(3600) <= 5, within(30) <= 1], [true, true, true])
  }
})

test('CODE-06: starting the sign-in anew, or turning back and forth, sends no more', async () => {
  const person = await addSomebody(copies.world, ['sms', 'email'])
  const browser = copies.visitor()
  for (let i = 0; i < 10; i++) {
    await givePassword(browser, person)
    for (const kind of ['email', 'sms'] as const) {
      await browser.api('POST', '/sign-in/method', { method: person.methods[kind] })
      await browser.post('/sign-in/send', {})
    }
  }
  assert.equal(codesTo(person.phone).length + codesTo(person.email).length, 1)
  const events = await eventsOf(copies.sql, person.id)
  assert.equal(events.filter((kind) => kind === 'code.sent').length, 1)
  assert.ok(events.filter((kind) => kind === 'code.send-refused-by-limit').length >= 40)
})

test('CODE-06: removing the number and setting it up again, written otherwise, sends no more', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const own = copies.visitor()
  await signIn(own, person, copies.clock.now())
  const digits = person.phone.slice(2)
  const [a, b, c] = [digits.slice(0, 3), digits.slice(3, 6), digits.slice(6)]
  const ways = [`+1 (${a}) ${b}-${c}`, `001${digits}`, `+1-${a}-${b}-${c}`, `+1.${a}.${b}.${c}`]
  const states: unknown[] = []
  for (const phone of ways) {
    await own.api('PATCH', '/profile', { phone: '' })
    const profile = await own.api('PATCH', '/profile', { phone })
    assert.equal(profile.json['phone'], person.phone, phone)
    const setUp = await own.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
    states.push(setUp.json['sent'])
    await own.api('POST', `/methods/${String(setUp.json['id'])}/code`, {})
  }
  assert.deepEqual(states, ['accepted', 'limited', 'limited', 'limited'])
  assert.equal(codesTo(person.phone).length, 1)
})

test('CODE-06: several accounts with one number, or one address in other letters, share its limit', async () => {
  const phone = '+12025550777'
  const address = 'Shared.Box@Example.com'
  const [texts, mails] = [await several('sms'), await several('email')]
  const to = 'UPDATE methods SET destination = $2 WHERE id = $1'
  for (const { methods } of texts) await copies.sql.query(to, [methods['sms'], phone])
  for (const [i, { methods }] of mails.entries()) {
    const written = i % 2 === 0 ? address : address.toLowerCase()
    await copies.sql.query(to, [methods['email'], written])
  }
  const askAll = (people: readonly Person[]) =>
    Promise.all(people.map((one, i) => givePassword(copies.visitor(i % 2), one, `10.5.0.${i}`)))
  for (let round = 0; round < 8; round++) {
    await askAll([...texts, ...mails])
    copies.clock.advance(31)
  }
  assert.equal(codesTo(phone).length, 5)
  assert.equal(codesTo(address).length + codesTo(address.toLowerCase()).length, 5)
})

test('CODE-06: step-up, set-up and sign-in of one account share its limit', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const [own, other] = [copies.visitor(), copies.visitor(1)]
  await signIn(own, person, copies.clock.now())
  const { email } = person.methods
  await own.api('POST', '/step-up/method', { method: email })
  await own.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
  await givePassword(other, person)
  await other.api('POST', '/sign-in/method', { method: email })
  assert.equal(codesTo(person.email).length + codesTo(person.phone).length, 1)
})

test('CODE-06: one source sends to 30 numbers in an hour and no more', async () => {
  const people = await several('sms', 34)
  for (const person of people) await givePassword(copies.visitor(), person, '10.6.6.6')
  const sent = people.filter(({ phone }) => codesTo(phone).length > 0)
  assert.equal(sent.length, 30)
  const elsewhere = people.find(({ phone }) => codesTo(phone).length === 0)
  assert.ok(elsewhere)
  await givePassword(copies.visitor(), elsewhere, '10.6.6.7')
  assert.equal(codesTo(elsewhere.phone).length, 1)
})

test('CODE-06: when the instance’s budget of texts is spent, other methods go on', async () => {
  const people = await Promise.all(
    Array.from({ length: 5 }, () => addSomebody(small.world, ['sms', 'email'])),
  )
  const browsers: Visitor[] = []
  for (const person of people) {
    const browser = small.visitor()
    await givePassword(browser, person)
    browsers.push(browser)
  }
  const texts = small.inbox.list().filter(({ letter }) => letter.channel === 'text')
  assert.equal(texts.length, 3)
  const [late, last] = [people.at(-1), browsers.at(-1)]
  assert.ok(late && last)
  small.clock.advance(31)
  const again = await last.api('POST', '/sign-in/send', {})
  assert.deepEqual([again.status, again.json['error']], [429, 'too-many-sends'])
  const turned = await last.api('POST', '/sign-in/method', { method: late.methods['email'] })
  assert.equal(turned.json['state'], 'accepted')
  const byApp = await addSomebody(small.world, ['totp'])
  const browser = small.visitor()
  await givePassword(browser, byApp)
  assert.equal((await giveCode(browser, appCode(byApp, small.clock.now()))).status, 200)
})

test('CODE-06: what a limit refuses is never written for a carrier to find', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const browser = copies.visitor()
  await givePassword(browser, person)
  const written = 'SELECT 1 FROM messages WHERE account_id = $1'
  for (let i = 0; i < 5; i++) {
    const reply = await browser.api('POST', '/sign-in/send', {})
    assert.equal(reply.status, 429)
  }
  assert.equal(await countOf(copies.sql, written, person.id), 1)
})

async function several(kind: 'sms' | 'email', count = 3): Promise<Person[]> {
  const people: Person[] = []
  for (let i = 0; i < count; i++) people.push(await addSomebody(copies.world, [kind]))
  return people
}

/** When codes arrived at that destination, in milliseconds. */
function codesTo(to: string): number[] {
  return copies.inbox
    .list()
    .filter(({ letter }) => letter.to === to && isCode(letter))
    .map(({ at }) => at.getTime())
}

function isCode(letter: { body?: string; subject?: string }): boolean {
  return /verification code/.test(letter.body ?? letter.subject ?? '')
}

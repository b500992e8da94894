import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { defaults, limits } from '../../src/config.ts'
import { readSettings } from '../../src/settings.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { eventsOf, failuresOf, sessionsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, wrongCode } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

test('LIM-01: 50 wrong codes over ten sign-ins, five sources, two copies: ten are looked at', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browsers = await Promise.all(
    Array.from({ length: 10 }, (_none, i) => enter(person, i % 2, `10.2.0.${i % 5}`)),
  )
  const replies: Reply[] = []
  for (let round = 0; round < 5; round++) {
    for (const [i, browser] of browsers.entries()) {
      replies.push(await giveCode(browser, wrongCode(person, now()), {}, `10.2.0.${i % 5}`))
    }
  }
  assert.equal(lookedAt(replies), 10)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 10)
  assert.equal(replies.filter(({ status }) => status === 429).length, 40)
})

test('LIM-01, LIM-05: the same all at once: no more are looked at than are counted', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browsers = await Promise.all(
    Array.from({ length: 10 }, (_none, i) => enter(person, i % 2, `10.2.1.${i % 5}`)),
  )
  const wrong = wrongCode(person, now())
  const replies = await Promise.all(
    browsers.flatMap((browser) => Array.from({ length: 5 }, () => giveCode(browser, wrong))),
  )
  assert.equal(lookedAt(replies), 10)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 10)
})

test('LIM-03: after the tenth wrong code each further one waits 30, 60, 120 seconds, never over an hour', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await fail(person, 10)
  for (const seconds of [30, 60, 120, 240, 480, 960, 1920, 3600, 3600, 3600]) {
    const browser = await enter(person)
    const early = await giveCode(browser, wrongCode(person, now()))
    assert.deepEqual([early.status, early.json['error']], [429, 'wait-before-trying'])
    assert.equal(early.headers.get('retry-after'), String(seconds))
    copies.clock.advance(seconds - 1)
    const stillEarly = await giveCode(await enter(person), wrongCode(person, now()))
    assert.equal(stillEarly.headers.get('retry-after'), '1')
    copies.clock.advance(1)
    assert.equal(lookedAt([await giveCode(await enter(person), wrongCode(person, now()))]), 1)
  }
})

test('LIM-03: three, four, nine wrong codes wait for nothing, and the owner signs in', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await fail(person, 9)
  const browser = await enter(person)
  assert.equal((await giveCode(browser, appCode(person, now()))).status, 200)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 0)
})

test('LIM-02: the hundredth wrong code in a row switches the method off for good', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await fail(person, 100)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 100)
  copies.clock.advance(2 * 3600)
  const browser = await enter(person)
  const right = await giveCode(browser, appCode(person, now()))
  assert.deepEqual([right.status, right.json['error']], [403, 'method-not-available'])
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
  const events = await eventsOf(copies.sql, person.id)
  assert.equal(events.filter((kind) => kind === 'method.locked').length, 1)
  const choose = { method: person.methods['totp'] }
  assert.equal((await browser.api('POST', '/sign-in/method', choose)).status, 403)
})

test('LIM-02: recovery is offered, and the method has to be set up again', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await fail(person, 99)
  copies.clock.advance(3600)
  const last = await enter(person)
  await giveCode(last, wrongCode(person, now()))
  const right = await giveCode(last, appCode(person, now()))
  assert.deepEqual([right.status, right.json['error']], [403, 'method-locked'])
  const browser = await enter(person)
  const page = await browser.get('/sign-in/code')
  assert.match(page.text, /Switched off after too many wrong codes/)
  assert.match(page.text, /href="\/sign-in\/recovery-code"/)
  const recovery = { recovery_code: person.recoveryCodes[0] }
  assert.equal((await browser.api('POST', '/sign-in/recovery-code', recovery)).status, 200)
  const setUp = await browser.api('POST', '/methods', { kind: 'totp', name: 'New app' })
  const { key } = setUp.json['shown'] as { key: string }
  const confirm = `/methods/${String(setUp.json['id'])}/confirm`
  const on = await browser.api('POST', confirm, { code: appCode({ key }, now()) })
  assert.equal(on.status, 200, on.text)
  copies.clock.advance(30)
  const again = await enter(person)
  assert.equal((await giveCode(again, appCode({ key }, now()))).status, 200)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 100, 'the old one stays off')
})

test('LIM-02: no setting raises the hundred', () => {
  assert.equal(limits.methodFailuresMax, 100)
  assert.ok(!Object.keys(defaults()).some((name) => /failuresMax/i.test(name)))
  const names = ['METHOD_FAILURES_MAX', 'FAILURES_MAX', 'ATTEMPTS_MAX', 'WAIT_FROM_FAILURE']
  const environment = Object.fromEntries(names.map((name) => [name, '101']))
  const { attemptsMax, waitFromFailure } = readSettings(environment)
  assert.deepEqual([attemptsMax, waitFromFailure], [5, 10])
})

test('LIM-04: resending, a new sign-in and another browser do not reset the count', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const browser = await enter(person)
  const wrong = wrongOf(codeIn(copies.newest(person.phone)))
  for (let i = 0; i < 3; i++) await giveCode(browser, wrong)
  copies.clock.advance(31)
  assert.equal((await browser.api('POST', '/sign-in/send', {})).status, 200)
  await giveCode(browser, wrong)
  copies.clock.advance(31)
  const other = await enter(person, 1)
  const otherWrong = wrongOf(codeIn(copies.newest(person.phone)))
  for (let i = 0; i < 4; i++) await giveCode(other, otherWrong)
  assert.equal(await failuresOf(copies.sql, person.methods['sms']), 8)
  copies.clock.advance(30 * 24 * 3600)
  assert.equal(await failuresOf(copies.sql, person.methods['sms']), 8, 'nor does time')
})

test('LIM-04: turning to another method and back does not reset the count', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const browser = await enter(person)
  await giveCode(browser, wrongCode(person, now()))
  for (const kind of ['email', 'totp']) {
    await browser.api('POST', '/sign-in/method', { method: person.methods[kind] })
  }
  const next = await giveCode(browser, wrongCode(person, now()))
  assert.equal((next.json['details'] as { attemptsLeft: number }).attemptsLeft, 3)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 2)
})

test('LIM-04: only a success with that method ends its count', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  await fail(person, 4)
  const browser = await enter(person)
  await browser.api('POST', '/sign-in/method', { method: person.methods['email'] })
  await giveCode(browser, codeIn(copies.newest(person.email)))
  assert.equal(await sessionsOf(copies.sql, person.id), 1)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 4)
  const byRecovery = await enter(person)
  const code = { recovery_code: person.recoveryCodes[0] }
  assert.equal((await byRecovery.api('POST', '/sign-in/recovery-code', code)).status, 200)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 4)
  const byApp = await enter(person)
  await byApp.api('POST', '/sign-in/method', { method: person.methods['totp'] })
  assert.equal((await giveCode(byApp, appCode(person, now()))).status, 200)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 0)
})

test('LIM-07: during a wait a right and a wrong code get one reply, and the right one stays good', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await fail(person, 10)
  const browser = await enter(person)
  const code = appCode(person, now(), 1)
  const replies = [
    await giveCode(browser, code),
    await giveCode(browser, wrongCode(person, now())),
    await giveCode(browser, code),
  ]
  const seen = new Set(
    replies.map(({ status, headers, json }) => {
      const { request_id: _number, ...rest } = json
      return JSON.stringify([status, headers.get('retry-after'), rest])
    }),
  )
  assert.equal(seen.size, 1, [...seen].join('\n'))
  assert.equal(replies[0]?.status, 429)
  assert.equal(await sessionsOf(copies.sql, person.id), 0)
  assert.equal(await failuresOf(copies.sql, person.methods['totp']), 10)
  copies.clock.advance(30)
  assert.equal((await giveCode(browser, code)).status, 200)
})

test('LIM-07: a sent code survives the wait as well, by form with its page', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  await copies.sql.query('UPDATE methods SET failures = 9 WHERE account_id = $1', [person.id])
  const browser = await enter(person)
  const code = codeIn(copies.newest(person.phone))
  await giveCode(browser, wrongOf(code))
  const right = await browser.post('/sign-in/code', { code })
  const wrong = await browser.post('/sign-in/code', { code: wrongOf(code) })
  for (const page of [right, wrong]) {
    assert.equal(page.status, 429)
    assert.equal(page.headers.get('retry-after'), '30')
    assert.match(page.text, /You can try again in 30 seconds/)
  }
  copies.clock.advance(30)
  assert.equal((await giveCode(browser, code)).status, 200)
})

test('LIM-07: a method that is switched off gives one reply to right and wrong codes', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = await enter(person)
  await copies.sql.query('UPDATE methods SET failures = 100 WHERE account_id = $1', [person.id])
  const right = await giveCode(browser, appCode(person, now()))
  const wrong = await giveCode(browser, wrongCode(person, now()))
  assert.deepEqual([right.status, right.json['error']], [403, 'method-locked'])
  assert.deepEqual([wrong.status, wrong.json['message']], [403, right.json['message']])
})

function now(): Date {
  return copies.clock.now()
}

/** A browser that gave the right password. */
async function enter(person: Person, copy = 0, from = '10.1.0.1'): Promise<Visitor> {
  const visitor = copies.visitor(copy)
  const reply = await givePassword(visitor, person, from)
  assert.equal(reply.status, 200, reply.text)
  return visitor
}

/** Gives so many wrong codes in a row, five to a sign-in, each after its wait. */
async function fail(person: Person, times: number): Promise<void> {
  let browser: Visitor | null = null
  for (let i = 0; i < times; i++) {
    if (i > 9) copies.clock.advance(3600)
    browser = i % 5 === 0 || i > 9 || !browser ? await enter(person, i % 2) : browser
    assert.equal(lookedAt([await giveCode(browser, wrongCode(person, now()))]), 1)
  }
}

function wrongOf(code: string): string {
  return String((Number(code) + 1) % 1_000_000).padStart(6, '0')
}

/** How many of the answers were compared: only those say how many tries are left. */
function lookedAt(replies: readonly Reply[]): number {
  return replies.filter(({ json }) => {
    const details = json['details'] as { attemptsLeft?: number } | undefined
    return details?.attemptsLeft !== undefined
  }).length
}

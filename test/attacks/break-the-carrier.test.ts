import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { CarrierFailed, CarrierRefused } from '../../src/delivery/port.ts'
import type { Carrier, Letter } from '../../src/delivery/port.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { failuresOf } from '../support/rows.ts'
import { giveCode, givePassword, signIn } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

/** How the carrier of texts fails now; null when it works. */
let failure: (() => Promise<never>) | null = null
const texts: Letter[] = []
const mails: Letter[] = []
const carriers: readonly Carrier[] = [
  {
    name: 'text',
    channel: 'text',
    async send(letter) {
      if (failure) return failure()
      texts.push(letter)
      return { reference: null }
    },
  },
  {
    name: 'mail',
    channel: 'mail',
    async send(letter) {
      mails.push(letter)
      return { reference: null }
    },
  },
]

let copies: Copies
before(async () => {
  copies = await startCopies({ carriers, config: { carrierTimeoutSeconds: 0.2 } })
})
after(() => copies.stop())

const failures: Readonly<Record<string, () => Promise<never>>> = {
  'answers 500': () => Promise.reject(new CarrierFailed('500')),
  'refuses the number': () => Promise.reject(new CarrierRefused('invalid-number')),
  'does not answer': () => new Promise<never>(() => {}),
  'drops the connection': () => Promise.reject(new Error('socket hang up to +12025551000')),
}

for (const [name, fail] of Object.entries(failures)) {
  test(`CODE-09: the carrier ${name}: the person is told, and nothing is charged or sent elsewhere`, async () => {
    const { person, browser } = await enterWhile(fail)
    const screen = await browser.api('GET', '/sign-in/code')
    assert.deepEqual([screen.json['message_state'], screen.json['attempts_left']], ['failed', 5])
    const page = await browser.get('/sign-in/code')
    assert.match(page.text, /could not be sent\. Send it again, or use another method/)
    copies.clock.advance(31)
    const again = await browser.api('POST', '/sign-in/send', {})
    assert.deepEqual([again.status, again.json['error']], [502, 'not-delivered'])
    assert.match(String(again.json['message']), /did not use up a try/)
    assert.ok(!again.text.includes('+1202') && !again.text.includes('500'))
    await assertNothingElsewhere(person, browser)
  })

  test(`CODE-09: the carrier ${name}: another method gets the person in`, async () => {
    const { person, browser } = await enterWhile(fail)
    copies.clock.advance(31)
    const turned = await browser.api('POST', '/sign-in/method', { method: person.methods['email'] })
    assert.equal(turned.json['state'], 'accepted')
    const letter = mails.findLast(({ to }) => to === person.email)
    assert.ok(letter)
    assert.equal((await giveCode(browser, codeIn(letter))).status, 200)
    failure = null
  })
}

test('CODE-09: when the carrier works again, sending again does', async () => {
  const { person, browser } = await enterWhile(() => Promise.reject(new CarrierFailed('503')))
  failure = null
  copies.clock.advance(31)
  const again = await browser.api('POST', '/sign-in/send', {})
  assert.deepEqual([again.status, again.json['state']], [200, 'accepted'])
  const letter = texts.findLast(({ to }) => to === person.phone)
  assert.ok(letter)
  assert.equal((await giveCode(browser, codeIn(letter))).status, 200)
})

test('CODE-09: in a set-up and a step-up the person is told as well, and may go on', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const own = copies.visitor()
  await signIn(own, person, copies.clock.now())
  failure = () => Promise.reject(new CarrierFailed('500'))
  const asked = await own.api('POST', '/step-up/method', { method: person.methods['sms'] })
  assert.deepEqual([asked.status, asked.json['error']], [502, 'not-delivered'])
  const enrolling = await addSomebody(copies.world, ['totp'])
  const other = copies.visitor()
  await signIn(other, enrolling, copies.clock.now())
  const setUp = await other.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
  assert.equal(setUp.json['sent'], 'failed')
  failure = null
  copies.clock.advance(31)
  const again = await other.api('POST', `/methods/${String(setUp.json['id'])}/code`, {})
  assert.equal(again.json['state'], 'accepted')
  assert.equal(mails.filter(({ to }) => to === enrolling.email || to === person.email).length, 0)
})

/** The password step of somebody asked by text first, while texts fail. */
async function enterWhile(fail: () => Promise<never>) {
  failure = fail
  const person = await addSomebody(copies.world, ['sms', 'email'])
  const browser = copies.visitor()
  const step = await givePassword(browser, person)
  assert.deepEqual([step.status, step.json['next']], [200, 'second-step'])
  return { person, browser }
}

async function assertNothingElsewhere(person: Person, browser: Visitor): Promise<void> {
  failure = null
  assert.deepEqual(
    mails.filter(({ to }) => to === person.email),
    [],
  )
  for (const kind of ['sms', 'email']) {
    assert.equal(await failuresOf(copies.sql, person.methods[kind]), 0)
  }
  const screen = await browser.api('GET', '/sign-in/code')
  assert.equal(screen.json['attempts_left'], 5)
}

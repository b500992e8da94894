import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Letter } from '../../src/delivery/port.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode, givePassword, signIn } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  const config = { sendPauseSeconds: 0, sendsPerHourMax: 1000, sendsPerDayMax: 1000 }
  copies = await startCopies({ config: { ...config, productName: 'Acme Sign-in' } })
})
after(() => copies.stop())

/** Everything that was answered in these flows. */
const replies: Reply[] = []
const codes: { readonly code: string; readonly letter: Letter; readonly person: Person }[] = []

test('CODE-07: at sign-in the code stands in its message alone', async () => {
  for (const kind of ['sms', 'email'] as const) {
    const person = await addSomebody(copies.world, [kind])
    const browser = watched(copies.visitor())
    await givePassword(browser, person)
    const code = keep(person, kind === 'sms' ? person.phone : person.email)
    for (const path of ['/sign-in/code', '/sign-in/methods', '/sign-in/stuck']) {
      await browser.get(path)
    }
    await browser.api('GET', '/sign-in/code')
    await browser.api('GET', '/sign-in/delivery')
    await browser.api('POST', '/sign-in/send', {})
    await browser.post('/sign-in/send', {})
    await browser.post('/sign-in/code', { code: `${code}0` })
    await browser.post('/sign-in/code', { code: `x${code}` })
    await browser.api('POST', '/sign-in/code', { code, remember_device: [code] })
    await browser.post('/sign-in/code', { code })
    await browser.post('/sign-in/code', { code })
    await browser.get('/settings/security')
  }
  assertOnlyInMessages()
})

test('CODE-07: in a session the code stands in its message alone, which names the action', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email', 'sms'])
  const own = watched(copies.visitor())
  await signIn(own, person, copies.clock.now())
  await own.api('POST', '/step-up/method', { method: person.methods['email'] })
  const stepUp = keep(person, person.email)
  await own.get('/step-up?return_to=/settings/security')
  await own.post('/step-up/code', { code: stepUp })
  await own.api('PATCH', '/profile', { phone: '+12025553333' })
  const moving = `/settings/security/methods/${person.methods['sms']}/new-number`
  await own.post(moving, {})
  const moved = keep(person, '+12025553333')
  await own.get(moving)
  await own.post(`${moving}/confirm`, { code: `${moved}9` })
  await own.post(`${moving}/confirm`, { code: moved })
  const named = codes.filter((one) => one.person.id === person.id).map(({ letter }) => letter)
  assert.match(textOf(named[0]), /to change your security settings/)
  assert.match(textOf(named[1]), /to use this number from now on/)
  assertOnlyInMessages()
})

test('CODE-07: in a set-up the code stands in its message alone', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const own = watched(copies.visitor())
  await signIn(own, person, copies.clock.now())
  const started = await own.post('/settings/security/set-up/sms', { notice_accepted: 'yes' })
  const pending = started.headers.get('location') ?? ''
  const code = keep(person, person.phone)
  await own.get(pending)
  await own.post(`${pending}/send-again`, {})
  const confirm = `/settings/security/methods/${pending.split('/').at(-1)}/confirm`
  await own.post(confirm, { code: `${code}1` })
  const on = await own.post(confirm, { code })
  assert.equal(on.status, 303, on.text)
  await own.api('GET', '/security')
  assertOnlyInMessages()
})

test('CODE-07: an app’s code is given back by no page', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const browser = watched(copies.visitor())
  await givePassword(browser, person)
  const code = appCode(person, copies.clock.now())
  const before = replies.length
  await browser.post('/sign-in/code', { code: `${code}${code}` })
  await browser.post('/sign-in/code', { code, remember_device: 'perhaps' })
  await browser.post('/sign-in/code', { code })
  for (const reply of replies.slice(before)) assertWithout(reply, code)
})

test('CODE-07: a message says product, code, purpose, lifetime and warning, and nothing personal', () => {
  assert.ok(codes.length >= 5)
  for (const { code, letter, person } of codes) {
    const text = textOf(letter)
    for (const part of ['Acme Sign-in', code, ' to ', '10 min', 'ever share it']) {
      assert.ok(text.includes(part), `${part} in: ${text}`)
    }
    const html = letter.channel === 'mail' ? letter.html : ''
    assert.doesNotMatch(text + html, /https?:|www\.|href=|<a\b/)
    const name = /Person \d+/
    for (const part of [person.password, person.email, person.phone, person.id]) {
      assert.ok(!(text + html).includes(part), part)
    }
    assert.doesNotMatch(text + html, name)
    if (letter.channel === 'mail') assert.doesNotMatch(letter.subject, /\d{6}/)
  }
})

/** Keeps the newest code sent there, for the search. */
function keep(person: Person, to: string): string {
  const letter = copies.newest(to)
  const code = codeIn(letter)
  codes.push({ code, letter, person })
  return code
}

/** The same visitor, all of whose replies are kept for the search. */
function watched(visitor: Visitor): Visitor {
  const kept =
    <A extends unknown[]>(ask: (...given: A) => Promise<Reply>) =>
    async (...given: A) => {
      const reply = await ask.apply(visitor, given)
      replies.push(reply)
      return reply
    }
  const get = kept(visitor.get.bind(visitor))
  const post = kept(visitor.post.bind(visitor))
  return Object.assign(visitor, { get, post, api: kept(visitor.api.bind(visitor)) })
}

/** No code so far stands in any reply, address, cookie or line of the log. */
function assertOnlyInMessages(): void {
  for (const { code } of codes) {
    for (const reply of replies) assertWithout(reply, code)
    assert.doesNotMatch(copies.logged(), alone(code))
  }
}

function assertWithout({ text, headers, setCookies }: Reply, code: string): void {
  const all = [text, ...setCookies, ...[...headers].map((pair) => pair.join(': '))].join('\n')
  assert.doesNotMatch(all, alone(code))
}

/** The code as such: in a longer word, of a nonce or an id, the six may stand by chance. */
function alone(code: string): RegExp {
  return new RegExp(`(?<![\\w-])${code}(?![\\w-])`)
}

function textOf(letter: Letter | undefined): string {
  if (!letter) return ''
  return letter.channel === 'text' ? letter.body : letter.text
}

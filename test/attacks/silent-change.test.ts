import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import type { Letter } from '../../src/delivery/port.ts'
import { addApp, addSent, confirm, enter, proveAgain, startApp } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { askLink, follow, linksTo } from '../support/reset.ts'
import { appCode, giveCode, givePassword, wrongCode } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({
    config: { sendPauseSeconds: 0, supportEmail: 'help@example.com' },
  })
})
after(() => copies.stop())

type Mail = Extract<Letter, { channel: 'mail' }>

/** The mails to a person that are no codes, which an act caused, once all is handed over. */
async function told(person: Person, act: () => Promise<unknown>): Promise<Mail[]> {
  await copies.delivered()
  const before = new Set(copies.inbox.list().map(({ letter }) => letter.id))
  await act()
  await copies.delivered()
  return copies.inbox
    .list()
    .map(({ letter }) => letter)
    .filter((letter) => letter.to === person.email && !before.has(letter.id))
    .filter((letter) => letter.channel === 'mail')
    .filter(({ subject }) => !subject.endsWith('verification code'))
}

/** One mail, with what happened, and nothing that gets anybody in. */
function assertTells(mails: readonly Mail[], subject: string, what: RegExp): void {
  assert.deepEqual(
    mails.map((mail) => mail.subject),
    [`Twostep: ${subject}`],
  )
  const [{ text, html } = { text: '', html: '' }] = mails
  assert.match(text, what)
  for (const said of [
    /When.*2026, \d\d:\d\d UTC/,
    /Browser.*Unknown browser/,
    /From.*127\.0\.0\.1|From.*10\.1\.0\.1/,
  ]) {
    assert.match(text, said)
  }
  assert.match(text, /help@example\.com/)
  const links = [...`${text} ${html}`.matchAll(/https?:\/\/[^\s"<>]+/g)].map(([link]) => link)
  assert.ok(links.some((link) => link.includes('/not-me/')))
  for (const link of links)
    assert.match(link, /\/(not-me|help)(\/|$|#)|^http:\/\/localhost:\d+\/?$/)
}

/** Signed in with the step-up still fresh. */
async function inside(...kinds: ('totp' | 'sms' | 'email')[]) {
  const person = await addSomebody(copies.world, kinds)
  return { person, visitor: await enter(copies, person) }
}

test('NTF-01, NTF-03: a method was added, and with the first one recovery codes were made', async () => {
  const { person, visitor } = await inside()
  const first = await told(person, () => addApp(copies, visitor, 'My phone'))
  assertTells(
    first,
    'A two-step method was turned on',
    /My phone \(Authenticator app\) can now be used.*10 recovery codes/,
  )
  const second = await told(person, () => addApp(copies, visitor, 'My tablet'))
  assertTells(second, 'A two-step method was turned on', /My tablet .*can now be used/)
  assert.doesNotMatch(second[0]?.text ?? '', /recovery codes were made/)
})

test('NTF-01: a set-up that was only started, or failed, is no change and is not told', async () => {
  const { person, visitor } = await inside()
  const nothing = await told(person, async () => {
    const app = await startApp(visitor)
    await confirm(visitor, app.id, wrongCode(app, copies.clock.now()))
  })
  assert.deepEqual(nothing, [])
})

test('NTF-01, NTF-03: a method was removed; with the last one it says that the second step is off', async () => {
  const { person, visitor } = await inside('totp', 'sms')
  const remove = (kind: 'totp' | 'sms') =>
    told(person, () => visitor.api('DELETE', `/methods/${person.methods[kind]}`))
  assertTells(
    await remove('sms'),
    'A two-step method was turned off',
    /Text message \(SMS\) can no longer be used/,
  )
  assertTells(
    await remove('totp'),
    'Two-step verification was turned off',
    /Authenticator app was turned off.*your password alone signs you in/,
  )
})

test('NTF-01, NTF-03: the number for codes was changed: by mail, and to the old number', async () => {
  const { person, visitor } = await inside()
  const id = await addSent(copies, visitor, 'sms', person.phone)
  const profile = await told(person, () =>
    visitor.api('PATCH', '/profile', { phone: '+447700900155' }),
  )
  assertTells(profile, 'The phone number in your profile was changed', /a new phone number/)
  const mails = await told(person, async () => {
    await visitor.api('POST', `/methods/${id}/new-number`, {})
    const code = codeIn(copies.newest('+447700900155'))
    await visitor.api('POST', `/methods/${id}/new-number/confirm`, { code })
  })
  assertTells(mails, 'The number for your codes was changed', /now go to the number ••• ••• 55/)
  const text = copies.newest(person.phone)
  assert.ok(text.channel === 'text' && /number for your codes was changed/.test(text.body))
})

test('NTF-01, NTF-03: new recovery codes were made; one was used', async () => {
  const { person, visitor } = await inside('totp')
  const made = await told(person, () => visitor.api('POST', '/recovery-codes', {}))
  assertTells(made, 'New recovery codes were made', /The codes before it no longer work/)
  const other = await addSomebody(copies.world, ['totp'])
  const used = await told(other, async () => {
    const door = copies.visitor()
    await givePassword(door, other)
    await door.api('POST', '/sign-in/recovery-code', { recovery_code: other.recoveryCodes[0] })
  })
  assertTells(used, 'A recovery code was used', /used to sign in .*\. 9 are left\./)
})

test('NTF-01, NTF-03: a device was remembered', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const mails = await told(person, () => enter(copies, person, { remember_device: true }))
  assertTells(mails, 'A device was remembered', /is asked for no code when it signs in/)
})

/** A hundredth wrong answer in a row: each way to give it. */
const hundredths: Record<string, (visitor: Visitor, person: Person) => Promise<unknown>> = {
  'at the sign-in': async (_visitor, person) => {
    const door = copies.visitor()
    await givePassword(door, person)
    await door.api('POST', '/sign-in/method', { method: person.methods['totp'] })
    await giveCode(door, wrongCode(person, copies.clock.now()))
  },
  'at the step-up': async (visitor, person) => {
    await visitor.api('POST', '/step-up/method', { method: person.methods['totp'] })
    const code = wrongCode(person, copies.clock.now())
    await visitor.api('POST', '/step-up/code', { code })
  },
  'with recovery codes at the sign-in': async (_visitor, person) => {
    const door = copies.visitor()
    await givePassword(door, person)
    const body = { recovery_code: 'AAAA-AAAA-AAAA-AAAA' }
    await door.api('POST', '/sign-in/recovery-code', body)
  },
  'with recovery codes at a reset': async (_visitor, person) => {
    const browser = await follow(copies, linksTo(copies, person.email)[0] ?? '')
    const body = { recovery_code: 'AAAA-AAAA-AAAA-AAAA' }
    await browser.api('POST', '/password-reset/recovery-code', body)
  },
  'with recovery codes at the step-up': async (visitor) => {
    const body = { recovery_code: 'AAAA-AAAA-AAAA-AAAA' }
    await visitor.api('POST', '/step-up/recovery-code', body)
  },
}

for (const [where, deed] of Object.entries(hundredths)) {
  test(`NTF-01: a method was locked ${where}`, async () => {
    const { person, visitor } = await inside('totp', 'email')
    for (const table of ['methods', 'recovery_sets']) {
      const text = `UPDATE ${table} SET failures = 99 WHERE account_id = $1`
      await copies.sql.query(text, [person.id])
    }
    await askLink(copies, person)
    const mails = await told(person, () => deed(visitor, person))
    const what = /(Authenticator app|Sign-in by recovery code) was switched off/
    assertTells(mails, 'A two-step method was locked', what)
  })
}

test('NTF-01: a method was locked while a new number was confirmed', async () => {
  const { person, visitor } = await inside()
  const id = await addSent(copies, visitor, 'sms', person.phone)
  await visitor.api('PATCH', '/profile', { phone: '+447700900156' })
  await visitor.api('POST', `/methods/${id}/new-number`, {})
  await copies.sql.query('UPDATE methods SET failures = 99 WHERE id = $1', [id])
  const wrong = codeIn(copies.newest('+447700900156')) === '111111' ? '222222' : '111111'
  const mails = await told(person, () =>
    visitor.api('POST', `/methods/${id}/new-number/confirm`, { code: wrong }),
  )
  assertTells(mails, 'A two-step method was locked', /SMS was switched off/)
})

test('NTF-03: looking at the link of a notice changes nothing; it names no account', async () => {
  const { person, visitor } = await inside('totp')
  const [mail] = await told(person, () => visitor.api('POST', '/recovery-codes', {}))
  const path = /\/not-me\/[\w-]+/.exec(mail?.text ?? '')?.[0] ?? ''
  for (let i = 0; i < 3; i++) {
    const looker = copies.visitor()
    assert.equal((await looker.get(path)).headers.get('location'), '/not-me')
    const page = await looker.get('/not-me')
    assert.equal(page.status, 200)
    assert.ok(!page.text.includes(person.email))
  }
  assert.equal((await visitor.api('GET', '/session')).status, 200)
  const stranger = copies.visitor()
  await stranger.get(path)
  assert.equal((await stranger.post('/not-me', {})).status, 200)
  assert.equal((await visitor.api('GET', '/session')).status, 401)
})

test('NTF-05: nobody can turn these notices off: no row of the table takes such a wish', async () => {
  const { person, visitor } = await inside('totp')
  const wish = { notify: false, notices: 'off', silent: true, messages: [], template: 'none' }
  await visitor.api('PATCH', '/profile', { name: 'Still me', ...wish })
  const mails = await told(person, () => visitor.api('POST', '/recovery-codes', wish))
  assert.equal(mails.length, 1)
  await proveAgain(copies, visitor, person)
  assert.equal(appCode(person, copies.clock.now()).length, 6)
})

/** What each text and mail says. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NoticeEvent } from '../../src/delivery/notice-events.ts'
import { code, mail, settings, text } from './readable.ts'

const signIn = { template: 'code', code, parameters: { purpose: 'sign-in' } } as const
const token = 'AbCdEf-_0123456789AbCdEf-_0123456789AbCdEf'

/** "Parse an origin-bound one-time code message" (SMSOTC, 3.2), step by step. */
function parseOriginBound(message: string) {
  const line = message.replace(/\r\n?/g, '\n').split('\n').at(-1) ?? ''
  const match =
    /^@(?<host>[^\t\n\f\r ]+) #(?<code>[^\t\n\f\r ]+)(?: %(?<embedded>[^\t\n\f\r ]+))?/.exec(line)
  const { host, code, embedded } = match?.groups ?? {}
  return host === undefined ? 'failure' : { host, code, embedded: embedded ?? null }
}

/** Characters of a single segment: those of the GSM alphabet, each once (3GPP TS 23.038, 6.2.1). */
const gsm =
  /^[@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !"#¤%&'()*+,\-./0-9:;<=>?¡A-ZÄÖÑÜ§¿a-zäöñüà]{1,160}$/u

test('CODE-07: the text holds product, code, purpose, life and a warning, and ends with the host', () => {
  assert.equal(
    text(signIn).body,
    'Twostep: 012345 is your verification code to sign in. Valid 10 min. Never share it.\n\n' +
      '@accounts.example.com #012345',
  )
})

test('CODE-07: the text for a step-up names what is confirmed', () => {
  const parameters = { purpose: 'step-up', action: 'turn off Authenticator app' }
  assert.match(
    text({ ...signIn, parameters }).body,
    /your verification code to turn off Authenticator app\./,
  )
  assert.match(mail({ ...signIn, parameters }).text, /code to turn off Authenticator app:/)
})

test('CODE-07: the mail holds the same and neither link nor contact; its subject no code', () => {
  const letter = mail({ ...signIn, code: { digits: '012345', minutes: 1 } })
  assert.equal(letter.subject, 'Your Twostep verification code')
  assert.equal(
    letter.text,
    `Twostep

Your verification code

Enter this verification code to sign in:

012345

It is valid for 1 minute. Never share it; we never ask for it.

If you did not ask for it, somebody may know your password: sign in and change it.
`,
  )
  for (const part of ['Twostep', '012345', 'sign in', '1 minute', 'Never share it']) {
    assert.ok(letter.html.includes(part), part)
  }
  assert.doesNotMatch(letter.html + letter.text, /href|https?:|www\.|@(?!media)/)
})

test('SMS-05: every text with a code parses to our host and that code', () => {
  for (const purpose of ['sign-in', 'step-up', 'set-up', 'new-number']) {
    const { body } = text({ ...signIn, parameters: { purpose } })
    assert.deepEqual(parseOriginBound(body), {
      host: 'accounts.example.com',
      code: '012345',
      embedded: null,
    })
    assert.match(body.split('\n')[0] ?? '', /verification code/)
  }
})

test('SMS-05: the host stands without scheme, port and path', () => {
  const config = settings({ baseUrl: 'https://Accounts.Example.com:8443/team/' })
  assert.ok(text(signIn, config).body.endsWith('\n@accounts.example.com #012345'))
})

test('SMS-05: for an IP address or a bare name there is no last line', () => {
  for (const host of ['localhost:3000', '192.0.2.7', '[2001:db8::1]:8443', 'intranet']) {
    const { body } = text(signIn, settings({ baseUrl: `http://${host}` }))
    assert.equal(parseOriginBound(body), 'failure')
    assert.ok(body.endsWith('Never share it.'), body)
  }
})

test('SMS-05: any product name, action and host fit one segment of GSM characters', () => {
  const names = [
    'T',
    'Ein sehr langer Produktname '.repeat(9),
    'Ąžuolas – “Ünïcode” 产品 €[]{}',
    '产品',
  ]
  const hosts = ['a.io', `${'long-host-name.'.repeat(3)}example.com`, `${'h'.repeat(60)}.example`]
  const action = 'remove the authenticator app called “My grandmother’s old telephone” for good'
  for (const productName of names) {
    for (const host of hosts) {
      for (const parameters of [{ purpose: 'new-number' }, { purpose: 'step-up', action }]) {
        const config = settings({ productName, baseUrl: `https://${host}` })
        const { body } = text({ ...signIn, parameters }, config)
        assert.match(body, gsm)
        assert.match(body, /012345 is your (verification )?code to \w+/)
        if (host.length <= 58) assert.ok(body.endsWith(`\n\n@${host} #012345`), body)
      }
    }
  }
})

test('EML-05: links are built from the configured base alone', () => {
  const config = settings({ baseUrl: 'https://accounts.example.com/base/' })
  for (const template of ['sign-up', 'verify-email'] as const) {
    const letter = mail({ template, token }, config)
    const address = `https://accounts.example.com/base/${template}/${token}`
    assert.ok(letter.text.includes(`\n${address}\n`), letter.text)
    assert.ok(letter.html.includes(`<a href="${address}"`), letter.html)
    assert.match(letter.text, /works once, within 24 hours/)
  }
})

test('a link that is not there is an error, not a mail without it', () => {
  assert.throws(() => mail({ template: 'sign-up', token: null }))
})

test('somebody who signs up with a known address is told so only by mail', () => {
  const letter = mail({ template: 'sign-up-existing' })
  assert.equal(letter.subject, 'You already have a Twostep account')
  assert.match(letter.text, /has an account already, so nothing was changed/)
  assert.doesNotMatch(letter.html, /href/)
})

const circumstances = { browser: 'Firefox on Windows', source: '203.0.113.7' }
const inAcme = { team: 'Acme', by: 'Ada' }
const told: Readonly<Record<NoticeEvent, { also?: object; says: RegExp }>> = {
  'account-created': { says: /An account was made with this email address/ },
  'password-changed': { says: /Your account has a new password/ },
  'password-reset': { says: /chosen with a link that we sent to this address/ },
  'email-change-asked': {
    also: { address: 'n•••@example.net' },
    says: /is to change to n•••.*before that link is used/s,
  },
  'email-changed': { also: { address: 'n•••@example.net' }, says: /is n••• @ example\.? ?net now/ },
  'address-added': { also: { address: 'n•••@example.net' }, says: /also go to n•••/ },
  'address-removed': { says: /no longer go to another address/ },
  'method-added': {
    also: { method: 'Authenticator app' },
    says: /Authenticator app can now be used/,
  },
  'method-removed': { also: { method: 'Email' }, says: /Email can no longer be used/ },
  'last-method-removed': {
    also: { method: 'Email' },
    says: /Email was turned off.*your password alone signs you in now.*turn it on again/s,
  },
  'method-locked': { also: { method: 'Email' }, says: /Email was switched off.*change it now/s },
  'profile-phone-changed': { says: /keep going where they went.*your own number back/s },
  'profile-phone-removed': { says: /has no phone number any more.*your own number back/s },
  'number-changed': { also: { number: '••• ••• 12' }, says: /now go to the number ••• ••• 12/ },
  'recovery-codes-made': { says: /The codes before it no longer work/ },
  'recovery-code-used': {
    also: { left: 3, use: 'step-up' },
    says: /One of your recovery codes was used to confirm a change .*\. 3 are left\..*make new ones/s,
  },
  'device-trusted': { says: /The browser named here is asked for no code .* up to 14 days/ },
  'device-theft': { says: /An old copy .* came back/ },
  'admin-forgot-devices': {
    also: inAcme,
    says: /Ada, for the team Acme, removed your trusted devices/,
  },
  'admin-ended-sessions': { also: inAcme, says: /Ada ended your sessions for the team Acme/ },
  'admin-unlocked': { also: inAcme, says: /Ada, for the team Acme, ended the waiting/ },
  'admin-reset': {
    also: { ...inAcme, reason: 'Lost phone' },
    says: /removed your methods, .*The reason given: Lost phone/s,
  },
  'admin-exempted': {
    also: { ...inAcme, reason: 'On leave', until: '12 December' },
    says: /Ada exempted you .*until 12 December.*The reason given: On leave/s,
  },
  'admin-ended-exemption': { also: inAcme, says: /Ada ended your exemption in the team Acme/ },
  'admin-loosened': {
    also: { ...inAcme, member: 'Bob', reason: 'On leave', until: '12 December' },
    says: /Ada exempted Bob .*until 12 December/s,
  },
  'pass-made': { also: inAcme, says: /Ada, for the team Acme, made a one-time pass/ },
  'pass-used': { says: /with your password and the one-time pass.*change it now/s },
  'team-joined': {
    also: { team: 'Acme', role: 'an admin' },
    says: /in the team Acme now, as an admin/,
  },
  'team-role-changed': {
    also: { team: 'Acme', by: 'Ada', role: 'a member' },
    says: /Ada gave you another role in the team Acme: a member/,
  },
  'team-removed': {
    also: { team: 'Acme', by: 'Ada' },
    says: /Ada removed your account from the team Acme/,
  },
  'team-received': {
    also: { team: 'Acme', by: 'Ada' },
    says: /Ada handed the team Acme over to you/,
  },
  'team-given-away': {
    also: { team: 'Acme', by: 'Grace' },
    says: /The team Acme has a new owner: Grace/,
  },
  'account-recovered': {
    also: { method: 'Authenticator app' },
    says: /Authenticator app is now the only method/,
  },
  'api-key-made': {
    also: { key: 'Nightly', team: 'Acme', by: 'Ada Lovelace' },
    says: /Ada Lovelace made the API key “Nightly” for Acme.*revoke it/s,
  },
  'api-key-revoked': {
    also: { key: 'Nightly', team: 'Acme', by: 'Ada Lovelace' },
    says: /Ada Lovelace revoked the API key “Nightly” of Acme/,
  },
  'second-step-failed': { says: /too many wrong codes.*change it now/s },
  'sign-in-unfinished': { says: /the second step was not passed.*change it now/s },
  'account-deleted': { says: /was deleted: .* gone for good.*write to support/s },
  'operator-reset': {
    also: { reason: 'phone lost' },
    says: /operator .* removed your methods.*reason given: phone lost/s,
  },
  'operator-unlocked': { says: /ended the waiting.*try again at once/ },
  'operator-policy-off': {
    also: { team: 'Acme', reason: 'all out' },
    says: /what the team Acme required.*reason given: all out/s,
  },
  'operator-restored': {
    also: { reason: 'of 25 November' },
    says: /restored a back-up \(of 25 November\).*make new recovery codes/s,
  },
  'support-made': { says: /work on recovery cases/ },
  'support-ended': { says: /no longer sees or decides/ },
}

for (const [event, { also, says }] of Object.entries(told)) {
  test(`NTF-03: the notice "${event}" says what, when, from where and how to object`, () => {
    const parameters = { event, ...circumstances, ...also }
    const { text, html, subject } = mail({ template: 'notice', token, parameters })
    assert.match(text, says)
    assert.match(text, /When: Tuesday 24 November 2026, 14:05 UTC/)
    assert.match(text, /Browser: Firefox on Windows\nFrom: 203\.0\.113\.7\n/)
    assert.match(text, /help@example\.com or https:\/\/chat\.example\.com\//)
    assert.deepEqual(links(text + html), [`https://accounts.example.com/not-me/${token}`])
    assert.match(subject, /^Twostep: /)
    assert.doesNotMatch(subject + text, /\b\d{6}\b/)
  })
}

function links(written: string): string[] {
  const all = written.match(/https?:\/\/[^\s"<]+/g) ?? []
  return [...new Set(all)].filter((link) => !link.startsWith('https://chat.example.com'))
}

test('NTF-03: a notice that comes some time after says when it happened', () => {
  const at = '2026-11-24T12:31:00.000Z'
  const parameters = { event: 'sign-in-unfinished', at, ...circumstances }
  const { text } = mail({ template: 'notice', token, parameters })
  assert.match(text, /When: Tuesday 24 November 2026, 12:31 UTC/)
})

test('NTF-03: without a link of its own a notice says what to do in words', () => {
  const parameters = { event: 'method-removed', method: 'Email', ...circumstances }
  const letter = mail({ template: 'notice', parameters }, settings({ supportChatUrl: null }))
  assert.deepEqual(links(letter.text + letter.html), [])
  assert.match(letter.text, /sign in, end all other sessions and change your password/)
})

test('a notice by text fits one segment and links nowhere', () => {
  for (const event of Object.keys(told)) {
    const { body } = text({ template: 'notice', parameters: { event } })
    assert.match(body, gsm)
    assert.match(
      body,
      /^Twostep: .* Not you\? Change your password now and write to help@example\.com\.$/,
    )
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from 'hono/html'
import { actionButton } from '../../src/http/html/button.ts'
import { checkbox } from '../../src/http/html/checkbox.ts'
import { choices } from '../../src/http/html/choices.ts'
import { codeField } from '../../src/http/html/code-field.ts'
import { confirmation } from '../../src/http/html/confirm.ts'
import { recoveryCodesBlock } from '../../src/http/html/copy-block.ts'
import { doorPage } from '../../src/http/html/door-page.ts'
import { field } from '../../src/http/html/field.ts'
import { form } from '../../src/http/html/form.ts'
import { idleWarning } from '../../src/http/html/idle-warning.ts'
import { list } from '../../src/http/html/list.ts'
import { passwordField } from '../../src/http/html/password-field.ts'
import { resend } from '../../src/http/html/resend.ts'
import { settingsPage } from '../../src/http/html/settings-page.ts'
import type { Html, View } from '../../src/http/html/view.ts'
import { durationInWords, sentence, timeAgo } from '../../src/http/html/words.ts'
import { refuse } from '../../src/reasons.ts'

const now = new Date('2026-11-24T12:00:00Z')

const view: View = {
  productName: 'Twostep',
  logoUrl: null,
  supportEmail: 'help@example.com',
  supportChatUrl: 'https://chat.example.com/',
  signUpOpen: false,
  inbox: false,
  path: '/settings/profile',
  antiForgery: 'the-token',
  nonce: 'the-nonce',
  account: { name: 'Ada Lovelace', email: 'ada@example.com' },
  teams: [],
  team: null,
  restricted: false,
  refusal: null,
  values: {},
  now,
  assets: { style: '/assets/style.css', script: '/assets/app.js' },
  notice: null,
}

/** The text of a part of a page; parts of ours are never promises. */
function textOf(part: Html | null): string {
  assert.ok(!(part instanceof Promise))
  return part === null ? '' : part.toString()
}

const page = (over: Partial<View>, body = html``) =>
  textOf(settingsPage({ ...view, ...over }, { title: 'T', heading: 'H', current: 'profile', body }))

test('WEB-01: whatever posts carries the anti-forgery field', () => {
  const email = field(view, { name: 'email', label: 'Email', autocomplete: 'email' })
  const all = [
    form(view, { action: '/a', submit: 'Go', body: email }),
    actionButton(view, { action: '/a', label: 'Go' }),
    resend(view, { action: '/a', after: null }),
    choices(view, { action: '/a', name: 'm', choices: [] }),
    confirmation(view, { action: '/a', effects: ['e'], submit: 'Go', cancel: { href: '/' } }),
    settingsPage(view, { title: 'T', heading: 'H', current: 'home', body: html`` }),
    doorPage(view, {
      title: 'T',
      heading: 'H',
      body: html``,
      who: { email: 'a@b.example', leave: '/leave' },
    }),
  ].map(textOf)
  for (const text of all) {
    const forms = text.split('<form').slice(1)
    assert.ok(forms.length > 0)
    for (const one of forms) {
      assert.match(one, /method="post"/)
      assert.match(one, /name="anti_forgery" value="the-token"/)
    }
  }
})

test('WEB-03: no inline style, handler or script; the one script has the nonce', () => {
  const text = page({}, passwordField(view, secretField))
  assert.doesNotMatch(text, /\sstyle=|\son\w+=|<style|javascript:/)
  assert.deepEqual(text.match(/<script[^>]*>/g), [
    '<script src="/assets/app.js" nonce="the-nonce" type="module">',
  ])
})

const secretField = {
  name: 'password',
  label: 'Password',
  autocomplete: 'current-password',
} as const

test('WEB-07: names with markup and quotes are text, and run in their own direction', () => {
  const nasty = `<script>alert(1)</script>"'\u202E`
  const text = page(
    { account: { name: nasty, email: nasty }, values: { name: nasty }, notice: nasty },
    html`${list([{ title: nasty, details: [nasty] }])}${field(
      { ...view, values: { name: nasty } },
      { name: 'name', label: nasty, autocomplete: 'name' },
    )}`,
  )
  assert.doesNotMatch(text, /<script>alert/)
  assert.doesNotMatch(text, /value="<|value="[^"]*"'/)
  assert.match(text, /<bdi>&lt;script&gt;/)
})

test('A11Y-02: a code field is one text input for one-time codes that cuts nothing', () => {
  const text = textOf(codeField(view))
  assert.equal(text.match(/<input/g)?.length, 1)
  assert.match(text, /type="text"/)
  assert.match(text, /inputmode="numeric"/)
  assert.match(text, /autocomplete="one-time-code"/)
  assert.match(text, /<label for="field-code"/)
  assert.doesNotMatch(text, /maxlength|type="number"|pattern=/)
})

test('PW-06: a password field takes paste and managers, is never filled in, can be shown', () => {
  const text = textOf(passwordField({ ...view, values: { password: 'secret' } }, secretField))
  assert.match(text, /autocomplete="current-password"/)
  assert.doesNotMatch(text, /secret|onpaste|autocomplete="off"/)
  assert.match(text, /<button[^>]*type="button"[^>]*data-show="field-password"/)
})

test('A11Y-04: the regions for errors and news stand there before they are filled', () => {
  const text = page({})
  assert.match(text, /<div role="alert" class="region">\s*<\/div>/)
  assert.match(text, /<div role="status" class="region" data-status>\s*<\/div>/)
})

test('A11Y-05: a refused field says so, is described by its sentence and keeps what was typed', () => {
  const refusal = refuse('bad-input', undefined, { phone: 'not-a-phone' })
  const seen = { ...view, refusal, values: { phone: '07700' } }
  const phone = { name: 'phone', label: 'Phone', autocomplete: 'tel' } as const
  const text = page(seen, field(seen, { ...phone, hint: 'With the country code.' }))
  assert.match(text, /<title>Error: T · Twostep<\/title>/)
  assert.match(text, /value="07700"/)
  assert.match(text, /aria-invalid="true"\s+aria-describedby="field-phone-hint field-phone-error"/)
  assert.match(text, /id="field-phone-error"[\s\S]*That isn’t a phone number we can use/)
  assert.match(text, /role="alert"[\s\S]*id="refusal" tabindex="-1" autofocus/)
})

test('A11Y-05: a refusal without fields marks the field it is about, and no other', () => {
  const seen = { ...view, refusal: refuse('wrong-code', { attemptsLeft: 2 }) }
  assert.match(textOf(codeField(seen)), /aria-invalid="true"\s+aria-describedby="refusal"/)
  assert.doesNotMatch(textOf(passwordField(seen, secretField)), /aria-invalid/)
  const untouched = checkbox(seen, { name: 'remember_device', label: 'Remember This Device' })
  assert.doesNotMatch(textOf(untouched), /aria-invalid/)
})

test('A11Y-06: only a short idle limit is warned of, with a way to go on', () => {
  assert.equal(idleWarning(86_400), null)
  assert.equal(idleWarning(undefined), null)
  assert.match(textOf(idleWarning(3600)), /data-expires="3540" data-warn="120"/)
  assert.match(page({ idleSeconds: 3600 }), /Stay signed in/)
})

test('A11Y-07: after a step the focus goes to the heading, or to what went wrong', () => {
  const step = { title: 'T', heading: 'H', step: 'Step 2 of 2', body: html`` }
  assert.match(textOf(doorPage(view, step)), /<h1 tabindex="-1"\s+autofocus/)
  const refused = textOf(doorPage({ ...view, refusal: refuse('wrong-code') }, step))
  assert.doesNotMatch(refused, /<h1[^>]*autofocus/)
  assert.equal(refused.match(/autofocus/g)?.length, 1)
})

test('A11Y-09: a title names the page, its step and the product', () => {
  const step = { title: 'Check your phone', heading: 'H', step: 'Step 2 of 2', body: html`` }
  const text = textOf(doorPage(view, step))
  assert.match(text, /<title>Check your phone \(Step 2 of 2\) · Twostep<\/title>/)
  assert.match(text, /<html lang="en">/)
})

test('A10, A11Y-10: help, chat and address stand last on every page, in this order', () => {
  const door = textOf(doorPage(view, { title: 'T', heading: 'H', body: html`` }))
  for (const text of [door, page({})]) {
    const footer = text.slice(text.indexOf('<footer'))
    const places = ['/help', 'https://chat.example.com/', 'mailto:help@example.com']
    const at = places.map((place) => footer.indexOf(`href="${place}"`))
    assert.ok(at.every((position) => position > 0))
    assert.deepEqual(
      at,
      at.toSorted((a, b) => a - b),
    )
  }
})

test('A11Y-11: recovery codes are text on the page and in the file, with account and date', () => {
  const codes = ['AAAA-BBBB-CCCC-DDDD', 'EEEE-FFFF-GGGG-HHHH']
  const text = textOf(
    recoveryCodesBlock({ codes, productName: 'Acme ID', email: 'ada@example.com', now }),
  )
  assert.match(text, /<code>AAAA-BBBB-CCCC-DDDD<\/code>/)
  assert.match(text, /data-download="acme-id-recovery-codes.txt"/)
  const file = /data-text="([^"]*)"/.exec(text)?.[1] ?? ''
  for (const part of [...codes, 'Acme ID', 'ada@example.com', '24 November 2026']) {
    assert.ok(file.includes(part), part)
  }
})

test('words: waits are rounded up, few tries are said, moments keep their exact time', () => {
  const words = [1, 59, 61, 3600, 5400, 7201].map(durationInWords)
  assert.deepEqual(words, [
    '1 second',
    '59 seconds',
    '2 minutes',
    '1 hour',
    '90 minutes',
    '3 hours',
  ])
  assert.match(sentence(refuse('wait-before-sending', { seconds: 25 })), /again in 25 seconds/)
  assert.match(sentence(refuse('wrong-code', { attemptsLeft: 1 })), /You have one try left\.$/)
  assert.doesNotMatch(sentence(refuse('wrong-code', { attemptsLeft: 4 })), /left/)
  assert.match(sentence(refuse('password-too-short', { min: 15 })), /at least 15 characters/)
  const ago = textOf(timeAgo(new Date('2026-11-24T09:00:00Z'), now))
  assert.match(ago, /title="24 November 2026, 09:00 UTC"[\s\S]*3 hours ago/)
})

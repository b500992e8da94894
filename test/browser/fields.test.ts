/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { codeIn } from '../support/copies.ts'
import { arriveHome, giveCode, givePassword, press } from './acts.ts'
import { pasteWhole, tabTo } from './keyboard.ts'
import { startStage, type Stage } from './stage.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] }

/** The next time a form is sent it stays, to see what sending it does to the page. */
async function holdForm(page: Page): Promise<void> {
  await page.evaluate(() =>
    addEventListener('submit', (event) => event.preventDefault(), { once: true, capture: true }),
  )
}

test('PW-06: a password is pasted, shown and hidden again by keyboard, and hidden before it is sent', async () => {
  const person = await stage.somebody()
  const page = await stage.visit(clipboard)
  await page.goto('/sign-in')
  assert.equal(await page.getByLabel('Email').getAttribute('autocomplete'), 'username')
  await page.getByLabel('Email').fill(person.email)
  const field = page.getByLabel('Password', { exact: true })
  assert.equal(await field.getAttribute('autocomplete'), 'current-password')
  await field.focus()
  await pasteWhole(page, person.password)
  assert.equal(await field.inputValue(), person.password)
  const show = page.getByRole('button', { name: /^(Show|Hide) Password$/ })
  await tabTo(page, show)
  await page.keyboard.press('Enter')
  assert.equal(await field.getAttribute('type'), 'text')
  assert.equal(await show.innerText().then((text) => text.split('\n')[0]), 'Hide')
  await page.keyboard.press('Space')
  assert.equal(await field.getAttribute('type'), 'password')
  await page.keyboard.press('Enter')
  assert.equal(await field.getAttribute('type'), 'text')
  await field.focus()
  await holdForm(page)
  await page.keyboard.press('Enter')
  assert.equal(await field.getAttribute('type'), 'password')
  await page.keyboard.press('Enter')
  await arriveHome(page)
})

test('PW-06: a new password stands beside the account it is for, wherever one is chosen', async () => {
  const first = await stage.signedIn(await stage.somebody())
  await first.goto('/settings/password')
  const fields = await first
    .locator('main form input:not([type=hidden])')
    .evaluateAll((all) =>
      all.map((input) => [input.getAttribute('autocomplete'), input.getAttribute('type')]),
    )
  assert.deepEqual(fields, [
    ['username', 'email'],
    ['current-password', 'password'],
    ['new-password', 'password'],
  ])
})

/** A browser that hands over the code of a text, once `arrive` is called; it says what was asked. */
async function withWebOtp(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const stub = { asked: null as unknown, aborted: false, arrive: (_code: string) => {} }
    const get = (options: { otp?: unknown; signal?: AbortSignal }) => {
      stub.asked = options.otp
      options.signal?.addEventListener('abort', () => (stub.aborted = true))
      return new Promise((resolve) => (stub.arrive = (code) => resolve({ code })))
    }
    Object.assign(window, { OTPCredential: function OTPCredential() {}, stub })
    Object.defineProperty(navigator, 'credentials', { value: { get } })
  })
}

type Stub = { asked: unknown; aborted: boolean; arrive: (code: string) => void }
const stubOf = (page: Page) =>
  page.evaluate(() => {
    const { asked, aborted } = (window as unknown as { stub: Stub }).stub
    return { asked, aborted }
  })

test('SMS-07: where the browser can, the code of a text fills the field, and only fills it', async () => {
  const person = await stage.somebody('sms')
  const page = await stage.visit()
  await withWebOtp(page)
  const shown = page.waitForResponse((reply) => reply.url().endsWith('/sign-in/code'))
  await givePassword(page, person)
  const policy = (await shown).headers()['permissions-policy']
  assert.match(policy ?? '', /otp-credentials=\(self\)/)
  const field = page.getByLabel('Verification code')
  await field.waitFor()
  assert.deepEqual(await stubOf(page), { asked: { transport: ['sms'] }, aborted: false })
  await stage.copies.delivered()
  const code = codeIn(stage.copies.newest(person.phone))
  await page.evaluate((digits) => (window as unknown as { stub: Stub }).stub.arrive(digits), code)
  await page.getByText('The code from your message is filled in.').waitFor()
  assert.equal(await field.inputValue(), code)
  assert.match(page.url(), /\/sign-in\/code$/)
  await holdForm(page)
  await page.getByRole('button', { name: 'Sign in' }).click()
  assert.equal((await stubOf(page)).aborted, true)
  await press(page, 'Sign in')
  await arriveHome(page)
})

test('SMS-07: it is asked for texts alone, given up when the page is left, and not needed', async () => {
  const person = await stage.somebody('sms', 'totp')
  const page = await stage.visit()
  await withWebOtp(page)
  await givePassword(page, person)
  await page.getByLabel('Verification code').waitFor()
  assert.equal((await stubOf(page)).asked, null)
  await press(page, 'Use another method')
  await press(page, /^Text message/)
  await page.getByLabel('Verification code').waitFor()
  assert.equal((await stubOf(page)).aborted, false)
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide')))
  assert.equal((await stubOf(page)).aborted, true)

  stage.wait()
  const without = await stage.visit()
  await without.addInitScript(() => Reflect.deleteProperty(window, 'OTPCredential'))
  await givePassword(without, person)
  await press(without, 'Use another method')
  await press(without, /^Text message/)
  await stage.copies.delivered()
  await giveCode(without, codeIn(stage.copies.newest(person.phone)), 'Sign in')
  await arriveHome(without)
})

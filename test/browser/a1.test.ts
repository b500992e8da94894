import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import {
  appOf,
  arriveAt,
  arriveHome,
  giveAppCode,
  giveCode,
  givePassword,
  textedCode,
} from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

const inside = [
  '/',
  '/settings/profile',
  '/settings/security',
  '/settings/security/set-up',
  '/step-up',
]

/** Every page of a session leads to the door, and the API knows nobody. */
async function isOutside(page: Page, email: string): Promise<void> {
  for (const path of inside) {
    await page.goto(path)
    await arriveAt(page, 'Sign in')
    assert.equal(await page.getByText(email).count(), 0, path)
  }
  assert.equal((await page.request.get('/api/v1/session')).status(), 401)
}

test('A1: Log in needs two steps: the password, then a verification code. The password alone gets nobody in.', async () => {
  const person = await trial.somebody('totp')
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, { ...person, password: 'not the right password' })
  await page.getByText('That email and password don’t match.').waitFor()
  await screenshot(page, 'a1-wrong-password')
  await givePassword(page, person)
  await arriveAt(page, 'Open your authenticator app')
  await isOutside(page, person.email)
  await page.goto('/sign-in/code')
  await giveCode(page, '000000', 'Sign in')
  await page.getByText('That code isn’t right.').waitFor()
  await screenshot(page, 'a1-wrong-code')
  await isOutside(page, person.email)
  await page.goto('/sign-in/code')
  await giveAppCode(page, appOf(person.key))
  await arriveHome(page)
  assert.equal((await page.request.get('/api/v1/session')).status(), 200)
  const elsewhere = await (await trial.fresh()).newPage()
  await isOutside(elsewhere, person.email)
})

test('A1: with codes by text the second step is the code that arrives on the phone', async () => {
  const person = await trial.somebody('sms')
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await arriveAt(page, 'Check your phone')
  await screenshot(page, 'a1-code-by-text')
  await isOutside(page, person.email)
  await page.goto('/sign-in/code')
  await giveCode(page, await textedCode(trial, person.phone), 'Sign in')
  await arriveHome(page)
})

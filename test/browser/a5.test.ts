import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import {
  appOf,
  arriveAt,
  arriveHome,
  giveAppCode,
  giveCode,
  givePassword,
  mailedCode,
  press,
  saveRecoveryCodes,
  sendCodeWhenAllowed,
  signOut,
  textedCode,
} from './acts.ts'
import type { Person } from '../support/people.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial({ carrier: 'webhook' })
})
after(() => trial.stop())

test('A5: Set up one or more of: SMS codes, Email codes, Authenticator app (any RFC 6238 app)', async () => {
  // Side by side, because between two codes to one person there are 30 seconds.
  await Promise.all([withTexts(), withMails(), withApps()])
})

async function withTexts(): Promise<void> {
  const { person, page } = await atTheCards()
  await press(page, 'SMS codes')
  await page.getByLabel(/I have read this/).check()
  await press(page, 'Send a code')
  await arriveAt(page, 'Enter the code from your phone')
  await giveCode(page, await textedCode(trial, person.phone), 'Turn on')
  await saveRecoveryCodes(page)
  await comeBack(page, person, 'On, with SMS')
  await arriveAt(page, 'Check your phone')
  await sendCodeWhenAllowed(page)
  await giveCode(page, await textedCode(trial, person.phone, 1), 'Sign in')
  await arriveHome(page)
}

async function withMails(): Promise<void> {
  const { person, page } = await atTheCards()
  await press(page, 'Email codes')
  await press(page, 'Send a code')
  await arriveAt(page, 'Enter the code from your mailbox')
  await giveCode(page, await mailedCode(trial, person.email), 'Turn on')
  await saveRecoveryCodes(page)
  await comeBack(page, person, 'On, with Email')
  await arriveAt(page, 'Check your email')
  await sendCodeWhenAllowed(page)
  await giveCode(page, await mailedCode(trial, person.email, 1), 'Sign in')
  await arriveHome(page)
}

/** The key typed by hand, as into any app; then a second app beside the first. */
async function withApps(): Promise<void> {
  const { person, page } = await atTheCards()
  const first = await addApp(page, 'Old phone')
  await saveRecoveryCodes(page)
  await arriveAt(page, 'Add a second method?')
  await press(page, 'Another authenticator app')
  const second = await nameApp(page, 'Tablet')
  await arriveAt(page, 'Two-step verification is on')
  await comeBack(page, person, 'On, with Authenticator app')
  await giveAppCode(page, first)
  await arriveHome(page)
  await signOut(page)
  await givePassword(page, person)
  await press(page, 'Use another method')
  await press(page, /^Tablet/)
  await giveAppCode(page, second)
  await arriveHome(page)
}

async function atTheCards(): Promise<{ person: Person; page: Page }> {
  const person = await trial.somebody()
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await arriveHome(page)
  await page.goto('/settings/security/set-up')
  const cards = page.locator('main').getByRole('heading', { level: 2 })
  assert.deepEqual(await cards.allTextContents(), ['Authenticator app', 'SMS codes', 'Email codes'])
  return { person, page }
}

async function addApp(page: Page, name: string) {
  await press(page, 'Authenticator app')
  return nameApp(page, name)
}

async function nameApp(page: Page, name: string) {
  await arriveAt(page, /^Set up/)
  await page.getByLabel('Name of this app').fill(name)
  await press(page, 'Continue')
  const key = await page
    .getByRole('group', { name: 'Or type this key' })
    .locator('code')
    .innerText()
  const app = appOf(key.replace(/\s/g, ''))
  await giveCode(page, await app.nextCode(), 'Turn on')
  return app
}

async function comeBack(page: Page, person: Person, status: string): Promise<void> {
  await page.goto('/settings/security')
  await page.getByRole('heading', { name: status, exact: true }).waitFor()
  await signOut(page)
  await givePassword(page, person)
}

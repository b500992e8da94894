/** The first quarter of an hour of a newcomer, as one story for browsers with scripts and without. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import {
  arriveAt,
  giveCode,
  givePassword,
  mailedCode,
  mailedLink,
  makeFirstOwner,
  press,
  saveRecoveryCodes,
  sendCodeWhenAllowed,
  signOut,
  textedCode,
  turnOnApp,
} from './acts.ts'
import type { App } from './acts.ts'
import type { Trial } from './trial.ts'

export const ada = {
  team: 'Analytical Engines',
  name: 'Ada Lovelace',
  email: 'ada@example.com',
  password: 'plum river candle seven',
  phone: '+447700900123',
} as const

/**
 * A fresh program, its one-time link, the first owner, the phone, all three methods, the recovery
 * codes, and three sign-ins: with two steps, with two steps and remembered, and not asked again.
 */
export async function newcomerStory(trial: Trial, page: Page, shots: string): Promise<void> {
  const shot = (name: string) => screenshot(page, `${shots}-${name}`)
  await page.goto(trial.program.firstOwnerLink ?? '')
  await shot('1-first-owner')
  await makeFirstOwner(page, trial.program.firstOwnerLink, ada)
  await shot('2-account-ready')
  await givePassword(page, ada)
  await arriveAt(page, `Hello, ${ada.name}`)
  await shot('3-home-off')
  await confirmAddress(trial, page)
  await givePhone(page, shot)
  const app = await turnOnFirstApp(page, shot)
  await turnOnTexts(trial, page, shot)
  await turnOnMails(trial, page, shot)
  await signOut(page)
  await shot('20-signed-out')
  await comeBack(page, app, shot)
}

type Shot = (name: string) => Promise<void>

async function confirmAddress(trial: Trial, page: Page): Promise<void> {
  await page.goto(await mailedLink(trial, ada.email, 'verify-email'))
  await press(page, 'Yes, confirm it')
  await arriveAt(page, 'Thank you, that’s confirmed')
  await press(page, 'Continue')
}

async function givePhone(page: Page, shot: Shot): Promise<void> {
  await page.locator('summary').click()
  await shot('4-menu')
  await press(page, 'Settings')
  await arriveAt(page, 'Profile')
  await page.getByLabel('Mobile phone').fill('+44 7700 900123')
  await press(page, 'Save')
  await page.getByText('Your profile is saved.').waitFor()
  await shot('5-profile')
}

async function turnOnFirstApp(page: Page, shot: Shot): Promise<App> {
  await press(page, 'Security')
  await arriveAt(page, 'Security')
  await shot('6-security-off')
  const app = await turnOnApp(page, 'Phone app', shot)
  await arriveAt(page, 'Save your recovery codes')
  await shot('10-recovery-codes')
  assert.equal((await saveRecoveryCodes(page)).length, 10)
  await arriveAt(page, 'Add a second method?')
  await shot('11-second-method')
  return app
}

async function turnOnTexts(trial: Trial, page: Page, shot: Shot): Promise<void> {
  await press(page, 'SMS codes')
  await arriveAt(page, 'Set up SMS codes')
  await shot('12-set-up-texts')
  await page.getByLabel(/I have read this/).check()
  await press(page, 'Send a code')
  await arriveAt(page, 'Enter the code from your phone')
  await shot('13-code-by-text')
  await giveCode(page, await textedCode(trial, ada.phone), 'Turn on')
  await arriveAt(page, 'Two-step verification is on')
  await shot('14-on')
}

async function turnOnMails(trial: Trial, page: Page, shot: Shot): Promise<void> {
  await press(page, 'Go to Security')
  await press(page, 'Add a method')
  await shot('15-methods')
  await press(page, 'Email codes')
  await arriveAt(page, 'Set up email codes')
  await shot('16-set-up-mails')
  await press(page, 'Send a code')
  await arriveAt(page, 'Enter the code from your mailbox')
  await shot('17-code-by-mail')
  await sendCodeWhenAllowed(page)
  await giveCode(page, await mailedCode(trial, ada.email), 'Turn on')
  await arriveAt(page, 'Two-step verification is on')
  await press(page, 'Go to Security')
  await arriveAt(page, 'Security')
  await shot('18-security-on')
}

async function comeBack(page: Page, app: App, shot: Shot): Promise<void> {
  await givePassword(page, ada)
  await arriveAt(page, 'Open your authenticator app')
  await shot('21-code-screen')
  await page.getByLabel('Remember This Device').check()
  await giveCode(page, await app.nextCode(), 'Sign in')
  await arriveAt(page, `Hello, ${ada.name}`)
  await shot('22-home-on')
  await signOut(page)
  await shot('23-signed-out-remembered')
  await givePassword(page, ada)
  await arriveAt(page, `Hello, ${ada.name}`)
}

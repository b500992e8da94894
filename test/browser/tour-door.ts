/** Every page and state outside a session. `see` looks at each, under a name of its own. */
import type { Page } from 'playwright-core'
import { codeIn } from '../support/copies.ts'
import type { Person } from '../support/people.ts'
import { appCode, wrongCode } from '../support/steps.ts'
import { arriveAt, giveCode, givePassword, press } from './acts.ts'
import type { Stage } from './stage.ts'

export type See = (page: Page, name: string) => Promise<void>

/** The password step: as it opens, and each way it says no. */
export async function tourOfPassword(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp')
  const page = await stage.visit()
  await page.goto('/sign-in')
  await see(page, 'sign-in')
  await givePassword(page, { ...person, password: 'not the right password' })
  await see(page, 'sign-in-wrong-password')
  await page.goto('/sign-in')
  await sendEmpty(page)
  await see(page, 'sign-in-empty')
  await page.goto('/sign-in?notice=signed-out')
  await see(page, 'sign-in-signed-out')
  await page.goto('/signed-out')
  await see(page, 'signed-out')
  await page.goto('/settings/nothing-here')
  await see(page, 'not-found')
  await page.goto('/sign-in/cancel')
  await see(page, 'wrong-verb')
  await page.goto('/sign-in')
  await page.context().clearCookies()
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await press(page, 'Continue')
  await see(page, 'old-form')
  stage.faults.database = true
  await givePassword(page, person)
  stage.faults.database = false
  await see(page, 'unexpected')
  await page.context().close()
}

/** Presses the form's button with nothing filled in, as a browser without checks would. */
export async function sendEmpty(page: Page): Promise<void> {
  const form = page.locator('main form.form').first()
  await form.evaluate((element) => element.setAttribute('novalidate', ''))
  await form.locator('button:not([type])').first().click()
  await page.waitForLoadState()
}

/** The code screen for an app: wrong, used, few tries, waiting, locked, over. */
export async function tourOfAppCode(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp', 'sms', 'email')
  const page = await stage.visit()
  await givePassword(page, person)
  await see(page, 'code-app')
  for (const name of ['code-app-wrong', 'code-app-wrong-again']) {
    await giveCode(page, wrongCode(person, stage.copies.clock.now()), 'Sign in')
    await page.getByText('That code isn’t right.').waitFor()
    await see(page, name)
  }
  await page.goto('/sign-in/methods')
  await see(page, 'code-methods')
  await page.goto('/sign-in/recovery-code')
  await see(page, 'recovery-code')
  await page.getByLabel('Recovery code').fill('aaaa-bbbb-cccc-dddd')
  await press(page, 'Sign in')
  await see(page, 'recovery-code-wrong')
  await page.goto('/sign-in/stuck')
  await see(page, 'stuck')
  stage.wait(550)
  await page.goto('/sign-in/code')
  await see(page, 'code-last-minute')
  stage.wait(60)
  await page.goto('/sign-in/code')
  await see(page, 'code-over')
  await tooManyWrong(stage, page, person, see)
  await page.context().close()
}

async function tooManyWrong(stage: Stage, page: Page, person: Person, see: See): Promise<void> {
  await givePassword(page, person)
  for (let tries = 0; tries < 5; tries++) {
    await giveCode(page, wrongCode(person, stage.copies.clock.now()), 'Sign in')
    await page.getByRole('alert').getByText(/./).first().waitFor()
  }
  await see(page, 'code-too-many')
  const failures = 'UPDATE methods SET failures = $1, not_before = $2 WHERE id = $3'
  const app = person.methods['totp']
  const soon = new Date(stage.copies.clock.now().getTime() + 60_000)
  await stage.sql(failures, [12, soon, app])
  await givePassword(page, person)
  await giveCode(page, appCode(person, stage.copies.clock.now()), 'Sign in')
  await page.getByText('You can try again in').waitFor()
  await see(page, 'code-app-wait')
  await stage.sql(failures, [100, soon, app])
  await page.goto('/sign-in/methods')
  await see(page, 'code-methods-one-locked')
  await stage.sql('UPDATE methods SET failures = 100 WHERE account_id = $1', [person.id])
  await givePassword(page, person)
  await see(page, 'code-methods-all-locked')
}

/** The code screen for codes that are sent: on the way, accepted, failed, too soon, too many. */
export async function tourOfSentCode(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('sms', 'email')
  const page = await stage.visit()
  await givePassword(page, person)
  await see(page, 'code-text')
  const sendAgain = page.getByRole('button', { name: 'Send the code again' })
  // By its form, because the script holds the button back until the pause is over.
  const tooSoon = () => sendAgain.evaluate((button) => button.closest('form')?.submit())
  await Promise.all([page.waitForNavigation(), tooSoon()])
  await see(page, 'code-text-too-soon')
  await press(page, 'Use another method')
  await press(page, /^Email/)
  await see(page, 'code-mail-too-soon')
  stage.wait()
  await page.goto('/sign-in/code')
  await press(page, 'Send the code')
  await see(page, 'code-mail-sent-again')
  stage.wait()
  stage.faults.carriers = 'failing'
  await page.goto('/sign-in/code')
  await press(page, 'Send the code again')
  await see(page, 'code-mail-not-delivered')
  stage.wait()
  stage.faults.carriers = 'silent'
  await page.goto('/sign-in/code')
  await press(page, 'Send the code again')
  await see(page, 'code-mail-on-its-way')
  stage.faults.carriers = 'none'
  await tooManySends(stage, page, see)
  await page.context().close()
}

async function tooManySends(stage: Stage, page: Page, see: See): Promise<void> {
  for (let sends = 0; sends < 3; sends++) {
    stage.wait()
    await page.goto('/sign-in/code')
    await press(page, 'Send the code again')
    await page.waitForLoadState()
  }
  await page.getByText('That is as many codes as we may send').waitFor()
  await see(page, 'code-mail-too-many-sends')
}

/** After a sign-out on a trusted device, and with a very long and a right-to-left address. */
export async function tourOfLeaving(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp')
  const page = await stage.visit()
  await givePassword(page, person)
  await page.getByLabel('Remember This Device').check()
  await giveCode(page, appCode(person, stage.copies.clock.now()), 'Sign in')
  await page.locator('summary').click()
  await press(page, 'Sign out')
  await arriveAt(page, 'You are signed out')
  await see(page, 'signed-out-remembered')
  await press(page, 'Forget this device')
  await see(page, 'signed-out-and-forgotten')
  await page.context().close()
  await withLongNames(stage, see)
}

async function withLongNames(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp', 'email')
  const email = `${'very.long.name.of.somebody.'.repeat(2)}x@${'department.'.repeat(8)}example.com`
  await stage.sql('UPDATE accounts SET email = $1, email_key = $1 WHERE id = $2', [
    email,
    person.id,
  ])
  await stage.sql(`UPDATE methods SET name = $1 WHERE account_id = $2 AND kind = 'totp'`, [
    'Unbreakablenameofanapp'.repeat(4),
    person.id,
  ])
  const page = await stage.visit()
  await givePassword(page, { ...person, email })
  await see(page, 'code-long-names')
  await press(page, 'Use another method')
  await see(page, 'code-methods-long-names')
  await page.context().close()
}

/** How an account begins: the first owner's link, sign-up, confirmation; and "this was not me". */
export async function tourOfBeginnings(stage: Stage, see: See): Promise<void> {
  const page = await stage.visit()
  await page.goto('/sign-up')
  await see(page, 'sign-up')
  await sendEmpty(page)
  await see(page, 'sign-up-empty')
  await page.goto('/sign-up')
  const email = 'somebody-new@example.com'
  await page.getByLabel('Email').fill(email)
  await press(page, 'Send me the link')
  await see(page, 'sign-up-check-mailbox')
  await stage.copies.delivered()
  const link = linkTo(stage, email)
  await page.goto(link)
  await see(page, 'sign-up-choose-name')
  for (const [name, password] of unwelcome) {
    await page.getByLabel('Your name').fill('Somebody New')
    await page.getByLabel('Password', { exact: true }).fill(password)
    await press(page, 'Create account')
    await see(page, name)
  }
  await page.getByLabel('Password', { exact: true }).fill('plum river candle seven')
  await press(page, 'Create account')
  await see(page, 'sign-up-account-ready')
  await page.goto(link)
  await see(page, 'link-over')
  await page.goto('/inbox')
  await see(page, 'inbox')
  await page.context().close()
}

const unwelcome = [
  ['sign-up-password-short', 'short'],
  ['sign-up-password-common', 'passwordpassword'],
  ['sign-up-password-personal', 'somebody-new@example.com'],
] as const

/** The first link in the newest letter to somebody. */
export function linkTo(stage: Stage, email: string): string {
  const letter = stage.copies.newest(email)
  const text = letter.channel === 'mail' ? letter.text : letter.body
  return /https?:\/\/\S+/.exec(text)?.[0] ?? ''
}

/** Before there is anybody: the first owner's page. To be seen before anybody is added. */
export async function tourOfFirstOwner(stage: Stage, see: See): Promise<void> {
  const page = await stage.visit()
  await page.goto('/inbox')
  await see(page, 'inbox-empty')
  await page.goto(await stage.firstOwnerLink())
  await see(page, 'first-owner')
  await sendEmpty(page)
  await see(page, 'first-owner-empty')
  await page.goto('/help')
  await see(page, 'help')
  await page.context().close()
}

/** What the links in mails open. */
export async function tourOfLinks(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody()
  await stage.sql('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [person.id])
  const page = await stage.signedIn(person)
  await page.goto('/settings/profile')
  await see(page, 'profile-unconfirmed')
  await press(page, 'Send the link again')
  await see(page, 'profile-link-sent')
  await page.goto('/settings/security/set-up')
  await see(page, 'set-up-unconfirmed')
  await page.goto('/settings/security/set-up/email')
  await see(page, 'set-up-mails-unconfirmed')
  await stage.copies.delivered()
  await page.goto(linkTo(stage, person.email))
  await see(page, 'verify-email')
  await press(page, 'Yes, confirm it')
  await see(page, 'verify-email-done')
  await page.goto('/settings/profile')
  await page.getByLabel('Mobile phone').fill('+44 7700 900144')
  await press(page, 'Save')
  await page.getByText('Your profile is saved').waitFor()
  await stage.copies.delivered()
  await page.goto(linkTo(stage, person.email))
  await see(page, 'not-me')
  await press(page, 'This was not me: sign everybody out')
  await see(page, 'not-me-done')
  await page.context().close()
}

/** The six digits in the newest letter to somebody. */
export async function newestCode(stage: Stage, to: string): Promise<string> {
  await stage.copies.delivered()
  return codeIn(stage.copies.newest(to))
}

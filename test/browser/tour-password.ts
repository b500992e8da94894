/** Changing the password, and choosing a new one by a mailed link, in every state. */
import type { Page } from 'playwright-core'
import type { Person } from '../support/people.ts'
import { appCode, wrongCode } from '../support/steps.ts'
import { giveCode, press } from './acts.ts'
import type { Stage } from './stage.ts'
import { linkTo, sendEmpty } from './tour-door.ts'
import type { See } from './tour-door.ts'

const password = 'another plum, another river'

/** Inside a session: as it opens, both ways to be refused, and done. */
export async function tourOfChange(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp')
  const page = await stage.signedIn(person)
  await page.goto('/settings/password')
  await see(page, 'password')
  await sendEmpty(page)
  await see(page, 'password-empty')
  const change = async (current: string, chosen: string) => {
    await page.getByLabel('Current password', { exact: true }).fill(current)
    await page.getByLabel('New password', { exact: true }).fill(chosen)
    await press(page, 'Change password')
  }
  await change('not the right password', password)
  await see(page, 'password-wrong')
  await change(person.password, 'short')
  await see(page, 'password-short')
  await change(person.password, password)
  await see(page, 'password-changed')
  await page.context().close()
}

/** By the link: the second step first where there is one, then the new password. */
export async function tourOfReset(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp', 'sms', 'email')
  const page = await stage.visit()
  await page.goto('/forgot-password')
  await see(page, 'forgot-password')
  await sendEmpty(page)
  await see(page, 'forgot-password-empty')
  await askForLink(stage, page, person)
  await see(page, 'forgot-password-check-mailbox')
  await page.goto(linkTo(stage, person.email))
  await see(page, 'reset-choose-method')
  await press(page, /^Text message/)
  await see(page, 'reset-code-text')
  await press(page, 'Use another method')
  await press(page, /^Authenticator app/)
  await see(page, 'reset-code-app')
  await giveCode(page, wrongCode(person, stage.copies.clock.now()), 'Confirm')
  await page.getByText('That code isn’t right.').waitFor()
  await see(page, 'reset-wrong-code')
  await press(page, 'Use a recovery code')
  await see(page, 'reset-recovery-code')
  await page.goto('/reset-password')
  await giveCode(page, appCode(person, stage.copies.clock.now()), 'Confirm')
  await page.getByLabel('New password', { exact: true }).waitFor()
  await see(page, 'reset-new-password')
  await page.getByLabel('New password', { exact: true }).fill('short')
  await press(page, 'Set new password')
  await see(page, 'reset-new-password-short')
  await page.getByLabel('New password', { exact: true }).fill(password)
  await press(page, 'Set new password')
  await see(page, 'reset-done')
  await page.goto('/reset-password')
  await see(page, 'reset-link-over')
  await page.context().close()
  await withoutMeans(stage, see)
}

/** Only codes by email are on, and no recovery code is left: the mailbox alone is not enough. */
async function withoutMeans(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('email')
  await stage.sql('UPDATE recovery_sets SET codes_left = 0 WHERE account_id = $1', [person.id])
  const page = await stage.visit()
  await askForLink(stage, page, person)
  await page.goto(linkTo(stage, person.email))
  await see(page, 'reset-stuck')
  await page.context().close()
}

async function askForLink(stage: Stage, page: Page, { email }: Person): Promise<void> {
  await page.goto('/forgot-password')
  await page.getByLabel('Email').fill(email)
  await press(page, 'Send me the link')
  await page.getByRole('heading', { name: 'Check your mailbox' }).waitFor()
  await stage.copies.delivered()
}

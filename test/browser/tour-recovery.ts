/** A support recovery in every state: who lost everything, and who helps. */
import type { Page } from 'playwright-core'
import { tendCases } from '../../src/cases/tend.ts'
import type { Person } from '../support/people.ts'
import { caseOf, contact, note } from '../support/recovery-case.ts'
import { appCode } from '../support/steps.ts'
import { giveCode, givePassword, press } from './acts.ts'
import type { Kind, Stage } from './stage.ts'
import { newestCode, sendEmpty } from './tour-door.ts'
import type { See } from './tour-door.ts'

/** Somebody with these methods and the support role, in a browser where they just signed in. */
export async function supporter(
  stage: Stage,
  kinds: readonly Kind[] = ['totp'],
): Promise<{ person: Person; page: Page }> {
  const person = await stage.somebody(...kinds)
  await stage.sql('UPDATE accounts SET support_since = now() WHERE id = $1', [person.id])
  return { person, page: await stage.signedIn(person) }
}

/** The newest link of that kind mailed to somebody. */
export async function caseLink(stage: Stage, email: string, purpose: string): Promise<string> {
  await stage.copies.delivered()
  const pattern = new RegExp(`https?://\\S+/${purpose}/[\\w-]{43}`)
  for (const { letter } of stage.copies.inbox.list()) {
    const found = letter.to === email && letter.channel === 'mail' && pattern.exec(letter.text)
    if (found) return found[0]
  }
  throw new Error(`no link to ${purpose} was mailed`)
}

/** From the second step that can't be passed to the open case. */
export async function askAtSecondStep(page: Page, person: Person): Promise<void> {
  await givePassword(page, person)
  await press(page, 'I can’t use any of these')
  await press(page, 'Ask support to let you back in')
  await page.getByLabel('How can support reach you?').fill(contact)
  await press(page, 'Ask for help')
}

/** Notes the evidence on the case that is shown. */
export async function noteEvidence(page: Page): Promise<void> {
  await page.getByLabel('Called a number we had before the request').check()
  await page.getByLabel('What was said').fill(note)
  await press(page, 'Note it')
}

/** Approves the case that is shown. */
export async function approveShown(page: Page): Promise<void> {
  await press(page, 'Approve')
  await press(page, 'Approve')
}

/** The pages of who asks, outside a session. */
export async function tourOfAsking(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp')
  const page = await stage.visit()
  await page.goto('/recover')
  await see(page, 'recover')
  await sendEmpty(page)
  await see(page, 'recover-empty')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('How can support reach you?').fill(contact)
  await page.getByLabel('I don’t know my password either').check()
  await press(page, 'Ask for help')
  await see(page, 'recover-asked')
  await page.goto(await caseLink(stage, person.email, 'recovery-case'))
  await see(page, 'case-proof')
  await press(page, 'Mail me the code')
  await see(page, 'case-code')
  await giveCode(page, '000000', 'Confirm')
  await page.getByText('That code isn’t right.').first().waitFor()
  await see(page, 'case-wrong-code')
  await giveCode(page, await newestCode(stage, person.email), 'Confirm')
  await page.getByRole('heading', { name: 'Support is making sure that it’s you' }).waitFor()
  await see(page, 'case-support')
  await press(page, 'This was not me, or I don’t need it')
  await see(page, 'case-stop')
  await press(page, 'Stop it')
  await see(page, 'case-stopped')
  await page.goto('/recovery-case')
  await see(page, 'case-over')
  await page.context().close()
  await tourOfOtherWaysIn(stage, see)
}

async function tourOfOtherWaysIn(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('email')
  await stage.sql('UPDATE recovery_sets SET codes_left = 0 WHERE account_id = $1', [person.id])
  const page = await stage.visit()
  await page.goto('/forgot-password')
  await page.getByLabel('Email').fill(person.email)
  await press(page, 'Send me the link')
  await page.goto(await caseLink(stage, person.email, 'reset-password'))
  await press(page, 'Ask support to let you back in')
  await see(page, 'case-at-reset')
  const other = await stage.visit()
  await givePassword(other, await stage.somebody('totp'))
  await other.goto('/sign-in/case')
  await see(other, 'case-at-sign-in')
  for (const one of [page, other]) await one.context().close()
}

/** The console, and what the person sees meanwhile, up to the new method. */
export async function tourOfDeciding(stage: Stage, see: See): Promise<void> {
  const { page } = await supporter(stage)
  await page.goto('/support')
  await see(page, 'support-empty')
  const owner = await stage.somebody('totp')
  const asker = await stage.visit()
  await askAtSecondStep(asker, owner)
  await page.goto('/support/open')
  await see(page, 'support-open')
  await sendEmpty(page)
  await see(page, 'support-open-empty')
  await page.goto('/support')
  await see(page, 'support-queue')
  const { id } = await caseOf(stage.copies, owner)
  await page.goto(`/support/cases/${id}`)
  await see(page, 'support-case')
  await page.getByLabel('What was said').fill(note)
  await press(page, 'Note it')
  await see(page, 'support-evidence-empty')
  await noteEvidence(page)
  await see(page, 'support-evidence')
  await press(page, 'Approve')
  await see(page, 'support-approve-first')
  await press(page, 'Approve')
  await see(page, 'support-approved-by-you')
  const { page: second } = await supporter(stage)
  await second.goto(`/support/cases/${id}/decline`)
  await see(second, 'support-decline')
  await second.goto(`/support/cases/${id}`)
  await press(second, 'Approve')
  await see(second, 'support-approve-second')
  await press(second, 'Approve')
  await see(second, 'support-waiting')
  await press(second, 'Stop this case')
  await see(second, 'support-cancel')
  await asker.goto('/recovery-case')
  await see(asker, 'case-waiting')
  await afterTheWait(stage, see, asker, owner)
  for (const one of [page, second, asker]) await one.context().close()
}

async function afterTheWait(stage: Stage, see: See, asker: Page, owner: Person): Promise<void> {
  stage.wait(72 * 3600)
  await tendCases(stage.copies.world)
  await asker.goto('/recovery-case')
  await see(asker, 'case-link-sent')
  await asker.goto(await caseLink(stage, owner.email, 'recover-account'))
  await see(asker, 'recover-account')
  await asker.getByLabel('Password', { exact: true }).fill('not this one')
  await press(asker, 'Continue')
  await see(asker, 'recover-account-wrong')
  await asker.getByLabel('Password', { exact: true }).fill(owner.password)
  await press(asker, 'Continue')
  await see(asker, 'recovery-set-up')
  const { page: helper } = await supporter(stage)
  await helper.goto('/support?queue=done')
  await see(helper, 'support-done')
  await helper.context().close()
}

/** A home with something to say about a recovery. */
export async function tourOfHome(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp')
  const inside = await stage.signedIn(person)
  const asker = await stage.visit()
  await askAtSecondStep(asker, person)
  await inside.goto('/')
  await see(inside, 'home-recovery-open')
  stage.wait()
  await givePassword(asker, person)
  await giveCode(asker, appCode(person, stage.copies.clock.now()), 'Sign in')
  await asker.getByText('Your sign-in stopped a recovery').waitFor()
  await see(asker, 'home-recovery-stopped')
  for (const one of [inside, asker]) await one.context().close()
}

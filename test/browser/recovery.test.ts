import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { tendCases } from '../../src/cases/tend.ts'
import { screenshot } from '../support/chromium.ts'
import { caseOf } from '../support/recovery-case.ts'
import { appCode } from '../support/steps.ts'
import { arriveAt, giveCode, givePassword, press, saveRecoveryCodes } from './acts.ts'
import { startStage, type Stage } from './stage.ts'
import {
  approveShown,
  askAtSecondStep,
  caseLink,
  noteEvidence,
  supporter,
} from './tour-recovery.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

/** Two people of support do their part, by what they read on the screen. */
async function twoApprove(name: RegExp): Promise<void> {
  const first = await supporter(stage)
  const second = await supporter(stage)
  await first.page.goto('/')
  await press(first.page, 'Recovery cases')
  await first.page.getByRole('link', { name }).click()
  await arriveAt(first.page, /^Person/)
  await noteEvidence(first.page)
  await approveShown(first.page)
  await first.page.getByText('You have approved this already.').waitFor()
  await second.page.goto('/support?queue=second')
  await second.page.getByRole('link', { name }).click()
  await approveShown(second.page)
  await second.page.getByText('The waiting time runs').first().waitFor()
  await screenshot(second.page, 'recovery-approved')
  for (const { page } of [first, second]) await page.context().close()
}

/** The name that the console shows for somebody. */
async function openOf(id: string): Promise<RegExp> {
  const [row] = await stage.copies.sql.query<{ name: string }>(
    'SELECT name FROM accounts WHERE id = $1',
    [id],
  )
  return new RegExp(`^${row?.name}$`)
}

test('REC-01: lost everything as a lone owner: the owner, who has not, signs in and it is stopped', async () => {
  const owner = await stage.somebody('totp')
  const thief = await stage.visit()
  await askAtSecondStep(thief, owner)
  await arriveAt(thief, 'Support is making sure that it’s you')
  await twoApprove(await openOf(owner.id))
  await thief.goto('/recovery-case')
  await arriveAt(thief, 'Approved: now we wait a little')
  await thief.getByText('A waiting time of 72 hours.').waitFor()
  await screenshot(thief, 'recovery-waiting')
  stage.wait(40 * 3600)
  const page = await stage.visit()
  await givePassword(page, owner)
  await giveCode(page, appCode(owner, stage.copies.clock.now()), 'Sign in')
  await arriveAt(page, /^Hello, /)
  await page.getByText('Your sign-in stopped a recovery').waitFor()
  await screenshot(page, 'recovery-stopped')
  stage.wait(80 * 3600)
  await tendCases(stage.copies.world)
  assert.equal((await caseOf(stage.copies, owner))['outcome'], 'signed-in')
  await thief.goto('/recovery-case')
  await thief.getByText('This recovery has ended').first().waitFor()
  for (const one of [thief, page]) await one.context().close()
})

test('REC-05, REC-07: lost everything as a lone owner: support, three days, and in with a new phone', async () => {
  const owner = await stage.somebody('totp', 'sms')
  const page = await stage.visit()
  await askAtSecondStep(page, owner)
  await twoApprove(await openOf(owner.id))
  stage.wait(72 * 3600)
  await tendCases(stage.copies.world)
  await page.goto(await caseLink(stage, owner.email, 'recover-account'))
  await arriveAt(page, 'Enter your password')
  assert.doesNotMatch(page.url(), /recover-account\/./)
  await page.getByLabel('Password', { exact: true }).fill(owner.password)
  await press(page, 'Continue')
  await arriveAt(page, 'Choose a new method')
  await screenshot(page, 'recovery-choose-method')
  await page.goto('/settings/profile')
  await arriveAt(page, 'Choose a new method')
  await press(page, /^Authenticator app/)
  await page.getByLabel('Name of this app').fill('New phone')
  await press(page, 'Continue')
  const key = (await page.locator('code').first().innerText()).replaceAll(/\s/g, '')
  await giveCode(page, appCode({ key }, stage.copies.clock.now()), 'Turn on')
  const codes = await saveRecoveryCodes(page)
  assert.equal(codes.length, 10)
  await page.goto('/')
  await page.getByText('Your account was recovered').waitFor()
  await screenshot(page, 'recovery-completed')
  await page.goto('/settings/security')
  await page.getByText('On, with Authenticator app').waitFor()
  assert.equal(await page.getByText('Text message').count(), 0, 'the old methods are gone')
  await page
    .getByRole('link', { name: /Turn off/ })
    .first()
    .click()
  await page
    .getByText(/this can’t be changed before/)
    .first()
    .waitFor()
  await screenshot(page, 'recovery-frozen')
  stage.wait()
  const again = await stage.visit()
  await givePassword(again, owner)
  await giveCode(again, appCode({ key }, stage.copies.clock.now()), 'Sign in')
  await arriveAt(again, /^Hello, /)
  for (const one of [page, again]) await one.context().close()
})

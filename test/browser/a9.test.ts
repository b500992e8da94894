import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import type { Person } from '../support/people.ts'
import {
  appOf,
  arriveAt,
  arriveHome,
  giveAppCode,
  giveCode,
  givePassword,
  press,
  sendCodeWhenAllowed,
  signOut,
  textedCode,
} from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

type Story = { person: Person; page: Page }

/** Somebody with SMS and an app, signed in by the app; there is no field for a number anywhere. */
async function atSecurity(): Promise<Story> {
  const person = await trial.somebody('totp', 'sms')
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await giveAppCode(page, appOf(person.key))
  await arriveHome(page)
  await page.goto('/settings/security')
  return { person, page }
}

async function changeProfilePhone(page: Page, phone: string): Promise<void> {
  await page.goto('/settings/profile')
  await page.getByLabel('Mobile phone').fill(phone)
  await press(page, 'Save')
  await page.getByText('Codes by text keep going to the number').waitFor()
  await page.goto('/settings/security')
}

test('A9: The 2FA number cannot be changed in the security settings. Change the phone in the account profile, turn SMS off, turn it on again: the new number is used', async () => {
  const { person, page } = await atSecurity()
  const [before, after] = [`••• ••• ${person.phone.slice(-2)}`, '••• ••• 67']
  const number = page.locator('#methods li', { hasText: before })
  assert.equal(await number.count(), 1)
  assert.equal(await page.locator('main input:not([type=hidden])').count(), 0)
  await number.getByRole('link', { name: 'Rename' }).click()
  assert.deepEqual(await visibleFields(page), ['name'])
  await changeProfilePhone(page, '+44 7700 900167')
  assert.equal(await number.count(), 1, 'codes still go to the old number')
  await page.getByText('The phone number in your profile has changed').waitFor()
  await screenshot(page, 'a9-number-changed')

  await press(page, 'Turn SMS off')
  await arriveAt(page, 'Turn off “Text message”?')
  await screenshot(page, 'a9-turn-off')
  await press(page, 'Turn off Text message')
  await page.getByText('Done. This method is off').waitFor()
  await press(page, 'Add a method')
  await press(page, 'SMS codes')
  assert.deepEqual(await visibleFields(page), ['notice_accepted'])
  await page.getByLabel(/I have read this/).check()
  await press(page, 'Send a code')
  await giveCode(page, await textedCode(trial, '+447700900167'), 'Turn on')
  await arriveAt(page, 'Two-step verification is on')
  await page.goto('/settings/security')
  await page.locator('#methods li', { hasText: after }).waitFor()
  await signOut(page)
  await byText(page, person, '+447700900167')
})

/** Signs in with a code by text, which goes to that number and to no other. */
async function byText(page: Page, person: Person, phone: string): Promise<void> {
  await givePassword(page, person)
  await press(page, 'Use another method')
  await press(page, /^SMS/)
  await sendCodeWhenAllowed(page)
  await giveCode(page, await textedCode(trial, phone, 1), 'Sign in')
  await arriveHome(page)
  const codes = trial.texts.texts.filter(({ body }) => /is your verification code/.test(body))
  assert.ok(!codes.some(({ to }) => to === person.phone))
}

/** Names of the fields of the page's own forms that a person can fill in. */
function visibleFields(page: Page): Promise<string[]> {
  return page
    .locator('main input:not([type=hidden])')
    .evaluateAll((all) => all.map((input) => input.getAttribute('name') ?? ''))
}

test('A9: or the new number is proven with one code, and the old number is told', async () => {
  const { person, page } = await atSecurity()
  await changeProfilePhone(page, '+44 7700 900188')
  await press(page, 'Use the new number')
  await arriveAt(page, 'Use the new number?')
  await screenshot(page, 'a9-new-number')
  await press(page, 'Send a code to the new number')
  await arriveAt(page, 'Enter the code from your new number')
  await screenshot(page, 'a9-new-number-code')
  await giveCode(page, await textedCode(trial, '+447700900188'), 'Use the new number')
  await page.getByText('Texts go to your new number from now on.').waitFor()
  await page.locator('#methods li', { hasText: '••• ••• 88' }).waitFor()
  const told = await trial.texts.waitFor(({ to }) => to === person.phone)
  assert.match(told.body, /number/i)
})

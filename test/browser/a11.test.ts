import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { screenshot } from '../support/chromium.ts'
import {
  appOf,
  arriveAt,
  arriveHome,
  giveAppCode,
  giveCode,
  givePassword,
  mailedCode,
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

test('A11: Use email or the app instead of SMS at any time', async () => {
  const person = await trial.somebody('sms', 'email', 'totp')
  const app = appOf(person.key)
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await press(page, 'Use another method')
  await arriveAt(page, 'Choose how to confirm it’s you')
  await screenshot(page, 'a11-chooser')
  const offered = await page.locator('form.choices button').allInnerTexts()
  assert.deepEqual(
    offered.map((words) => words.split('\n')[0]),
    ['Authenticator app', 'Text message', 'Email'],
  )
  await press(page, /^Text message/)
  await arriveAt(page, 'Check your phone')
  const texted = await textedCode(trial, person.phone)

  await press(page, 'Use another method')
  await press(page, /^Email/)
  await arriveAt(page, 'Check your email')
  await screenshot(page, 'a11-mail-has-to-wait')
  await sendCodeWhenAllowed(page)
  await giveCode(page, texted, 'Sign in')
  await page.getByText('That code isn’t right.').waitFor()
  await giveCode(page, await mailedCode(trial, person.email), 'Sign in')
  await arriveHome(page)
  await signOut(page)

  await givePassword(page, person)
  await arriveAt(page, 'Check your email')
  await press(page, 'Use another method')
  await press(page, /^Authenticator app/)
  await giveAppCode(page, app)
  await arriveHome(page)
})

test('A11: and SMS can be turned off on the Security page while another method is on', async () => {
  const person = await trial.somebody('sms', 'totp')
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await giveAppCode(page, appOf(person.key))
  await arriveHome(page)
  await page.goto(`/settings/security/methods/${person.methods['sms']}/remove`)
  await press(page, 'Turn off Text message')
  await page.getByRole('heading', { name: 'On, with Authenticator app', exact: true }).waitFor()
})

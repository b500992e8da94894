import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { screenshot } from '../support/chromium.ts'
import {
  arriveAt,
  arriveHome,
  giveAppCode,
  givePassword,
  press,
  saveRecoveryCodes,
  signOut,
  turnOnApp,
} from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

test('A2: Turn it on for oneself: Profile → Settings → Personal Settings → Security, choose a method, follow the steps on the screen', async () => {
  const person = await trial.somebody()
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await arriveHome(page)
  await page.getByText('Profile: Person').click()
  await page.locator('.menu-panel').getByRole('link', { name: 'Settings' }).click()
  await arriveAt(page, 'Profile')
  const settings = page.getByRole('navigation', { name: 'Settings' })
  await settings.getByText('Personal Settings').waitFor()
  await settings.getByRole('link', { name: 'Security', exact: true }).click()
  await arriveAt(page, 'Security')
  await page.getByRole('heading', { name: 'Two-step verification is off' }).waitFor()

  const app = await turnOnApp(page, 'Phone app')
  assert.equal((await saveRecoveryCodes(page)).length, 10)
  await arriveAt(page, 'Add a second method?')
  await press(page, 'Skip for now')
  await arriveAt(page, 'Two-step verification is on')
  await screenshot(page, 'a2-on')
  await press(page, 'Go to Security')
  await page.getByRole('heading', { name: 'On, with Authenticator app' }).waitFor()
  await screenshot(page, 'a2-security-one-method')
  await trial.mail.waitFor(({ to, text }) => to.includes(person.email) && /turned on/.test(text))

  await signOut(page)
  await givePassword(page, person)
  await giveAppCode(page, app)
  await arriveHome(page)
})

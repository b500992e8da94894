import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { arriveHome, givePassword, press } from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

const advice =
  'An authenticator app is more secure than SMS or email: its codes are made on your own device and never travel, so nobody can intercept them on the way.'

test('A6: Be told that the app is more secure than SMS or email, and why', async () => {
  const person = await trial.somebody()
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await arriveHome(page)
  for (const path of ['', '/set-up', '/set-up/sms', '/set-up/email']) {
    await page.goto(`/settings/security${path}`)
    await page.getByText(advice).waitFor()
  }
  await page.goto('/settings/security/set-up')
  const cards = page.locator('main li').filter({ has: page.getByRole('heading', { level: 2 }) })
  const words = await cards.allInnerTexts()
  assert.match(words[0] ?? '', /^Authenticator app\s+Recommended\s+Strong/)
  assert.match(words[1] ?? '', /^SMS codes\s+Weaker/)
  assert.match(words[2] ?? '', /^Email codes\s+Weakest/)
  await press(page, 'Email codes')
  await page.getByText('This is the weakest choice').waitFor()
  await press(page, 'Set up your authenticator app instead')
  await page.getByLabel('Name of this app').waitFor()
})

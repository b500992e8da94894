import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import { ownTeam, setPolicy } from '../support/teams.ts'
import {
  arriveAt,
  arriveHome,
  giveAppCode,
  giveCode,
  givePassword,
  mailedCode,
  press,
  saveRecoveryCodes,
  scan,
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

type Kinds = readonly ('totp' | 'sms' | 'email')[]

/** A member of a team that has just switched its requirement on. */
async function member(kinds: Kinds, given: Parameters<typeof setPolicy>[2] = {}) {
  const person = await trial.somebody(...kinds)
  await trial.beside(async (world) => {
    const since = new Date(world.clock().getTime() - 1000)
    await setPolicy(world, await ownTeam(world, person.id), { since, ...given })
  })
  return person
}

async function nowhereElse(page: Page): Promise<void> {
  const here = page.url()
  for (const path of ['/', '/settings/profile', '/settings/security', '/settings/password']) {
    await page.goto(path)
    assert.match(page.url(), /\/set-up-required/, path)
  }
  assert.equal(await page.getByRole('navigation', { name: 'Settings' }).count(), 0)
  await page.goto(here)
}

test('A4: After that every member is asked to set up a method of their own at their next login, and gets nowhere else before it is done', async () => {
  const person = await member([])
  const page = await (await trial.fresh()).newPage()
  await page.goto('/settings/profile')
  await page.getByLabel('Email').fill(person.email)
  await page.getByLabel('Password', { exact: true }).fill(person.password)
  await press(page, 'Continue')
  await arriveAt(page, 'One more lock for your account')
  await page.getByText(/^Team \d+\s+requires/).waitFor()
  await screenshot(page, 'a4-why')
  await nowhereElse(page)
  await press(page, 'Mail me the code')
  await arriveAt(page, 'Check your email')
  await screenshot(page, 'a4-mailed-code')
  await giveCode(page, await mailedCode(trial, person.email), 'Continue')
  await arriveAt(page, 'Choose your method')
  await screenshot(page, 'a4-methods')
  await nowhereElse(page)
  await press(page, /^Authenticator app/)
  await arriveAt(page, 'Set up your authenticator app')
  await screenshot(page, 'a4-name')
  await press(page, 'Continue')
  const app = await scan(page)
  await giveCode(page, await app.nextCode(), 'Turn on')
  await saveRecoveryCodes(page)
  await press(page, 'Skip for now')
  await arriveAt(page, 'Two-step verification is on')
  await screenshot(page, 'a4-done')
  await press(page, 'Continue')
  await arriveAt(page, 'Profile')
  await signOut(page)
  await givePassword(page, person)
  await giveAppCode(page, app)
  await arriveHome(page)
})

test('A4, TEAM-06: who has only a method that no longer counts uses it once more, then sets up another', async () => {
  const person = await member(['sms'], { strengths: ['phishing-resistant', 'good'] })
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await giveCode(page, await textedCode(trial, person.phone), 'Sign in')
  await arriveAt(page, 'Choose your method')
  await page.getByText('does not allow this method').first().waitFor()
  await screenshot(page, 'a4-forbidden')
  await press(page, /^Authenticator app/)
  await press(page, 'Continue')
  const app = await scan(page)
  await giveCode(page, await app.nextCode(), 'Turn on')
  await arriveAt(page, 'Two-step verification is on')
})

test('A4: a phone can be given on the spot, and scripts may be off', async () => {
  const person = await member([])
  await trial.beside(({ sql }) =>
    sql.query('UPDATE accounts SET phone = NULL WHERE id = $1', [person.id]),
  )
  const page = await (await trial.fresh({ javaScriptEnabled: false })).newPage()
  await givePassword(page, person)
  await press(page, 'Mail me the code')
  await giveCode(page, await mailedCode(trial, person.email), 'Continue')
  await press(page, /^SMS codes/)
  await page.getByLabel('Mobile phone').fill('+44 7700 900155')
  await screenshot(page, 'a4-phone')
  await press(page, 'Continue')
  await page.getByLabel(/I have read this/).check()
  await press(page, 'Send a code')
  await sendCodeWhenAllowed(page)
  await giveCode(page, await textedCode(trial, '+447700900155'), 'Turn on')
  await arriveAt(page, 'Save your recovery codes')
})

test('A4: nobody is trapped: signing out and help stay open', async () => {
  const person = await member(['sms'], { strengths: ['good'] })
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await giveCode(page, await textedCode(trial, person.phone), 'Sign in')
  await arriveAt(page, 'Choose your method')
  await page.getByRole('link', { name: 'Help', exact: true }).click()
  await arriveAt(page, /Help/)
  await page.goBack()
  await press(page, 'Sign out')
  await arriveAt(page, 'Sign in')
})

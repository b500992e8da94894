import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import { startCopies, type Copies } from '../support/copies.ts'
import { addSomebody, type Person } from '../support/people.ts'
import { appCode } from '../support/steps.ts'
import {
  appOf,
  arriveAt,
  arriveHome,
  giveAppCode,
  giveCode,
  givePassword,
  press,
  signOut,
} from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
/** The same program inside this process, where its clock can be moved. */
let copies: Copies
before(async () => {
  trial = await startTrial()
  copies = await startCopies()
})
after(async () => {
  await trial.stop()
  await copies.stop()
})

test('A7: Tick "Remember This Device" at the code screen and not be asked for a code on that device for 14 days', async () => {
  const person = await trial.somebody('totp')
  const app = appOf(person.key)
  const page = await (await trial.fresh()).newPage()
  await givePassword(page, person)
  await arriveAt(page, 'Open your authenticator app')
  const tick = page.getByLabel('Remember This Device')
  assert.equal(await tick.isChecked(), false)
  await page.getByText('For 14 days. Not on a shared computer.').waitFor()
  await tick.check()
  await giveAppCode(page, app)
  await arriveHome(page)
  await signOut(page)
  await givePassword(page, person)
  await arriveHome(page)
  await page.goto('/settings/security')
  const device = page.locator('#devices li', { hasText: 'This device' })
  assert.match(await device.innerText(), /Chrome on Linux/)
  await screenshot(page, 'a7-trusted-device')
  const elsewhere = await (await trial.fresh()).newPage()
  await givePassword(elsewhere, person)
  await giveAppCode(elsewhere, app)
  await arriveHome(elsewhere)
  await forgetAtSignOut(page, person)
})

async function forgetAtSignOut(page: Page, person: Person): Promise<void> {
  await signOut(page)
  await press(page, 'Forget this device')
  await page.getByText('this device is forgotten').waitFor()
  await givePassword(page, person)
  await arriveAt(page, 'Open your authenticator app')
}

test('A7, TD-03: for 14 days by the server’s clock, daily use or not, and not a second longer', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const context = await trial.fresh({ baseURL: copies.all[0]?.base ?? '' })
  const page = await context.newPage()
  await givePassword(page, person)
  await page.getByLabel('Remember This Device').check()
  await giveCode(page, appCode(person, copies.clock.now()), 'Sign in')
  await arriveHome(page)
  const day = 86_400
  for (const seconds of [day, 6 * day, 6 * day, day - 1]) {
    copies.clock.advance(seconds)
    // As when the browser was closed in between.
    await context.clearCookies({ name: 'session' })
    await givePassword(page, person)
    await arriveHome(page)
  }
  copies.clock.advance(2)
  await context.clearCookies({ name: 'session' })
  await givePassword(page, person)
  await arriveAt(page, 'Open your authenticator app')
  const held = await context.cookies()
  assert.ok(
    held.some(({ name }) => name.startsWith('device-')),
    'the browser still has its cookie: the server decided',
  )
})

test('A7: without the tick the next sign-in asks again', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const page = await (await trial.fresh({ baseURL: copies.all[0]?.base ?? '' })).newPage()
  for (let times = 0; times < 2; times++) {
    await givePassword(page, person)
    await arriveAt(page, 'Open your authenticator app')
    await giveCode(page, appCode(person, copies.clock.now()), 'Sign in')
    await arriveHome(page)
    await signOut(page)
    copies.clock.advance(60)
  }
})

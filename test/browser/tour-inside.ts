/** Every page and state of a session. */
import type { Page } from 'playwright-core'
import { reportUnfinished } from '../../src/sign-in/report-unfinished.ts'
import type { Person } from '../support/people.ts'
import { appCode, givePassword as tryPassword, wrongCode } from '../support/steps.ts'
import { arriveAt, giveCode, press } from './acts.ts'
import { newestCode, sendEmpty } from './tour-door.ts'
import type { See } from './tour-door.ts'
import type { Stage } from './stage.ts'

const security = '/settings/security'
const setUp = `${security}/set-up`

/** Nothing is on yet: home, profile, Security, the cards, and each set-up to its end. */
export async function tourOfSetUp(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody()
  await stage.sql('UPDATE accounts SET phone = NULL WHERE id = $1', [person.id])
  const page = await stage.signedIn(person)
  for (const [path, name] of offPages) {
    await page.goto(path)
    await see(page, name)
  }
  await page.goto('/settings/profile')
  await page.getByLabel('Mobile phone').fill('0800 123')
  await press(page, 'Save')
  await see(page, 'profile-not-a-phone')
  await page.getByLabel('Mobile phone').fill('+44 7700 900123')
  await press(page, 'Save')
  await see(page, 'profile-saved')
  await page.goto(`${setUp}/totp`)
  await press(page, 'Continue')
  await see(page, 'set-up-app-scan')
  await setUpWrongly(stage, page, see)
  await setUpTexts(page, see)
  await setUpMails(stage, page, person, see)
  await page.context().close()
}

const offPages = [
  ['/', 'home-off'],
  ['/settings/profile', 'profile'],
  [security, 'security-off'],
  [setUp, 'set-up-no-phone'],
  [`${setUp}/totp`, 'set-up-app'],
  [`${setUp}/sms`, 'set-up-texts-no-phone'],
  [`${setUp}/email`, 'set-up-mails'],
  [`${security}/recovery-codes`, 'recovery-codes-none'],
  [`${security}/devices/forget-all`, 'devices-forget-none'],
  [`${security}/sessions/end-others`, 'sessions-end-none'],
  ['/step-up', 'step-up-nothing-missing'],
  ['/settings/security/methods/nothing/rename', 'inside-not-found'],
] as const

async function setUpWrongly(stage: Stage, page: Page, see: See): Promise<void> {
  const key = (await page.locator('code').first().innerText()).replace(/\s/g, '')
  await giveCode(page, wrongCode({ key }, stage.copies.clock.now()), 'Turn on')
  await see(page, 'set-up-app-wrong-code')
  const action = await page.locator('form[action$="/confirm"]').getAttribute('action')
  await page.goto(`${setUp}/pending/${action?.split('/').at(-2)}`)
  await see(page, 'set-up-app-came-back')
  await giveCode(page, appCode({ key }, stage.copies.clock.now()), 'Turn on')
  await arriveAt(page, 'Save your recovery codes')
  await see(page, 'recovery-codes-fresh')
  await page.goto(security)
  await see(page, 'security-codes-not-saved')
  await page.goto(`${security}/recovery-codes`)
  await see(page, 'recovery-codes-not-saved')
  await page.goto('/')
  await see(page, 'home-codes-not-saved')
  await page.goto(`${setUp}/another`)
  await see(page, 'second-method')
  await page.goto(`${setUp}/done`)
  await see(page, 'set-up-done')
}

async function setUpTexts(page: Page, see: See): Promise<void> {
  await page.goto(`${setUp}/sms`)
  await see(page, 'set-up-texts')
  await sendEmpty(page)
  await see(page, 'set-up-texts-not-accepted')
  await page.getByLabel(/I have read this/).check()
  await press(page, 'Send a code')
  await see(page, 'set-up-texts-code')
  await giveCode(page, '000000', 'Turn on')
  await see(page, 'set-up-texts-wrong-code')
  const pending = page.url()
  for (let tries = 0; tries < 4; tries++) {
    await page.goto(pending.replace(/methods\/(\S+)\/confirm/, 'set-up/pending/$1'))
    await giveCode(page, '000000', 'Turn on')
  }
  await see(page, 'set-up-texts-over')
}

async function setUpMails(stage: Stage, page: Page, person: Person, see: See): Promise<void> {
  await page.goto(`${setUp}/email`)
  await press(page, 'Send a code')
  await see(page, 'set-up-mails-too-soon')
  const pending = page.url()
  stage.wait()
  stage.faults.carriers = 'failing'
  await press(page, 'Send the code')
  await see(page, 'set-up-mails-not-delivered')
  stage.faults.carriers = 'none'
  stage.wait()
  await page.goto(pending)
  await press(page, 'Send the code again')
  await page.getByText('We have sent the code.').waitFor()
  await see(page, 'set-up-mails-code')
  await giveCode(page, await newestCode(stage, person.email), 'Turn on')
  await see(page, 'set-up-mails-done')
}

/** Everything is on: the Security page in its states, and each change that asks first. */
export async function tourOfSecurity(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp', 'sms', 'email')
  await stage.signedIn(person)
  const page = await stage.signedIn(person)
  const { totp, sms } = person.methods
  const pages = [
    ['/', 'home-on'],
    [security, 'security-on'],
    [setUp, 'set-up-another'],
    [`${setUp}/sms`, 'set-up-already-on'],
    [`${security}/methods/${totp}/rename`, 'method-rename'],
    [`${security}/methods/${sms}/remove`, 'method-remove'],
    [`${security}/recovery-codes`, 'recovery-codes'],
    [`${security}/recovery-codes/new`, 'recovery-codes-new'],
    [`${security}/sessions/end-others`, 'sessions-end-others'],
  ] as const
  for (const [path, name] of pages) {
    await page.goto(path)
    await see(page, name)
  }
  await page.goto(`${security}/methods/${totp}/rename`)
  await page.getByLabel('Name').fill('')
  await sendEmpty(page)
  await see(page, 'method-rename-empty')
  await page.goto(security)
  await page.locator('#sessions li').getByRole('link', { name: 'End' }).first().click()
  await see(page, 'session-end')
  await newNumber(stage, page, person, see)
  await rareStates(stage, page, person, see)
  await page.context().close()
}

/** Home after somebody gave the password and left, and after many did. */
export async function tourOfUnfinished(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp', 'sms')
  const { copies } = stage
  const leave = async (times: number) => {
    const from = (i: number) => (i % 2 === 0 ? '203.0.113.9' : '2001:db8:77:1::1')
    for (let i = 0; i < times; i++) await tryPassword(copies.visitor(), person, from(i))
    stage.wait(601)
    await reportUnfinished(copies.world)
  }
  await leave(1)
  const page = await stage.signedIn(person)
  await page.goto('/')
  await see(page, 'home-unfinished')
  await leave(7)
  await page.goto('/')
  await see(page, 'home-unfinished-many')
  await page.goto(`${security}#activity`)
  await see(page, 'security-unfinished')
  await page.goto('/')
  await press(page, 'They were all me')
  await page.waitForURL('/')
  if (await page.getByText('were not finished').count()) throw new Error('it is still there')
  await page.context().close()
}

async function newNumber(stage: Stage, page: Page, person: Person, see: See): Promise<void> {
  await stage.sql('UPDATE accounts SET phone = $1 WHERE id = $2', ['+447700900155', person.id])
  await page.goto(security)
  await see(page, 'security-number-changed')
  await press(page, 'Use the new number')
  await see(page, 'new-number')
  await press(page, 'Send a code to the new number')
  await see(page, 'new-number-code')
  await giveCode(page, '000000', 'Use the new number')
  await see(page, 'new-number-wrong-code')
}

async function rareStates(stage: Stage, page: Page, person: Person, see: See): Promise<void> {
  const left = 'UPDATE recovery_sets SET codes_left = $1 WHERE account_id = $2'
  for (const [codes, name] of [
    [2, 'few'],
    [1, 'one'],
  ] as const) {
    await stage.sql(left, [codes, person.id])
    await page.goto(`${security}/recovery-codes`)
    await see(page, `recovery-codes-${name}`)
  }
  await page.goto('/')
  await see(page, 'home-codes-few')
  await stage.sql(left, [0, person.id])
  await page.goto('/')
  await see(page, 'recovery-codes-none-left')
  await stage.sql(left, [10, person.id])
  const locked = `UPDATE methods SET failures = 100 WHERE account_id = $1 AND kind = 'sms'`
  await stage.sql(locked, [person.id])
  await page.goto(security)
  await see(page, 'security-method-locked')
  await page.goto('/')
  await see(page, 'home-method-locked')
  await stage.sql(`DELETE FROM methods WHERE account_id = $1 AND kind = 'totp'`, [person.id])
  await page.goto('/')
  await see(page, 'home-weak-only')
  await page.goto(`${security}/methods/${person.methods['email']}/remove`)
  await see(page, 'method-remove-weak')
}

/** Trusted devices: this one and others, each asked about before it goes. */
export async function tourOfDevices(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp')
  const page = await stage.visit()
  const other = 'Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Safari/604.1'
  for (const visiting of [await stage.visit({ userAgent: other }), page]) {
    stage.wait()
    await visiting.goto('/sign-in')
    await visiting.getByLabel('Email').fill(person.email)
    await visiting.getByLabel('Password', { exact: true }).fill(person.password)
    await press(visiting, 'Continue')
    await visiting.getByLabel('Remember This Device').check()
    await giveCode(visiting, appCode(person, stage.copies.clock.now()), 'Sign in')
    await arriveAt(visiting, /^Hello/)
  }
  await page.goto(security)
  await see(page, 'security-devices')
  for (const [index, name] of ['device-forget-this', 'device-forget-other'].entries()) {
    await page.goto(security)
    await page.locator('#devices li').nth(index).getByRole('link', { name: 'Remove' }).click()
    await see(page, name)
  }
  await page.goto(`${security}/devices/forget-all`)
  await see(page, 'devices-forget-all')
  await page.goto(`${security}/methods/${person.methods['totp']}/remove`)
  await see(page, 'method-remove-last')
  await page.context().close()
}

/** Confirming it is oneself again: the password, then a code, another method, a recovery code. */
export async function tourOfStepUp(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody('totp', 'sms')
  const page = await stage.signedIn(person)
  stage.wait(601)
  await page.goto(`${setUp}/totp`)
  await see(page, 'step-up-password')
  await page.getByLabel('Your password').fill('not the right password')
  await press(page, 'Continue')
  await see(page, 'step-up-wrong-password')
  await page.getByLabel('Your password').fill(person.password)
  await press(page, 'Continue')
  await page.getByLabel('Verification code').waitFor()
  await see(page, 'step-up-code-app')
  await giveCode(page, wrongCode(person, stage.copies.clock.now()), 'Confirm')
  await page.getByText('That code isn’t right.').waitFor()
  await see(page, 'step-up-wrong-code')
  await press(page, 'Use another method')
  await see(page, 'step-up-methods')
  await press(page, /^Text message/)
  await see(page, 'step-up-code-text')
  await press(page, 'Use a recovery code')
  await see(page, 'step-up-recovery-code')
  await page.getByLabel('Recovery code').fill('aaaa-bbbb-cccc-dddd')
  await press(page, 'Confirm')
  await see(page, 'step-up-recovery-code-wrong')
  await page.context().close()
}

/** People whose names are very long, or run from right to left. */
export async function tourOfNames(stage: Stage, see: See): Promise<void> {
  const names = [
    ['long', 'Wolfeschlegelsteinhausenbergerdorff '.repeat(2).trim()],
    ['right-to-left', 'ليلى بنت عبد الرحمن الفهري'],
  ] as const
  for (const [kind, name] of names) {
    const person = await stage.somebody('totp')
    await stage.sql('UPDATE accounts SET name = $1 WHERE id = $2', [name, person.id])
    await stage.sql('UPDATE methods SET name = $1 WHERE account_id = $2', [name, person.id])
    const page = await stage.signedIn(person)
    await page.goto('/')
    await see(page, `home-${kind}-name`)
    await page.locator('summary').click()
    await see(page, `menu-${kind}-name`)
    await page.goto(security)
    await see(page, `security-${kind}-name`)
    await page.goto(`${security}/methods/${person.methods['totp']}/remove`)
    await see(page, `method-remove-${kind}-name`)
    await page.context().close()
  }
}

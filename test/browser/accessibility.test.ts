/// <reference lib="dom" />
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import type { Person } from '../support/people.ts'
import { appCode, wrongCode } from '../support/steps.ts'
import { arriveAt, arriveHome, giveCode, givePassword, press } from './acts.ts'
import { paste, pasteWhole, tabAndPress, tabAndType, tabTo } from './keyboard.ts'
import { startStage, type Stage } from './stage.ts'
import { linkTo, newestCode } from './tour-door.ts'

/** Inside this process, so that its clock can be moved. */
let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const clipboard = { permissions: ['clipboard-read', 'clipboard-write'] }
const now = () => stage.copies.clock.now()
const security = '/settings/security'

function spaced(code: string, between: string): string {
  return `${code.slice(0, 3)}${between}${code.slice(3)}`
}

async function atCode(person: Person): Promise<Page> {
  const page = await stage.visit(clipboard)
  await givePassword(page, person)
  await page.getByLabel('Verification code').waitFor()
  return page
}

test('A11Y-01: signing in by paste alone, with each method and with a recovery code', async () => {
  const codes = {
    totp: async (person: Person) => appCode(person, now()),
    sms: (person: Person) => newestCode(stage, person.phone),
    email: (person: Person) => newestCode(stage, person.email),
  }
  for (const kind of ['totp', 'sms', 'email'] as const) {
    const person = await stage.somebody(kind)
    const page = await stage.visit(clipboard)
    await pastePassword(page, person)
    await page.getByLabel('Verification code').focus()
    await paste(page, spaced(await codes[kind](person), ' '))
    await arriveHome(page)
  }
  const person = await stage.somebody('totp')
  const page = await stage.visit(clipboard)
  await pastePassword(page, person)
  await press(page, 'Use a recovery code')
  await page.getByLabel('Recovery code').focus()
  await pasteWhole(page, person.recoveryCodes[0] ?? '')
  await page.keyboard.press('Enter')
  await arriveAt(page, 'Recovery codes')
})

async function pastePassword(page: Page, { email, password }: Person): Promise<void> {
  await page.goto('/sign-in')
  await pasteWhole(page, email)
  await page.getByLabel('Password', { exact: true }).focus()
  await pasteWhole(page, password)
  await page.keyboard.press('Enter')
  await page.getByLabel('Verification code').waitFor()
}

test('A11Y-01, A11Y-10: a new password by paste alone, and the account stands there already', async () => {
  const person = await stage.somebody('totp')
  const page = await stage.visit(clipboard)
  await page.goto('/forgot-password')
  await pasteWhole(page, person.email)
  await page.keyboard.press('Enter')
  await arriveAt(page, 'Check your mailbox')
  await stage.copies.delivered()
  await page.goto(linkTo(stage, person.email))
  await press(page, /^Authenticator app/)
  await page.getByLabel('Verification code').focus()
  await paste(page, spaced(appCode(person, now()), '-'))
  await page.getByLabel('New password', { exact: true }).waitFor()
  assert.equal(await page.getByLabel('Email').inputValue(), person.email)
  await page.getByLabel('New password', { exact: true }).focus()
  await pasteWhole(page, 'another plum, another river')
  await page.keyboard.press('Enter')
  await arriveAt(page, 'Sign in')
})

test('A11Y-02, CODE-08: 123 456 and 123-456 pasted sign in, in one field that cuts nothing', async () => {
  const person = await stage.somebody('totp')
  for (const between of [' ', '-', '\u00A0']) {
    stage.wait()
    const page = await atCode(person)
    const fields = page.locator('main input:not([type=hidden], [type=checkbox])')
    assert.equal(await fields.count(), 1)
    await fields.focus()
    await paste(page, ` ${spaced(appCode(person, now()), between)} `)
    await arriveHome(page)
  }
})

test('A11Y-02: digits typed or pasted while the heading has the focus land in the field', async () => {
  const person = await stage.somebody('totp')
  const page = await atCode(person)
  await page.locator('h1:focus').waitFor()
  await page.keyboard.type('12')
  assert.equal(await page.getByLabel('Verification code').inputValue(), '12')
})

test('A11Y-03, A11Y-07: an app is set up by keyboard alone, with the key as text, no camera and no phone line', async () => {
  const person = await stage.somebody()
  const page = await stage.signedIn(person)
  await page.goto(security)
  await tabAndPress(page, page.getByRole('link', { name: 'Set it up' }))
  await tabAndPress(page, page.getByRole('link', { name: 'Authenticator app' }))
  await tabAndPress(page, page.getByRole('button', { name: 'Continue' }))
  await arriveAt(page, 'Scan this with your app')
  const picture = await page.getByRole('img', { name: /^QR code/ }).getAttribute('aria-label')
  assert.match(picture ?? '', /same key stands beside it as text/)
  const uri = await page
    .getByRole('link', { name: /Open in an authenticator/ })
    .getAttribute('href')
  const key = await page
    .getByRole('group', { name: 'Or type this key' })
    .locator('code')
    .innerText()
  assert.equal(new URL(uri ?? '').searchParams.get('secret'), key.replace(/\s/g, ''))
  const code = appCode({ key: key.replace(/\s/g, '') }, now())
  const field = page.getByLabel('Verification code')
  await tabAndType(page, field, code)
  const scrolled = await field.evaluate((input) => input.parentElement?.scrollLeft)
  assert.equal(scrolled, 0, 'no slot is scrolled out of sight')
  await page.keyboard.press('Enter')
  await arriveAt(page, 'Save your recovery codes')
  await tabAndPress(page, page.getByLabel('I have saved my recovery codes'), 'Space')
  await tabAndPress(page, page.getByRole('button', { name: 'Continue' }))
  await arriveAt(page, 'Add a second method?')
  await tabAndPress(page, page.getByRole('link', { name: 'Skip for now' }))
  await arriveAt(page, 'Two-step verification is on')
  await page.locator('h1:focus').waitFor()
})

test('A11Y-07: signing in, the menu and signing out by keyboard alone', async () => {
  const person = await stage.somebody('totp', 'sms')
  const page = await stage.visit()
  await page.goto('/sign-in')
  await page.locator('input:focus').waitFor()
  await page.keyboard.type(person.email)
  await tabAndType(page, page.getByLabel('Password', { exact: true }), person.password)
  await page.keyboard.press('Enter')
  await arriveAt(page, 'Open your authenticator app')
  await page.locator('h1:focus').waitFor()
  await tabTo(page, page.getByLabel('Verification code'))
  await tabAndPress(page, page.getByLabel('Remember This Device'), 'Space')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.type(appCode(person, now()))
  await arriveHome(page)
  await page.keyboard.press('Tab')
  assert.equal(
    await page.evaluate(() => document.activeElement?.textContent),
    'Skip to the content',
  )
  await tabAndPress(page, page.locator('summary'))
  await tabTo(page, page.getByRole('button', { name: 'Sign out' }))
  await page.keyboard.press('Escape')
  assert.equal(await page.getByRole('button', { name: 'Sign out' }).isVisible(), false)
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'SUMMARY')
  await page.keyboard.press('Enter')
  await tabAndPress(page, page.getByRole('button', { name: 'Sign out' }))
  await arriveAt(page, 'You are signed out')
})

test('A11Y-07, A11Y-05: after a wrong code the focus is on the error, which says how to put it right', async () => {
  const person = await stage.somebody('totp')
  const page = await atCode(person)
  for (let tries = 0; tries < 2; tries++) {
    await giveCode(page, wrongCode(person, now()), 'Sign in')
    await page.getByRole('alert').getByText('That code isn’t right.').waitFor()
  }
  const error = await page.evaluate(() => document.activeElement?.textContent?.trim())
  assert.match(
    error ?? '',
    /^Error: That code isn’t right\. Check .+ try again\. You have 3 tries left\.$/,
  )
  const field = page.getByLabel('Verification code')
  assert.equal(await field.getAttribute('aria-invalid'), 'true')
  const described = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  assert.ok(described.includes('refusal'))
})

test('A11Y-05: before the right password an error says the same whoever it is about', async () => {
  const person = await stage.somebody('totp')
  const said = []
  for (const email of [person.email, 'nobody@example.com']) {
    const page = await stage.visit()
    await givePassword(page, { email, password: 'not the right password' })
    said.push(await page.getByRole('alert').innerText())
    const field = page.getByLabel('Password', { exact: true })
    assert.equal(await field.getAttribute('aria-describedby'), 'refusal')
  }
  assert.equal(said[0], said[1])
  assert.match(said[0] ?? '', /Check both and try again/)
})

test('A11Y-04: “copied”, waits and what the carrier says appear in status regions, and the focus stays', async () => {
  const person = await stage.somebody('sms')
  stage.faults.carriers = 'silent'
  const page = await atCode(person)
  stage.faults.carriers = 'none'
  const delivery = page.locator('.delivery')
  assert.equal(await delivery.getAttribute('role'), 'status')
  await page.getByText('We are handing the message over').waitFor()
  const field = page.getByLabel('Verification code')
  await field.focus()
  await stage.copies.delivered()
  await delivery.getByText('The message was sent.').waitFor()
  const again = page.getByRole('button', { name: 'Send the code again' })
  await again.focus()
  await page.keyboard.press('Enter')
  await page
    .locator('[data-status]')
    .getByText(/You can ask again in \d+ seconds?\./)
    .waitFor()
  assert.ok(await again.evaluate((element) => element === document.activeElement))
  assert.equal(await again.locator('[data-left]').getAttribute('aria-hidden'), 'true')
  await copyTheKey()
})

async function copyTheKey(): Promise<void> {
  const page = await stage.signedIn(await stage.somebody(), clipboard)
  await page.goto(`${security}/set-up/totp`)
  await press(page, 'Continue')
  const status = page.locator('[data-status]')
  assert.equal(await status.getAttribute('role'), 'status')
  const copy = page.getByRole('button', { name: 'Copy' })
  await copy.focus()
  await page.keyboard.press('Enter')
  await status.getByText('Copied.').waitFor()
  assert.ok(
    await copy
      .or(page.getByRole('button', { name: 'Copied' }))
      .first()
      .isVisible(),
  )
  assert.equal(await page.evaluate(() => document.activeElement?.tagName), 'BUTTON')
  const key = await page.evaluate(() => navigator.clipboard.readText())
  assert.match(key, /^[A-Z2-7]{32}$/)
}

test('A11Y-06: an expired code is sent again on the same page, without starting over', async () => {
  const person = await stage.somebody()
  const page = await stage.signedIn(person)
  await page.goto(`${security}/set-up/email`)
  await press(page, 'Send a code')
  await arriveAt(page, 'Enter the code from your mailbox')
  const late = await newestCode(stage, person.email)
  const pending = page.url()
  stage.wait(601)
  // The password was given too long ago by now; what was begun is still there afterwards.
  await page.goto(pending)
  await page.getByLabel('Your password').fill(person.password)
  await press(page, 'Continue')
  assert.equal(page.url(), pending)
  await giveCode(page, late, 'Turn on')
  await page.getByText('That code has expired. Ask for a new one below.').waitFor()
  await press(page, 'Send the code again')
  await giveCode(page, await newestCode(stage, person.email), 'Turn on')
  await arriveAt(page, 'Save your recovery codes')
})

test('A11Y-06: a minute before a sign-in ends a status region says so', async () => {
  const person = await stage.somebody('totp')
  const page = await atCode(person)
  const warning = page.getByRole('status').filter({ hasText: 'One minute left.' })
  assert.equal(await warning.locator('[data-warning]').isVisible(), false)
  stage.wait(545)
  await page.goto('/sign-in/code')
  await warning.getByText('One minute left.').waitFor()
})

test('A11Y-09: the sixth digit submits only where that is announced', async () => {
  const person = await stage.somebody('totp')
  const page = await atCode(person)
  const field = page.getByLabel('Verification code')
  const ids = (await field.getAttribute('aria-describedby'))?.split(' ') ?? []
  const words = await Promise.all(ids.map((id) => page.locator(`#${id}`).innerText()))
  assert.ok(words.some((one) => one === 'Submits by itself when all 6 digits are in.'))
  await page.getByText('Submits by itself').waitFor()
  await field.pressSequentially(appCode(person, now()))
  await arriveHome(page)
  await page.goto(`${security}/set-up/totp`)
  await press(page, 'Continue')
  const here = page.url()
  await page.getByLabel('Verification code').pressSequentially('123456')
  assert.equal(await page.getByText('Submits by itself').count(), 0)
  await page.waitForTimeout(500)
  assert.equal(page.url(), here)
  assert.equal(await page.getByLabel('Verification code').inputValue(), '123456')
})

test('A11Y-08, A11Y-01: on a phone one button opens the menu, by keyboard and without scripts', async () => {
  const person = await stage.somebody('totp')
  const page = await stage.signedIn(person, { javaScriptEnabled: false })
  await page.goto(security)
  const menu = page.getByRole('navigation', { name: 'Settings' })
  const opens = page.getByRole('button', { name: 'Menu', exact: true })
  assert.deepEqual([await menu.isVisible(), await opens.isVisible()], [true, false])
  await page.setViewportSize({ width: 375, height: 800 })
  assert.equal(await menu.isVisible(), false)
  await tabAndPress(page, opens)
  await screenshot(page, 'menu-phone')
  const pages = 'Home Profile Email Password Security General Members Security log API keys'
  assert.equal((await menu.getByRole('link').allInnerTexts()).join(' '), pages)
  await page.keyboard.press('Escape')
  assert.equal(await menu.isVisible(), false)
  await opens.press('Enter')
  await tabAndPress(page, menu.getByRole('link', { name: 'Members' }))
  await arriveAt(page, 'Members')
})

test('A11Y-10: the account stands on every page of the second step, and is not asked for again', async () => {
  const person = await stage.somebody('totp', 'sms')
  const page = await atCode(person)
  for (const path of ['code', 'methods', 'recovery-code', 'stuck']) {
    await page.goto(`/sign-in/${path}`)
    await page.getByText(person.email).waitFor()
    assert.equal(await page.getByLabel('Email').count(), 0)
  }
})

test('A11Y-11: everything that is lost asks first, with its effects, and can be left', async () => {
  const person = await stage.somebody('totp', 'sms')
  await stage.signedIn(person)
  const page = await stage.signedIn(person)
  for (const path of [
    `methods/${person.methods['totp']}/remove`,
    'recovery-codes/new',
    'sessions/end-others',
    'devices/forget-all',
  ]) {
    await page.goto(`${security}/${path}`)
    await page.getByRole('heading', { name: 'What will happen' }).waitFor()
    const effects = await page.locator('.effects li').allInnerTexts()
    assert.ok(effects.length > 0 && effects.every((effect) => effect.length > 20), path)
    assert.equal(await page.getByRole('link', { name: 'Cancel' }).count(), 1, path)
  }
  await page.goto(security)
  const acts = page.locator('main form')
  assert.equal(await acts.count(), 0, 'nothing on the Security page acts at once')
})

test('A11Y-11: recovery codes are text to select, to copy, to keep as a file and to print', async () => {
  const person = await stage.somebody('totp')
  const page = await stage.signedIn(person, clipboard)
  await page.goto(`${security}/recovery-codes/new`)
  await press(page, 'Make new codes')
  await arriveAt(page, 'Save your recovery codes')
  const list = page.getByRole('list').filter({ has: page.locator('code') })
  const codes = await list.getByRole('listitem').allInnerTexts()
  assert.equal(codes.length, 10)
  assert.ok(codes.every((code) => /^([A-Z2-7]{4}-){3}[A-Z2-7]{4}$/.test(code.trim())))
  const font = await list.evaluate((element) => getComputedStyle(element).fontFamily)
  assert.match(font, /mono/i)
  await press(page, 'Copy')
  await page.getByText('Copied.').waitFor()
  assert.equal(await page.evaluate(() => navigator.clipboard.readText()), codes.join('\n'))
  const download = page.waitForEvent('download')
  await press(page, 'Download')
  const file = readFileSync(await (await download).path(), 'utf8')
  for (const part of [...codes, 'Twostep', person.email, '2026']) assert.ok(file.includes(part))
  assert.ok(!file.includes(person.password))
  await page.evaluate(() => (window.print = () => (document.title = 'printed')))
  await press(page, 'Print')
  assert.equal(await page.title(), 'printed')
  await page.emulateMedia({ media: 'print' })
  assert.ok(await page.getByText(`Account: ${person.email}`).isVisible())
  assert.equal(await page.getByRole('navigation').isVisible(), false)
})

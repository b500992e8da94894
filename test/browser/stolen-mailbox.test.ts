import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import type { Mail } from '../support/mail-server.ts'
import type { Person } from '../support/people.ts'
import {
  appOf,
  arriveAt,
  arriveHome,
  giveAppCode,
  giveCode,
  givePassword,
  mailedCode,
  mailedLink,
  press,
} from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial({ env: { SUPPORT_EMAIL: 'help@example.com' } })
})
after(() => trial.stop())

const newPage = async (): Promise<Page> => (await trial.fresh()).newPage()

const toAddress = (email: string) => trial.mail.mails.filter(({ to }) => to.includes(email))
const isCode = ({ subject }: Mail) => subject.endsWith('verification code')
const plain = ({ text }: Mail) => text.replaceAll(/\s+/g, ' ')

/** The first mail to an address whose subject says that. */
const mailSaying = (email: string, subject: RegExp) =>
  trial.mail.waitFor((one) => one.to.includes(email) && subject.test(one.subject))

/** Asks for a new password and opens the link in the mailbox, which is all that the thief reads. */
async function openReset(thief: Page, { email }: Person): Promise<void> {
  await thief.goto('/forgot-password')
  await thief.getByLabel('Email').fill(email)
  await press(thief, 'Send me the link')
  await arriveAt(thief, 'Check your mailbox')
  await thief.goto(await mailedLink(trial, email, 'reset-password'))
}

/** Support's help asked for by the address alone, and all that the mailbox can prove. */
async function askForRecovery(thief: Page, { email }: Person): Promise<void> {
  await thief.goto('/recover')
  await thief.getByLabel('Email').fill(email)
  await thief.getByLabel('How can support reach you?').fill('Call my new number, +44 7700 900190')
  await thief.getByLabel('I don’t know my password either').check()
  await press(thief, 'Ask for help')
  await arriveAt(thief, 'Check your mailbox')
  await thief.goto(await mailedLink(trial, email, 'recovery-case'))
  await arriveAt(thief, 'Prove that it’s you')
  await press(thief, 'Mail me the code')
  await giveCode(thief, await mailedCode(trial, email), 'Confirm')
  await arriveAt(thief, 'Support is making sure that it’s you')
}

async function signInByApp(person: Person, app = appOf(person.key)): Promise<Page> {
  const page = await newPage()
  await givePassword(page, person)
  await giveAppCode(page, app)
  await arriveHome(page)
  return page
}

/** Adds an address for notices; the link in its own mailbox makes it count. */
async function addFurtherAddress(page: Page, email: string): Promise<void> {
  await page.goto('/settings/email/others/add')
  await page.getByLabel('New address').fill(email)
  await press(page, 'Mail the link')
  await page.goto(await mailedLink(trial, email, 'notify-email'))
  await press(page, 'Yes, send them here')
  await arriveAt(page, 'Thank you, that’s confirmed')
}

test('EML-02: the link to a new password wants the second step, and a mailed code is none', async () => {
  const person = await trial.somebody('email', 'totp')
  const thief = await newPage()
  await openReset(thief, person)
  await arriveAt(thief, 'Confirm it’s you')
  await thief.getByText('A code by email doesn’t count here').waitFor()
  await screenshot(thief, 'stolen-mailbox-reset')
  const offered = await thief.locator('form.choices button').allInnerTexts()
  assert.deepEqual(
    offered.map((words) => words.split('\n')[0]),
    ['Authenticator app'],
  )
  await press(thief, /^Authenticator app/)
  await giveCode(thief, '000000', 'Confirm')
  await thief.getByText('That code isn’t right.').first().waitFor()
  await press(thief, 'Use a recovery code')
  await thief.getByLabel('Recovery code').fill('aaaa-bbbb-cccc-dddd')
  await press(thief, 'Confirm')
  await thief.getByText('That recovery code isn’t right').first().waitFor()
  assert.equal(await thief.getByLabel('New password', { exact: true }).count(), 0)
  assert.equal(toAddress(person.email).filter(isCode).length, 0)
  const page = await signInByApp(person)
  await page.getByText('Two-step verification is on').waitFor()
})

test('EML-02: codes by email are the only method: the mailbox alone opens neither the sign-in nor the reset', async () => {
  const person = await trial.somebody('email')
  const thief = await newPage()
  await givePassword(thief, { email: person.email, password: 'a guess of some length' })
  await thief.getByText('That email and password don’t match.').first().waitFor()
  await thief.goto('/sign-in/code')
  await arriveAt(thief, 'Sign in')
  await openReset(thief, person)
  await thief.getByText('A code by email doesn’t count here').waitFor()
  await arriveAt(thief, 'Confirm it’s you')
  assert.equal(await thief.locator('form.choices').count(), 0, 'nothing is left to choose')
  await thief.getByLabel('Recovery code').waitFor()
  await screenshot(thief, 'stolen-mailbox-only-email')

  await trial.beside(({ sql }) =>
    sql.query('UPDATE recovery_sets SET codes_left = 0 WHERE account_id = $1', [person.id]),
  )
  await thief.reload()
  await arriveAt(thief, 'Let’s get you back in')
  await thief.getByText('The link alone can’t change this password').waitFor()
  assert.equal(await thief.getByLabel('New password', { exact: true }).count(), 0)
  assert.equal(toAddress(person.email).filter(isCode).length, 0, 'no code came to the mailbox')

  const page = await newPage()
  await givePassword(page, person)
  await arriveAt(page, 'Check your email')
  await giveCode(page, await mailedCode(trial, person.email), 'Sign in')
  await arriveAt(page, /recovery codes/i)
})

test('EML-03: the mailbox cannot move the account to another address, and loses it when the owner does', async () => {
  const person = await trial.somebody('totp')
  const thief = await newPage()
  await openReset(thief, person)
  await arriveAt(thief, 'Confirm it’s you')
  await thief.goto('/settings/email/change')
  await arriveAt(thief, 'Sign in')

  const page = await signInByApp(person)
  await page.goto('/settings/email/change')
  const safe = `safe-${person.email}`
  await page.getByLabel('New address').fill(safe)
  await press(page, 'Mail me the link')
  await page.getByText('A change is waiting').waitFor()
  const told = await mailSaying(person.email, /A new address was asked for/)
  assert.match(plain(told), /stays as it is until the link that we mailed there is used/)
  assert.ok(toAddress(person.email).every(({ text }) => !/\/change-email\//.test(text)))

  await page.goto(await mailedLink(trial, safe, 'change-email'))
  await arriveAt(page, 'Use the new address?')
  await press(page, 'Use the new address')
  await page.getByText('Your new address is in force.').waitFor()
  await mailSaying(person.email, /Your email address was changed/)
  await thief.goto('/reset-password')
  await arriveAt(thief, 'This link no longer works')
  await screenshot(thief, 'stolen-mailbox-link-over')
  await givePassword(page, { email: safe, password: person.password })
  await arriveAt(page, 'Open your authenticator app')
})

test('REC-01, REC-02, NTF-02: the mailbox is one proof only; the owner hears of it elsewhere, and signing in stops it', async () => {
  const person = await trial.somebody('totp', 'email')
  const app = appOf(person.key)
  const page = await signInByApp(person, app)
  const second = `second-${person.email}`
  await addFurtherAddress(page, second)
  await page.context().close()

  const thief = await newPage()
  await openReset(thief, person)
  await press(thief, 'I can’t use any of these')
  await arriveAt(thief, 'Ask support to let you back in')
  await askForRecovery(thief, person)
  await screenshot(thief, 'stolen-mailbox-recovery')
  const heard = await mailSaying(second, /Somebody asked to get back into your account/)
  for (const said of [
    'Nothing has changed: your methods work as before.',
    'we mail a code to your account’s own address, and you enter it there',
    'If it was not you, open the page and stop it there. Signing in with your second step stops it, too.',
  ]) {
    assert.ok(plain(heard).includes(said), said)
  }

  const code = toAddress(person.email).find(isCode)
  assert.match(code ? plain(code) : '', /somebody else may read your mail: secure your mailbox/)
  await supportApprovesNothing(person)
  const owners = await signInByApp(person, app)
  await owners.getByText('Your sign-in stopped a recovery').waitFor()
  await screenshot(owners, 'stolen-mailbox-stopped')
  const stopped = await mailSaying(second, /The recovery of your account was stopped/)
  assert.match(plain(stopped), /Somebody signed in with your second step, so the request/)
  await thief.goto('/recovery-case')
  await thief.getByText('This recovery has ended').first().waitFor()
})

/** What support sees of it: one proof of two, and no way to approve. */
async function supportApprovesNothing({ id }: Person): Promise<void> {
  const helper = await trial.somebody('totp')
  const name = await trial.beside(async ({ sql }) => {
    await sql.query('UPDATE accounts SET support_since = now() WHERE id = $1', [helper.id])
    const [row] = await sql.query<{ name: string }>('SELECT name FROM accounts WHERE id = $1', [id])
    return row?.name ?? ''
  })
  const page = await signInByApp(helper)
  await press(page, 'Recovery cases')
  await page.getByRole('link', { name, exact: true }).click()
  await arriveAt(page, name)
  await page.getByText('A code mailed to the confirmed address').waitFor()
  await page.getByText('Two proofs are needed').waitFor()
  assert.equal(await page.getByRole('link', { name: 'Approve' }).count(), 0)
  await screenshot(page, 'stolen-mailbox-support')
  await page.context().close()
}

test('REC-01, EML-02: with codes by email alone, too: the owner reads of it at the other address and stops it there', async () => {
  const person = await trial.somebody('email')
  const second = `second-${person.email}`
  await trial.beside(({ sql, clock }) =>
    sql.query(
      `INSERT INTO notification_addresses
         (id, account_id, email, email_key, link_id, created_at, verified_at)
       VALUES (gen_random_uuid(), $1, $2, $2, gen_random_uuid(), $3, $3)`,
      [person.id, second, clock()],
    ),
  )
  const thief = await newPage()
  await askForRecovery(thief, person)
  const owners = await newPage()
  await owners.goto(await mailedLink(trial, second, 'recovery-case'))
  await arriveAt(owners, 'Support is making sure that it’s you')
  await press(owners, 'This was not me, or I don’t need it')
  await arriveAt(owners, 'Stop this recovery?')
  await press(owners, 'Stop it')
  await arriveAt(owners, 'Done. The recovery is stopped')
  await owners.getByText('they may know your password or read your mailbox').waitFor()
  for (const email of [person.email, second]) {
    const told = await mailSaying(email, /The recovery of your account was stopped/)
    assert.match(plain(told), /stopped by the link in one of our mails about it/)
  }
  await thief.goto('/recovery-case')
  await thief.getByText('This recovery has ended').first().waitFor()
})

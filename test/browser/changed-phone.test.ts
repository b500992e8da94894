import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Locator, Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import type { Person } from '../support/people.ts'
import { ownTeam, setPolicy } from '../support/teams.ts'
import {
  arriveAt,
  arriveHome,
  giveCode,
  givePassword,
  press,
  saveRecoveryCodes,
  signOut,
} from './acts.ts'
import { startStage, type Stage } from './stage.ts'
import { newestCode } from './tour-door.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const security = '/settings/security'
const ending = (phone: string) => `••• ••• ${phone.slice(-2)}`

/** The method's row on the Security page, by the number it shows. */
const rowOf = (page: Page, phone: string) => page.locator('#methods li', { hasText: ending(phone) })

/** What is in force for a person's codes by text, as the database has it. */
async function numberInUse({ methods }: Person): Promise<string> {
  const rows = await stage.copies.sql.query<{ destination: string }>(
    'SELECT destination FROM methods WHERE id = $1',
    [methods['sms']],
  )
  return rows[0]?.destination ?? 'none'
}

/** The bodies of the texts to a number, newest first. */
async function textsTo(phone: string): Promise<string[]> {
  await stage.copies.delivered()
  return stage.copies.inbox
    .list()
    .flatMap(({ letter }) => (letter.channel === 'text' && letter.to === phone ? letter.body : []))
}

/** The subjects of the mails to a person, newest first. */
async function mailsTo({ email }: Person): Promise<string[]> {
  await stage.copies.delivered()
  return stage.copies.inbox
    .list()
    .flatMap(({ letter }) =>
      letter.channel === 'mail' && letter.to === email ? letter.subject : [],
    )
}

/** Somebody with codes by text alone signs in with one, which goes to that number. */
async function signInByText(page: Page, person: Person, phone: string): Promise<void> {
  stage.wait()
  await givePassword(page, person)
  await arriveAt(page, 'Check your phone')
  await page.getByText(ending(phone)).first().waitFor()
  await giveCode(page, await newestCode(stage, phone), 'Sign in')
}

/** Saves another number in the profile, or none, and opens the Security page. */
async function savePhone(page: Page, phone: string): Promise<void> {
  await page.goto('/settings/profile')
  await page.getByLabel('Mobile phone').fill(phone)
  await press(page, 'Save')
  await page.getByText('Your profile is saved').waitFor()
  await page.goto(security)
}

/** From the notice on the Security page to the field for the code. */
async function askForTheNewNumber(page: Page): Promise<void> {
  stage.wait()
  await press(page, 'Use the new number')
  await arriveAt(page, 'Use the new number?')
  await press(page, 'Send a code to the new number')
  await arriveAt(page, 'Enter the code from your new number')
}

test('A9, ENR-05: SMS is the last method a team counts: only the new number is offered, with the reason', async () => {
  const person = await stage.somebody('sms')
  await setPolicy(stage.copies.world, await ownTeam(stage.copies.world, person.id))
  const page = await stage.visit()
  await signInByText(page, person, person.phone)
  await arriveHome(page)
  const phone = '+447700900171'
  await savePhone(page, phone)
  await page.getByText('The phone number in your profile has changed').waitFor()
  await page.getByText('SMS can’t be turned off and on for that').waitFor()
  await page.getByText('requires two-step authentication, and SMS is your last').waitFor()
  await screenshot(page, 'changed-phone-required')
  for (const name of ['Turn SMS off', 'Turn off']) {
    assert.equal(await page.getByRole('link', { name }).count(), 0, name)
  }
  await rowOf(page, person.phone).getByText('to turn it off, set up another method first').waitFor()

  await page.goto(`${security}/methods/${person.methods['sms']}/remove`)
  await arriveAt(page, 'This method stays on for now')
  await page.getByText('this is your last method that counts. Set up another one first.').waitFor()
  await screenshot(page, 'changed-phone-stays-on')
  await press(page, 'Security settings')
  assert.equal(await rowOf(page, person.phone).count(), 1)

  await askForTheNewNumber(page)
  await page.getByText(`codes keep going to ${ending(person.phone)}`).waitFor()
  const [asked = ''] = await textsTo(phone)
  assert.match(asked, /^Twostep: \d{6} is your verification code to use this number/)
  await giveCode(page, await newestCode(stage, phone), 'Use the new number')
  await page.getByText('Texts go to your new number from now on.').waitFor()
  await rowOf(page, phone).waitFor()
  assert.equal(await page.getByText('in your profile has changed').count(), 0)
  const [told = ''] = await textsTo(person.phone)
  assert.match(told, /^Twostep: The number for your codes was changed. Not you\?/)
  assert.match((await mailsTo(person))[0] ?? '', /The number for your codes was changed/)
  await signOut(page)
  await signInByText(page, person, phone)
  await arriveHome(page)
})

/** What the pages of a move say, up to a wrong code, without the numbers. */
async function wordsOfAMove(page: Page, phone: string): Promise<string[]> {
  const said: string[] = []
  const read = async (where: Locator) => {
    const words = (await where.allInnerTexts()).join(' ')
    said.push(words.replaceAll(/•••\s•••\s\d\d/g, '…').replaceAll(/\s+/g, ' '))
  }
  const main = page.getByRole('main')
  await savePhone(page, phone)
  await read(page.locator('.callout'))
  await askForTheNewNumber(page)
  await read(main)
  await giveCode(page, '000000', 'Use the new number')
  await page.getByText('That code isn’t right.').first().waitFor()
  await read(main)
  return said
}

test('A9: a number that another account uses: nothing of it shows, and nothing of it changes', async () => {
  const holder = await stage.somebody('sms')
  const [one, two] = [await stage.somebody('totp', 'sms'), await stage.somebody('totp', 'sms')]
  const page = await stage.signedIn(one)
  const free = await wordsOfAMove(await stage.signedIn(two), '+447700900172')
  const taken = await wordsOfAMove(page, holder.phone)
  const code = await newestCode(stage, holder.phone)
  assert.deepEqual(taken, free)
  await screenshot(page, 'changed-phone-wrong-code')
  assert.equal(await numberInUse(one), one.phone)

  assert.equal(await numberInUse(holder), holder.phone)
  assert.deepEqual(await mailsTo(holder), [], 'the holder’s account has nothing to be told of')
  const theirs = await stage.visit()
  await signInByText(theirs, holder, holder.phone)
  await arriveHome(theirs)
  await theirs.goto(security)
  await rowOf(theirs, holder.phone).waitFor()

  // Two people of one household share a phone: who reads the code may use it for both accounts.
  await giveCode(page, code, 'Use the new number')
  await page.getByText('Texts go to your new number from now on.').waitFor()
  assert.equal(await numberInUse(one), holder.phone)
  await theirs.reload()
  await rowOf(theirs, holder.phone).waitFor()
  await signOut(theirs)
  await signInByText(theirs, holder, holder.phone)
  await arriveHome(theirs)
})

test('A9: the number is taken out of the profile: codes go on, SMS can be turned off, and on again only with a number', async () => {
  const person = await stage.somebody('totp', 'sms')
  const page = await stage.signedIn(person)
  await page.goto('/settings/profile')
  await page.getByLabel('Mobile phone').fill('')
  await press(page, 'Save')
  await page.getByText('Your profile is saved, without a phone number.').waitFor()
  assert.match((await mailsTo(person))[0] ?? '', /phone number in your profile was removed/)
  await page.goto(security)
  await page.getByText('There is no phone number in your profile any more').waitFor()
  await page.getByText(`Codes still go to ${ending(person.phone)}, the number`).waitFor()
  assert.equal(await page.getByRole('link', { name: 'Use the new number' }).count(), 0)
  await screenshot(page, 'changed-phone-removed')

  const other = await stage.visit()
  stage.wait()
  await givePassword(other, person)
  await press(other, 'Use another method')
  await press(other, /^Text message/)
  await giveCode(other, await newestCode(stage, person.phone), 'Sign in')
  await arriveHome(other)

  await press(page, 'Turn SMS off')
  await arriveAt(page, 'Turn off “Text message”?')
  await press(page, 'Turn off Text message')
  await page.getByText('Done. This method is off').waitFor()
  await press(page, 'Add a method')
  await page.getByText('Your profile has no phone number yet.').waitFor()
  await screenshot(page, 'changed-phone-no-number')
  await press(page, 'Add it in your profile')
  await arriveAt(page, 'Profile')
  await savePhone(page, '+44 7700 900173')
  await press(page, 'Add a method')
  await page.getByText('Codes go to ••• ••• 73.').waitFor()
  await press(page, 'SMS codes')
  await arriveAt(page, 'Set up SMS codes')
})

test('A9: a wrong code leaves the old number in use; and so does a number that is changed back', async () => {
  const person = await stage.somebody('totp', 'sms')
  const page = await stage.signedIn(person)
  const phone = '+447700900174'
  await savePhone(page, phone)
  await askForTheNewNumber(page)
  await giveCode(page, '000000', 'Use the new number')
  await page.getByText('That code isn’t right.').first().waitFor()
  await page.getByText(`codes keep going to ${ending(person.phone)}`).waitFor()
  assert.equal(await numberInUse(person), person.phone)

  const elsewhere = await page.context().newPage()
  await savePhone(elsewhere, person.phone)
  assert.equal(await elsewhere.getByText('in your profile has changed').count(), 0)
  await giveCode(page, await newestCode(stage, phone), 'Use the new number')
  await page.getByText('Your account changed in the meantime.').first().waitFor()
  await screenshot(page, 'changed-phone-changed-back')
  assert.equal(await numberInUse(person), person.phone)
  assert.ok((await textsTo(person.phone)).every((body) => !/was changed/.test(body)))
  await page.goto(security)
  await rowOf(page, person.phone).waitFor()
})

test('A4, A9: a phone given at the required set-up: what texts do not reach is refused, a slip is put right', async () => {
  const person = await stage.somebody()
  const { world, sql } = stage.copies
  await sql.query('UPDATE accounts SET phone = NULL WHERE id = $1', [person.id])
  await setPolicy(world, await ownTeam(world, person.id))
  stage.wait()
  const page = await stage.visit()
  await givePassword(page, person)
  await press(page, 'Mail me the code')
  await giveCode(page, await newestCode(stage, person.email), 'Continue')
  await press(page, /^SMS codes/)
  await page.getByText('Your profile has no phone number yet. Give it here.').waitFor()
  for (const [typed, said] of wrongNumbers) {
    await page.getByLabel('Mobile phone').fill(typed)
    await press(page, 'Continue')
    await page.getByText(said).first().waitFor()
  }
  await page.getByLabel('Mobile phone').fill('+44 7700 900175')
  await press(page, 'Continue')
  await page.getByText('Codes will go to ••• ••• 75').waitFor()
  assert.equal(await page.getByText('Change it in your profile').count(), 0, 'it is not open yet')
  await screenshot(page, 'changed-phone-on-the-spot')
  await press(page, 'Use another number')
  await page.getByLabel('Mobile phone').fill('+44 7700 900176')
  await press(page, 'Continue')
  await page.getByText('Codes will go to ••• ••• 76').waitFor()
  await page.getByLabel(/I have read this/).check()
  stage.wait()
  await press(page, 'Send a code')
  await giveCode(page, await newestCode(stage, '+447700900176'), 'Turn on')
  await saveRecoveryCodes(page)
  assert.deepEqual(await textsTo('+447700900175'), [])
  await page.goto('/settings/profile')
  assert.equal(await page.getByLabel('Mobile phone').inputValue(), '+44 7700 900176')
  await signOut(page)
  await signInByText(page, person, '+447700900176')
  await arriveHome(page)
})

const wrongNumbers = [
  ['07700 900175', 'That isn’t a phone number we can use.'],
  ['+1 900 555 0123', 'Texts can’t be sent to this kind of number.'],
] as const

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Role } from '../../src/policy/policy.ts'
import { screenshot } from '../support/chromium.ts'
import { addMember } from '../support/members.ts'
import type { Person } from '../support/people.ts'
import { appCode } from '../support/steps.ts'
import { join, makeTeam, setPolicy } from '../support/teams.ts'
import {
  arriveAt,
  arriveHome,
  giveCode,
  givePassword,
  press,
  saveRecoveryCodes,
  signOut,
} from './acts.ts'
import { inspect } from './inspect.ts'
import { startStage, type Stage } from './stage.ts'
import { newestCode } from './tour-door.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

type App = Pick<Person, 'key'>

const codeOf = (app: App) => appCode(app, stage.copies.clock.now())

/** Takes a picture of a page that only these stories come to, and finds nothing wrong with it. */
async function see(page: Page, name: string): Promise<void> {
  await screenshot(page, `lost-phone-${name}`)
  assert.deepEqual(await inspect(page), [], name)
}

/** From the first page of an app's set-up to the app that is on; the key is typed in, not scanned. */
async function setUpApp(page: Page, name: string): Promise<App> {
  await arriveAt(page, 'Set up your authenticator app')
  await page.getByLabel('Name of this app').fill(name)
  await press(page, 'Continue')
  await arriveAt(page, 'Scan this with your app')
  const key = (await page.locator('code').first().innerText()).replaceAll(/\s/g, '')
  await giveCode(page, codeOf({ key }), 'Turn on')
  return { key }
}

/** Signs in with that app, where Remember This Device is ticked, and out again. */
async function trustBrowser(page: Page, person: Person, app: App): Promise<void> {
  await givePassword(page, person)
  await page.getByLabel('Remember This Device').check()
  await giveCode(page, codeOf(app), 'Sign in')
  await arriveHome(page)
  await signOut(page)
  await givePassword(page, person)
  await arriveHome(page)
}

/** From the code that can't be had to the field for what can. */
async function goToStuck(page: Page, person: Person): Promise<void> {
  await givePassword(page, person)
  await arriveAt(page, 'Open your authenticator app')
  await press(page, 'I can’t use any of these')
  await arriveAt(page, 'Let’s get you back in')
}

async function giveSpare(page: Page, typed: string): Promise<void> {
  await page.getByLabel('Recovery code or one-time pass').fill(typed)
  await press(page, 'Sign in')
}

/** Reads the newest mail to somebody: its subject, and what it says. */
async function readMail(person: Person, subject: string, says: RegExp): Promise<void> {
  await stage.copies.delivered()
  const mail = stage.copies.newest(person.email)
  assert.ok(mail.channel === 'mail')
  assert.equal(mail.subject, `Twostep: ${subject}`)
  assert.match(mail.text.replaceAll(/\s+/g, ' '), says)
}

/** Signs in with the password and a recovery code, found by way of the help at the code screen. */
async function comeInByCode(page: Page, person: Person, code: string): Promise<void> {
  await goToStuck(page, person)
  await page.getByText('for a file called “recovery codes”').waitFor()
  await press(page, 'Use a recovery code')
  await arriveAt(page, 'Use a recovery code')
  assert.equal(await page.getByText('Remember This Device').count(), 0, 'TD-01')
  await giveSpare(page, code.toLowerCase().replaceAll('-', ' '))
  await arriveAt(page, 'Recovery codes')
  await page.getByRole('heading', { name: '9 of 10 left' }).waitFor()
  await page.getByText('You used a recovery code').waitFor()
}

test('RC-04, RC-06, TD-01, TD-05, ENR-07, NTF-01: a lost phone, and recovery codes were saved: in at once, and all is new', async () => {
  const person = await stage.somebody()
  const desk = await stage.visit()
  await givePassword(desk, person)
  await arriveHome(desk)
  await desk.goto('/settings/security')
  await press(desk, 'Set it up')
  await press(desk, 'Authenticator app')
  const old = await setUpApp(desk, 'Old phone')
  const codes = await saveRecoveryCodes(desk)
  await desk.goto('/')
  await signOut(desk)
  stage.wait()
  await trustBrowser(desk, person, old)

  // Away from the desk the phone is lost.
  stage.wait(86_400)
  const page = await stage.visit()
  await comeInByCode(page, person, codes[0] ?? '')
  await see(page, 'recovery-code-used')
  await readMail(person, 'A recovery code was used', /used to sign in .*9 are left.*make new ones/)
  await signOut(desk)
  await givePassword(desk, person)
  await arriveAt(desk, 'Open your authenticator app')
  await press(desk, 'Use a recovery code')
  await giveSpare(desk, codes[0] ?? '')
  await desk.getByText('That recovery code isn’t right, or it was used already.').first().waitFor()

  // Some time later a change asks for a proof again: another code is one.
  stage.wait(11 * 60)
  await press(page, 'Set up a new method')
  await press(page, /^Another authenticator app/)
  await page.getByLabel('Your password').fill(person.password)
  await press(page, 'Continue')
  await press(page, 'Use a recovery code')
  await page.getByLabel('Recovery code').fill(codes[1] ?? '')
  await press(page, 'Confirm')
  await readMail(person, 'A recovery code was used', /used to confirm a change .*8 are left/)
  const fresh = await setUpApp(page, 'New phone')
  await arriveAt(page, 'Two-step verification is on')
  await page.getByText('Is one of them lost?').waitFor()
  await readMail(person, 'A two-step method was turned on', /New phone \(Authenticator app\) can/)
  await replaceOld(page, person)
  const made = await saveRecoveryCodes(page)
  assert.deepEqual([made.length, made.filter((code) => codes.includes(code)).length], [10, 0])
  await readMail(person, 'New recovery codes were made', /The codes before it no longer work/)

  // The next sign-in: neither the old app nor an old code is good any more; the new app is.
  await page.goto('/')
  await signOut(page)
  stage.wait()
  await givePassword(page, person)
  await page.getByText('Enter the six digits that New phone shows').waitFor()
  await press(page, 'Use a recovery code')
  await giveSpare(page, codes[2] ?? '')
  await page.getByText('That recovery code isn’t right, or it was used already.').first().waitFor()
  await press(page, 'Back to the code')
  await giveCode(page, codeOf(old), 'Sign in')
  await page.getByText('That code isn’t right.').first().waitFor()
  await giveCode(page, codeOf(fresh), 'Sign in')
  await arriveHome(page)
  for (const one of [desk, page]) await one.context().close()
})

/** Turns the lost app off, and goes on to new recovery codes. */
async function replaceOld(page: Page, person: Person): Promise<void> {
  await press(page, 'Go to Security')
  await page.getByText('No trusted devices').waitFor()
  await page.getByRole('link', { name: /^Turn off.*Old phone/ }).click()
  await arriveAt(page, 'Turn off “Old phone”?')
  await press(page, 'Turn off Old phone')
  await page.getByText('Done. This method is off').waitFor()
  await readMail(person, 'A two-step method was turned off', /Old phone .* can no longer be used/)
  await press(page, 'Make new codes')
  await arriveAt(page, 'Make new recovery codes?')
  await press(page, 'Make new codes')
}

test('RC-04, A11Y-01: a lost phone and a browser without scripts: a recovery code gets in just as well', async () => {
  const person = await stage.somebody('totp')
  const page = await stage.visit({ javaScriptEnabled: false })
  await comeInByCode(page, person, person.recoveryCodes[0] ?? '')
  await page.context().close()
})

/** A team that requires two steps, and its people by name; all with an app, and in no other team. */
async function makeAcme() {
  const { copies } = stage
  const team = await makeTeam(copies.world)
  const add = async (name: string, role: Role) => {
    const person = await addMember(copies, team, ['totp'], role)
    await stage.sql('UPDATE accounts SET name = $2 WHERE id = $1', [person.id, name])
    return person
  }
  const people = {
    owner: await add('Olga Owner', 'owner'),
    admin: await add('Ada Admin', 'admin'),
    peer: await add('Paul Peer', 'admin'),
    member: await add('Mia Member', 'member'),
    shared: await add('Sam Shared', 'member'),
    helper: await add('Hana Helper', 'member'),
  }
  await stage.sql('UPDATE accounts SET support_since = now() WHERE id = $1', [people.helper.id])
  await join(copies.world, await makeTeam(copies.world, 'Initech'), people.shared.id)
  await setPolicy(copies.world, team)
  stage.wait(1)
  return people
}

/** From anywhere to one member, by the menu and the list. */
async function openMember(page: Page, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Settings' }).getByText('Members').click()
  await arriveAt(page, 'Members')
  await page.getByRole('link', { name }).click()
  await arriveAt(page, name)
}

/** What the list of members says of one of them. */
async function rowOf(page: Page, name: string): Promise<string> {
  await page.getByRole('navigation', { name: 'Settings' }).getByText('Members').click()
  await arriveAt(page, 'Members')
  return page.getByRole('row').filter({ hasText: name }).innerText()
}

/** The admin at work, whose last proof is a while ago. */
async function atWork(person: Person): Promise<Page> {
  const page = await stage.signedIn(person)
  await page.goto('/')
  stage.wait(11 * 60)
  return page
}

/** Follows the button of an act, and confirms who it is on the way. */
async function begin(page: Page, act: RegExp, person: Person): Promise<void> {
  await page.getByRole('link', { name: act }).click()
  await page.getByLabel('Your password').fill(person.password)
  await press(page, 'Continue')
  await giveCode(page, codeOf(person), 'Confirm')
}

test('TEAM-07, RC-04, TD-01, A11Y-06: a lost phone in a team: the admin gives a pass for one sign-in', async () => {
  const { admin, member } = await makeAcme()
  const page = await stage.visit()
  await goToStuck(page, member)
  await page.getByText('An admin or the owner of Acme.').waitFor()
  await see(page, 'stuck-in-team')

  // She calls Ada, who knows her voice. Meanwhile the ten minutes of her sign-in run out.
  const adas = await atWork(admin)
  await openMember(adas, 'Mia Member')
  await begin(adas, /^Make a pass/, admin)
  await arriveAt(adas, 'One-time pass: Mia Member')
  await adas.getByText('Make sure that it is them who asks').waitFor()
  await press(adas, 'Make the pass')
  await arriveAt(adas, 'The one-time pass for Mia Member')
  await see(adas, 'pass')
  const pass = (await adas.locator('code').innerText()).replaceAll(/\s+/g, ' ').trim()
  await readMail(member, 'A one-time pass was made for you', /Ada Admin, for the team Acme, made/)
  await press(adas, 'Done')
  await adas.getByText('Unused, until').waitFor()

  await press(page, 'enter it here')
  await page.getByText('This sign-in has ended because its ten minutes ran out').waitFor()
  assert.equal(await page.getByLabel('Email').inputValue(), member.email, 'A11Y-06')
  await page.getByLabel('Password', { exact: true }).fill(member.password)
  await press(page, 'Continue')
  await press(page, 'Use a recovery code or one-time pass')
  await arriveAt(page, 'Use a recovery code or one-time pass')
  assert.equal(await page.getByText('Remember This Device').count(), 0, 'TD-01')
  await giveSpare(page, pass.toLowerCase())
  await arriveAt(page, 'Security')
  await page.getByText('You used a one-time pass').waitFor()
  await see(page, 'pass-used')
  await readMail(member, 'A one-time pass was used', /your password and the one-time pass/)
  const fresh = await replaceByPass(page)

  // The pass was good once, and the lost app is no way in any more.
  await signOut(page)
  stage.wait()
  await givePassword(page, member)
  await press(page, 'Use a recovery code')
  await giveSpare(page, pass)
  await page.getByText('There is no one-time pass for this account: it was used').first().waitFor()
  await press(page, 'Back to the code')
  await giveCode(page, codeOf(member), 'Sign in')
  await page.getByText('That code isn’t right.').first().waitFor()
  await giveCode(page, codeOf(fresh), 'Sign in')
  await arriveHome(page)
  for (const one of [adas, page]) await one.context().close()
})

/** While the pass still counts: a new app, without another proof, then the lost one is turned off. */
async function replaceByPass(page: Page): Promise<App> {
  await press(page, 'Set up a new method')
  await press(page, /^Another authenticator app/)
  const fresh = await setUpApp(page, 'New phone')
  await press(page, 'Go to Security')
  assert.equal(await page.getByText('You used a one-time pass').count(), 0)
  await page.getByRole('link', { name: /^Turn off.*Authenticator app/ }).click()
  await press(page, 'Turn off Authenticator app')
  await page.getByText('Done. This method is off').waitFor()
  await press(page, 'Make new codes')
  await press(page, 'Make new codes')
  await saveRecoveryCodes(page)
  await page.goto('/')
  return fresh
}

test('SES-05, ENR-07: a pass that stood in a while ago changes no method any more, and the page says what helps', async () => {
  const { admin, member } = await makeAcme()
  const adas = await atWork(admin)
  await openMember(adas, 'Mia Member')
  await begin(adas, /^Make a pass/, admin)
  await press(adas, 'Make the pass')
  const pass = await adas.locator('code').innerText()
  const page = await stage.visit()
  await goToStuck(page, member)
  await press(page, 'enter it here')
  await giveSpare(page, pass)
  await arriveAt(page, 'Security')
  stage.wait(11 * 60)
  await page.reload()
  await page.getByText('sign out, ask for another pass').waitFor()
  await press(page, 'Set up a new method')
  await press(page, /^Another authenticator app/)
  await page.getByLabel('Your password').fill(member.password)
  await press(page, 'Continue')
  await press(page, 'I can’t use any of these')
  await arriveAt(page, 'Help')
  await page.getByText('Then sign out: these ways begin at the sign-in').waitFor()
  for (const one of [adas, page]) await one.context().close()
})

test('TEAM-07, TD-05, ENR-03: a lost phone in a team: an admin resets, and the requirement bites', async () => {
  const { admin, member } = await makeAcme()
  const desk = await stage.visit()
  await trustBrowser(desk, member, member)
  const adas = await atWork(admin)
  await openMember(adas, 'Mia Member')
  await begin(adas, /^Reset/, admin)
  await arriveAt(adas, 'Reset two-step verification: Mia Member')
  await adas.getByLabel('Reason').fill('Lost the phone, called from the office')
  await press(adas, 'Reset two-step verification')
  await adas.getByText('Done. They sign in with the password alone next time').waitFor()
  await see(adas, 'reset')
  assert.match(await rowOf(adas, 'Mia Member'), /Due at next login/)
  await readMail(
    member,
    'Your two-step verification was reset',
    /Ada Admin, for the team Acme, removed .*Lost the phone, called from the office.*set up a new/,
  )

  // What was open is closed. At the next login nothing opens but the set-up.
  await desk.goto('/settings/profile')
  await arriveAt(desk, 'Sign in')
  await givePassword(desk, member)
  await arriveAt(desk, 'One more lock for your account')
  for (const path of ['/', '/settings/security', '/settings/profile']) {
    await desk.goto(path)
    await arriveAt(desk, 'One more lock for your account')
  }
  await desk.getByText('Acme requires two-step authentication').waitFor()
  await press(desk, 'Mail me the code')
  await giveCode(desk, await newestCode(stage, member.email), 'Continue')
  await arriveAt(desk, 'Choose your method')
  await press(desk, /^Authenticator app/)
  const fresh = await setUpApp(desk, 'New phone')
  assert.equal((await saveRecoveryCodes(desk)).length, 10)
  await readMail(member, 'A two-step method was turned on', /10 recovery codes were made/)
  assert.match(await rowOf(adas, 'Mia Member'), /\bOn\b.*Authenticator app/s)
  await desk.goto('/')
  await signOut(desk)
  stage.wait()
  await givePassword(desk, member)
  await arriveAt(desk, 'Open your authenticator app')
  await giveCode(desk, codeOf(fresh), 'Sign in')
  await arriveHome(desk)
  for (const one of [adas, desk]) await one.context().close()
})

test('TEAM-07: whom an admin can’t let back in, and what both are told instead', async () => {
  const { admin, owner, peer, shared, helper } = await makeAcme()
  const adas = await atWork(admin)
  const instead = [
    [owner, 'Olga Owner', 'an owner gets back in with another method, a recovery code or support'],
    [peer, 'Paul Peer', 'The owner can do it.'],
    [shared, 'Sam Shared', 'They get back in with another method, a recovery code or support'],
  ] as const
  for (const [, name, words] of instead) {
    await openMember(adas, name)
    await see(adas, `${name.split(' ')[1]?.toLowerCase()}`)
    for (const act of [/^Reset/, /^Make a pass/]) {
      assert.equal(await adas.getByRole('link', { name: act }).count(), 0, name)
    }
    await adas.getByText(words).waitFor()
  }
  await press(adas, 'how to get back in')
  await arriveAt(adas, 'Help')
  await adas.getByRole('heading', { name: 'When you can’t get in' }).waitFor()
  const olgas = await atWork(owner)
  await openMember(olgas, 'Paul Peer')
  await olgas.getByRole('link', { name: /^Reset/ }).waitFor()

  // At the code screen each is sent to who can help, and to nobody who can't.
  for (const [person, team] of [
    [owner, null],
    [peer, 'The owner of Acme.'],
    [shared, null],
    [helper, null],
  ] as const) {
    const page = await stage.visit()
    await goToStuck(page, person)
    if (team === null) assert.equal(await page.getByText('Acme').count(), 0)
    else await page.getByText(team).waitFor()
    await press(page, 'Ask support to let you back in')
    await arriveAt(page, 'Ask support to let you back in')
    await page.context().close()
  }
  for (const one of [adas, olgas]) await one.context().close()
})

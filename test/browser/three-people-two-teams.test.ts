import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import type { Policy } from '../../src/policy/policy.ts'
import { screenshot } from '../support/chromium.ts'
import { appCode } from '../support/steps.ts'
import { ownTeam, setPolicy } from '../support/teams.ts'
import { arriveAt, arriveHome, giveCode, givePassword, press, signOut } from './acts.ts'
import type { Login } from './acts.ts'
import { startStage, type Stage } from './stage.ts'
import { linkTo, newestCode } from './tour-door.ts'

let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const appOnly: Partial<Policy> = { strengths: ['phishing-resistant', 'good'] }
const grace = { email: 'grace@example.org', password: 'compilers are not afraid of moths' }
const alan = { email: 'alan@example.org', password: 'seventeen bicycles and a gas mask' }

async function idOf(email: string): Promise<string> {
  const rows = await stage.sql('SELECT id FROM accounts WHERE email = $1', [email])
  return (rows as { id: string }[])[0]?.id ?? ''
}

async function inviteFrom(page: Page, addresses: readonly string[]): Promise<void> {
  const pending = page.getByRole('navigation', { name: 'Members' }).getByRole('link')
  if ((await pending.count()) === 0) {
    const settings = page.getByRole('navigation', { name: 'Settings' })
    await settings.getByRole('link', { name: 'Members' }).click()
    await arriveAt(page, 'Members')
    await pending.filter({ hasText: 'Pending' }).click()
  }
  await press(page, 'Invite people')
  await page.getByLabel('Email addresses').fill(addresses.join(', '))
  await press(page, 'Send the invitations')
  await page.getByText('The invitations are on their way').waitFor()
  await stage.copies.delivered()
}

async function joinAs(name: string, { email, password }: Login): Promise<Page> {
  const page = await stage.visit()
  await page.goto(linkTo(stage, email))
  await arriveAt(page, 'Join Acme')
  await page.getByLabel('Your name').fill(name)
  await page.getByLabel('Password', { exact: true }).fill(password)
  await press(page, 'Create account and join')
  await arriveAt(page, 'Sign in')
  return page
}

/** From the password to the cards of methods: only who can read the mailbox goes on (ENR-03). */
async function proveMailbox(page: Page, email: string, teams: RegExp): Promise<void> {
  await arriveAt(page, 'One more lock for your account')
  const lead = await page.locator('.lead').innerText()
  assert.match(lead, teams)
  await press(page, 'Mail me the code')
  await giveCode(page, await newestCode(stage, email), 'Continue')
  await arriveAt(page, 'Choose your method')
}

test('three people in two teams: each is asked what the strictest of their teams requires, and by which', async () => {
  const { world } = stage.copies
  const ada = await stage.somebody('totp')
  const acme = await ownTeam(world, ada.id)
  await stage.sql('UPDATE teams SET name = $2 WHERE id = $1', [acme, 'Acme'])
  const adas = await stage.signedIn(ada)
  await adas.goto('/')
  await inviteFrom(adas, [grace.email, alan.email])

  // Grace joins Acme, and makes a team of her own, which requires two steps of any kind.
  const graces = await joinAs('Grace Hopper', grace)
  await givePassword(graces, grace)
  await arriveHome(graces)
  await press(graces, 'New team')
  await graces.getByLabel('Team name').fill('Initech')
  await press(graces, 'Make the team')
  await graces.getByText('Your team is made').waitFor()
  const alans = await joinAs('Alan Turing', alan)
  stage.wait()
  await inviteFrom(graces, [alan.email])
  await signOut(graces)

  // Alan is invited to Initech too: he has an account, so he accepts in his own session.
  await alans.goto(linkTo(stage, alan.email))
  await arriveAt(alans, 'Join Initech')
  await alans.getByText('has an account already').waitFor()
  await press(alans, 'Sign in to accept')
  await alans.getByLabel('Email').fill(alan.email)
  await alans.getByLabel('Password', { exact: true }).fill(alan.password)
  await press(alans, 'Continue')
  await arriveAt(alans, 'Invitations')
  await alans.getByRole('link', { name: 'Accept' }).click()
  await arriveAt(alans, 'Join Initech?')
  await press(alans, 'Join the team')
  await alans.getByText('You are in the team now').waitFor()
  await screenshot(alans, 'story-two-teams')
  await signOut(alans)

  const initech = await teamCalled('Initech')
  stage.wait(1)
  await setPolicy(world, acme, appOnly)
  await setPolicy(world, initech, {})
  stage.wait(1)

  // Each at their next login. Ada has an app: nothing is asked of her but its code.
  await signOut(adas)
  stage.wait()
  const again = await stage.signedIn(ada)
  await again.goto('/')
  await arriveHome(again)

  // Grace and Alan are in both: Acme's rule is the stricter one, so email is no choice for them.
  for (const [page, person] of [
    [graces, grace],
    [alans, alan],
  ] as const) {
    stage.wait()
    await givePassword(page, person)
    await proveMailbox(page, person.email, /Acme and Initech require two-step authentication/)
    await page.getByText(/Acme/).first().waitFor()
    assert.equal(await page.getByRole('button', { name: /Email/ }).count(), 0)
    await screenshot(page, `story-choose-${person.email}`)
  }
  await setUpApp(graces)
  await arriveAt(graces, /Hello|Two-step verification is on|Add a second method/)
  await removeAlan(again)

  // Out of Acme, Alan is asked by Initech alone, where a code by mail is enough.
  stage.wait()
  await signOutOfSetUp(alans)
  await givePassword(alans, alan)
  await proveMailbox(alans, alan.email, /Initech requires two-step authentication/)
  assert.equal(await alans.getByText('Acme').count(), 0)
  await alans.getByRole('button', { name: /Email/ }).waitFor()
})

async function teamCalled(name: string): Promise<string> {
  const rows = await stage.sql('SELECT id FROM teams WHERE name = $1', [name])
  return (rows as { id: string }[])[0]?.id ?? ''
}

async function setUpApp(page: Page): Promise<void> {
  await page.getByRole('button', { name: /Authenticator app/ }).click()
  await arriveAt(page, 'Set up your authenticator app')
  await press(page, 'Continue')
  await arriveAt(page, 'Scan this with your app')
  const key = (await page.locator('code').first().innerText()).replace(/\s/g, '')
  await giveCode(page, appCode({ key }, stage.copies.clock.now()), 'Turn on')
  await arriveAt(page, 'Save your recovery codes')
  await page.getByLabel('I have saved my recovery codes').check()
  await press(page, 'Continue')
}

async function removeAlan(page: Page): Promise<void> {
  const acme = await teamCalled('Acme')
  await page.goto(`/teams/${acme}/members/${await idOf(alan.email)}/remove`)
  await arriveAt(page, 'Remove Alan Turing from Acme?')
  await press(page, 'Remove from the team')
  await page.getByText('They are no longer in the team').waitFor()
}

async function signOutOfSetUp(page: Page): Promise<void> {
  await press(page, 'Sign out')
  await arriveAt(page, 'Sign in')
}

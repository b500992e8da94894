import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import type { Person } from '../support/people.ts'
import { join, ownTeam } from '../support/teams.ts'
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
import type { App } from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

type Story = {
  readonly admin: Person
  readonly app: App
  readonly member: Person
  readonly texting: Person
  readonly page: Page
  readonly team: string
}

const label = 'Require two-step authentication for your team'

/** An admin of a team with somebody who has nothing and somebody who has only SMS. */
async function story(options: { scripts?: boolean } = {}): Promise<Story> {
  const [owner, admin, member, texting] = [
    await trial.somebody('totp'),
    await trial.somebody('totp'),
    await trial.somebody(),
    await trial.somebody('sms'),
  ]
  const team = await trial.beside(async (world) => {
    const id = await ownTeam(world, owner.id)
    for (const { id: account } of [admin, member, texting]) {
      await world.sql.query('DELETE FROM memberships WHERE account_id = $1', [account])
    }
    await join(world, id, admin.id, 'admin')
    await join(world, id, member.id)
    await join(world, id, texting.id)
    await world.sql.query(`UPDATE teams SET name = 'Acme' WHERE id = $1`, [id])
    return id
  })
  const { scripts = true } = options
  const page = await (await trial.fresh({ javaScriptEnabled: scripts })).newPage()
  const app = appOf(admin.key)
  await givePassword(page, admin)
  await giveAppCode(page, app)
  await arriveHome(page)
  return { admin, app, member, texting, page, team }
}

/** Profile → Settings → General, then down to Security. */
async function toTheSwitch(page: Page) {
  await page.locator('summary').click()
  await press(page, 'Settings')
  await press(page, 'General')
  await arriveAt(page, 'General')
  const control = page.locator('#security').getByRole('switch', { name: label, exact: true })
  await control.scrollIntoViewIfNeeded()
  return control
}

async function isOn(page: Page): Promise<string | null> {
  return page.getByRole('switch', { name: label, exact: true }).getAttribute('aria-checked')
}

/** What was proven is long ago, as after a quarter of an hour. */
function aWhileLater({ admin }: Story): Promise<unknown> {
  return trial.beside(({ sql }) =>
    sql.query(
      `UPDATE sessions SET password_at = password_at - interval '1 hour',
         second_step_at = second_step_at - interval '1 hour' WHERE account_id = $1`,
      [admin.id],
    ),
  )
}

test('A3: Turn it on for the team (admin): Profile → Settings → General, scroll to Security, switch on "Require two-step authentication for your team"', async () => {
  const told = await story()
  const { page, member, texting } = told
  const control = await toTheSwitch(page)
  assert.equal(await isOn(page), 'false')
  await screenshot(page, 'a3-off')
  await Promise.all([page.waitForURL(/two-step/), control.press('Space')])
  await arriveAt(page, label)
  await screenshot(page, 'a3-panel')
  assert.match(
    (await page.locator('.figures').first().textContent()) ?? '',
    /3\s+ready.*1\s+not ready/s,
  )
  await page.getByText('1 person uses only SMS').waitFor()
  await page.goBack()
  assert.equal(await isOn(page), 'false', 'opening the panel changes nothing')
  await page.goForward()
  await page.getByLabel('SMS').uncheck()
  await page.getByLabel('Your own words').fill('Please do it today. Questions? Room 12.')
  await aWhileLater(told)
  await press(page, 'Go on to the summary')
  await arriveAt(page, 'Confirm it’s you')
  await page.getByLabel('Your password').fill(told.admin.password)
  await press(page, 'Continue')
  await giveCode(page, await told.app.nextCode(), 'Confirm')
  await arriveAt(page, 'Turn it on for your team?')
  await page.getByText('2 of 4 members are ready. 2 are not').waitFor()
  await page.getByText('What counts: Authenticator app and Email.').waitFor()
  await screenshot(page, 'a3-confirm')
  await press(page, 'Turn it on')
  await page.getByText('What your team requires is changed').waitFor()
  assert.equal(await isOn(page), 'true')
  await page.getByText('2 of 4 ready').first().waitFor()
  await screenshot(page, 'a3-on')
  for (const { email } of [member, texting]) {
    const mail = await trial.mail.waitFor(({ to }) => to.includes(email))
    assert.match(mail.subject, /^Acme requires two-step authentication from your next sign-in on$/)
    assert.match(mail.text, /Please do it today\. Questions\? Room 12\./)
  }
  await signOut(page)
  await givePassword(page, member)
  await arriveAt(page, 'One more lock for your account')
})

test('A3: without scripts, and off again: asked first, with what it does', async () => {
  const { page } = await story({ scripts: false })
  await toTheSwitch(page)
  await press(page, 'See what it would do')
  await page.getByLabel('From a date').check()
  const date = new Date(Date.now() + 10 * 86_400_000).toISOString().slice(0, 10)
  await page.getByLabel('Date', { exact: true }).fill(date)
  await press(page, 'Go on to the summary')
  await arriveAt(page, 'Turn it on for your team?')
  await press(page, 'Turn it on')
  assert.equal(await isOn(page), 'true')
  await page.getByRole('switch', { name: label }).click()
  await arriveAt(page, 'Turn the requirement off?')
  await page.getByText('The owner is told, with your name').waitFor()
  await press(page, 'Keep it')
  assert.equal(await isOn(page), 'true')
  await press(page, /^Turn off/)
  await press(page, 'Turn it off')
  assert.equal(await isOn(page), 'false')
})

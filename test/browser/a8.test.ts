import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { screenshot } from '../support/chromium.ts'
import type { Person } from '../support/people.ts'
import { join, ownTeam, setPolicy } from '../support/teams.ts'
import { appOf, arriveAt, arriveHome, giveAppCode, givePassword, press, turnOnApp } from './acts.ts'
import { startTrial, type Trial } from './trial.ts'

let trial: Trial
before(async () => {
  trial = await startTrial()
})
after(() => trial.stop())

/** A team that requires two steps from a day on, with its owner and these members. */
async function makeTeam(owner: Person, members: readonly Person[]): Promise<void> {
  await trial.beside(async (world) => {
    const team = await ownTeam(world, owner.id)
    for (const { id } of members) {
      await world.sql.query('DELETE FROM memberships WHERE account_id = $1', [id])
      await join(world, team, id)
    }
    const from = new Date(world.clock().getTime() + 10 * 86_400_000)
    await setPolicy(world, team, { bites: 'date', bites_at: from })
  })
}

/** What the row of that member says. */
async function rowOf(page: Page, { email }: Person): Promise<string> {
  const row = page.getByRole('row').filter({ hasText: email })
  return (await row.innerText()).replace(/\s+/g, ' ')
}

test('A8: Admin: see each member’s 2FA status on the Members settings page', async () => {
  const owner = await trial.somebody('totp')
  const [none, texting, safe] = [
    await trial.somebody(),
    await trial.somebody('sms'),
    await trial.somebody('totp'),
  ]
  await makeTeam(owner, [none, texting, safe])
  const page = await (await trial.fresh()).newPage()
  const app = appOf(owner.key)
  await givePassword(page, owner)
  await giveAppCode(page, app)
  await arriveHome(page)
  await page.locator('summary').click()
  await press(page, 'Settings')
  await press(page, 'Members')
  await arriveAt(page, 'Members')
  await screenshot(page, 'a8-members')
  await page.getByText('3 of 4 ready').waitFor()
  assert.match(await rowOf(page, none), /Due .* None/)
  assert.match(await rowOf(page, texting), /On, weak only .*SMS/)
  assert.match(await rowOf(page, safe), /On .*Authenticator app/)
  assert.doesNotMatch(await page.content(), new RegExp(texting.phone.replace('+', '\\+')))

  await press(page, /^Not ready/)
  assert.equal(await page.getByRole('row').count(), 2, 'the heads and one member')
  await page.getByRole('checkbox').check()
  await press(page, 'Remind those ticked')
  const mail = await trial.mail.waitFor(
    ({ to, subject }) => to.includes(none.email) && /two-step/i.test(subject),
  )
  assert.ok(mail.text.length > 0)
  await arriveAt(page, 'Members')

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('link', { name: 'Export all' }).click(),
  ])
  const file = await readFile(await download.path(), 'utf8')
  for (const { email } of [owner, none, texting, safe]) assert.ok(file.includes(email), email)

  const theirs = await (await trial.fresh()).newPage()
  await givePassword(theirs, none)
  await arriveHome(theirs)
  const settings = theirs.getByRole('navigation', { name: 'Settings' })
  await theirs.goto('/settings/security')
  assert.equal(await settings.getByRole('link', { name: 'Members' }).count(), 0)
  await turnOnApp(theirs, 'Phone')
  await page.reload()
  await press(page, /^All/)
  await page.getByText('4 of 4 ready').waitFor()
  assert.match(await rowOf(page, none), /On .*Authenticator app/)
})

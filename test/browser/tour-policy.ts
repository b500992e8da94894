/** Every page and state of what a team requires. */
import type { Page } from 'playwright-core'
import { join, makeTeam, ownTeam } from '../support/teams.ts'
import { press } from './acts.ts'
import type { See } from './tour-door.ts'
import type { Stage } from './stage.ts'

const longName =
  'Gesellschaft für die Weiterentwicklung mechanischer Rechenautomaten und deren Anwendung'

/** A team whose owner has an app, with members of every sort. */
async function makeCrew(stage: Stage): Promise<{ team: string; page: Page; at: string }> {
  const { world } = stage.copies
  const owner = await stage.somebody('totp')
  const team = await ownTeam(world, owner.id)
  await stage.sql('UPDATE teams SET name = $2 WHERE id = $1', [team, longName])
  for (const kinds of [['sms'], ['email'], ['totp', 'sms'], [], []] as const) {
    const member = await stage.somebody(...kinds)
    await join(world, team, member.id)
    if (kinds.length > 0) continue
    await stage.sql('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [member.id])
  }
  return { team, page: await stage.signedIn(owner), at: `/teams/${team}/general` }
}

const inDays = (stage: Stage, days: number) =>
  new Date(stage.copies.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)

/** From the switch to the requirement that is on, with what can go wrong on the way. */
export async function tourOfSwitchingOn(stage: Stage, see: See): Promise<void> {
  const { page, at } = await makeCrew(stage)
  await page.goto(at)
  await see(page, 'general-off')
  await page.getByLabel('Name of the team').fill(' ')
  await press(page, 'Save')
  await see(page, 'general-no-name')
  await page.goto(`${at}/two-step`)
  await see(page, 'policy-panel')
  await page.getByLabel('From a date').check()
  await press(page, 'Go on to the summary')
  await see(page, 'policy-panel-no-date')
  await page.getByLabel('From a date').check()
  await page.getByLabel('Date', { exact: true }).fill(inDays(stage, 10))
  await page.getByLabel('Email').uncheck()
  await page.getByLabel('Your own words').fill('Please do it today.\n\nQuestions? Room 12.')
  await press(page, 'Go on to the summary')
  await page.locator('details.mail summary').first().click()
  await see(page, 'policy-confirm')
  await press(page, 'Turn it on')
  await see(page, 'general-on')
  await page.context().close()
}

/** The requirement is on: changed, paused, reminded of, turned off; and seen by a member. */
export async function tourOfChanging(stage: Stage, see: See): Promise<void> {
  const { page, at, team } = await makeCrew(stage)
  await page.goto(`${at}/two-step`)
  await press(page, 'Go on to the summary')
  await press(page, 'Turn it on')
  await page.goto(`${at}/two-step`)
  await see(page, 'policy-panel-on')
  await press(page, 'Go on to the summary')
  await see(page, 'policy-nothing-changes')
  await page.getByLabel('Now', { exact: true }).check()
  await press(page, 'Go on to the summary')
  await see(page, 'policy-confirm-change')
  await stage.sql('UPDATE policies SET version = version + 1 WHERE team_id = $1', [team])
  await page.reload()
  await see(page, 'policy-changed-by-another')
  await page.goto(`${at}/two-step/pause`)
  await see(page, 'policy-pause')
  await page.getByLabel('Paused until').fill(inDays(stage, 5))
  await press(page, 'Go on to the summary')
  await see(page, 'policy-confirm-pause')
  await press(page, 'Make the change')
  await see(page, 'general-paused')
  await page.goto(`${at}/two-step/pause`)
  await see(page, 'policy-paused')
  for (const [path, name] of [
    ['remind', 'policy-remind'],
    ['off', 'policy-off'],
  ] as const) {
    await page.goto(`${at}/two-step/${path}`)
    await see(page, name)
  }
  await page.goto(`${at}/two-step/remind`)
  await press(page, /^Remind \d/)
  await page.goto(`${at}/two-step/remind`)
  await see(page, 'policy-reminded')
  await page.context().close()
}

/** What a member sees, and an admin without a method of their own. */
export async function tourOfOthers(stage: Stage, see: See): Promise<void> {
  const { world } = stage.copies
  const { at, page: owner } = await makeCrew(stage)
  const team = at.split('/')[2] ?? ''
  const [member, admin] = [await stage.somebody(), await stage.somebody()]
  await join(world, team, member.id)
  await join(world, team, admin.id, 'admin')
  const page = await stage.signedIn(member)
  await page.goto(at)
  await see(page, 'general-member-off')
  await owner.goto(`${at}/two-step`)
  await owner.getByLabel('From a date').check()
  await owner.getByLabel('Date', { exact: true }).fill(inDays(stage, 10))
  await press(owner, 'Go on to the summary')
  await press(owner, 'Turn it on')
  for (const [path, name] of [
    [at, 'general-member'],
    ['/', 'home-coming'],
    ['/settings/security', 'security-coming'],
  ] as const) {
    await page.goto(path)
    await see(page, name)
  }
  await page.context().close()
  const bare = await stage.signedIn(admin)
  await bare.goto(`${at}/two-step`)
  await see(bare, 'policy-panel-unprotected')
  await bare.getByLabel('Now', { exact: true }).check()
  await press(bare, 'Go on to the summary')
  await see(bare, 'policy-unprotected')
  await bare.context().close()
  const empty = await makeTeam(world, 'ليلى وأصدقاؤها')
  const alone = await stage.somebody('totp')
  await join(world, empty, alone.id, 'owner')
  const single = await stage.signedIn(alone)
  await single.goto(`/teams/${empty}/general`)
  await see(single, 'general-alone')
  await single.goto(`/teams/${empty}/general/two-step`)
  await see(single, 'policy-panel-alone')
  await single.context().close()
}

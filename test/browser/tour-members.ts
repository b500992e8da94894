/** The Members page, one member with every act on them, the security log and API keys of a team. */
import { join, ownTeam, setPolicy } from '../support/teams.ts'
import { press } from './acts.ts'
import type { See } from './tour-door.ts'
import type { Stage } from './stage.ts'

/** An owner with an app, and members of every sort; one is named. */
async function makeCrew(stage: Stage) {
  const { world } = stage.copies
  const owner = await stage.somebody('totp')
  const team = await ownTeam(world, owner.id)
  const member = await stage.somebody('sms')
  await join(world, team, member.id)
  for (const kinds of [['email'], ['totp', 'sms'], []] as const)
    await join(world, team, (await stage.somebody(...kinds)).id)
  return { page: await stage.signedIn(owner), team, at: `/teams/${team}`, member: member.id }
}

/** The list, filtered and empty; one member and the question before each act. */
export async function tourOfMembers(stage: Stage, see: See): Promise<void> {
  const { page, team, at, member } = await makeCrew(stage)
  await page.goto(`${at}/members`)
  await see(page, 'members-unasked')
  await setPolicy(stage.copies.world, team)
  await page.goto(`${at}/members`)
  await see(page, 'members')
  await page.goto(`${at}/members?q=nobody-of-this-name`)
  await see(page, 'members-none')
  const one = `${at}/members/${member}`
  await page.goto(one)
  await see(page, 'member')
  for (const act of ['forget-devices', 'end-sessions', 'unlock', 'reset', 'pass', 'exempt']) {
    await page.goto(`${one}/${act}`)
    await see(page, `member-${act}`)
  }
  await page.goto(`${one}/end-exemption`)
  await see(page, 'member-end-exemption')
  await page.context().close()
}

/** The log with its filters and export; a key asked for, shown once, and revoked. */
export async function tourOfAccess(stage: Stage, see: See): Promise<void> {
  const { page, at } = await makeCrew(stage)
  await page.goto(`${at}/log`)
  await see(page, 'team-log')
  await page.goto(`${at}/log/export`)
  await see(page, 'team-log-export')
  await page.goto(`${at}/api-keys`)
  await see(page, 'api-keys-none')
  await page.goto(`${at}/api-keys/new`)
  await see(page, 'api-key-new')
  await page.getByLabel('Name').fill('Nightly report')
  await page.getByLabel('Read members').check()
  await press(page, 'Make the key')
  await see(page, 'api-key-made')
  await page.goto(`${at}/api-keys`)
  await see(page, 'api-keys')
  await page
    .getByRole('link', { name: /Revoke/ })
    .first()
    .click()
  await see(page, 'api-key-revoke')
  await page.context().close()
}

/** What somebody meets whose team requires a method. */
import { ownTeam, setPolicy } from '../support/teams.ts'
import { giveCode, press } from './acts.ts'
import { newestCode } from './tour-door.ts'
import type { See } from './tour-door.ts'
import type { Stage } from './stage.ts'

const root = '/set-up-required'

/** From the reason to the cards, with what can go wrong on the way. */
export async function tourOfRequirement(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody()
  const { world } = stage.copies
  const team = await ownTeam(world, person.id)
  const page = await stage.signedIn(person)
  await page.goto(root)
  await see(page, 'requirement-none')
  const coming = new Date(world.clock().getTime() + 9 * 86_400_000)
  await setPolicy(world, team, { bites: 'date', bites_at: coming })
  await page.goto(root)
  await see(page, 'requirement-coming')
  await setPolicy(world, team, {
    bites: 'now',
    strengths: ['phishing-resistant', 'good', 'restricted'],
  })
  await page.goto('/settings/profile')
  await see(page, 'requirement-why')
  stage.faults.carriers = 'failing'
  await press(page, 'Mail me the code')
  await see(page, 'requirement-not-delivered')
  stage.faults.carriers = 'none'
  stage.wait()
  await page.goto(root)
  await press(page, 'Send the code again')
  await see(page, 'requirement-code')
  await giveCode(page, '000000', 'Continue')
  await page.getByText('That code isn’t right.').first().waitFor()
  await see(page, 'requirement-wrong-code')
  await giveCode(page, await newestCode(stage, person.email), 'Continue')
  await page.getByRole('heading', { name: 'Choose your method' }).waitFor()
  await see(page, 'requirement-kinds')
  await page.goto('/settings/security/set-up/totp')
  await see(page, 'requirement-set-up')
  await page.context().close()
}

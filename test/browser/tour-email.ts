/** The Email pages: the address, its change, and further addresses for notices. */
import { arriveAt, press } from './acts.ts'
import type { See } from './tour-door.ts'
import type { Stage } from './stage.ts'

const root = '/settings/email'

/** From an address alone to a change that waits, and back. */
export async function tourOfEmail(stage: Stage, see: See): Promise<void> {
  const person = await stage.somebody()
  const page = await stage.signedIn(person)
  await page.goto(root)
  await see(page, 'email')
  await press(page, /^Change/)
  await see(page, 'email-change')
  await page.getByLabel('New address').fill(person.email)
  await press(page, 'Mail me the link')
  await see(page, 'email-change-same')
  await page.getByLabel('New address').fill('new.address@example.net')
  await press(page, 'Mail me the link')
  await page.getByText('A change is waiting').waitFor()
  await see(page, 'email-change-waiting')
  await page.goto(`${root}/others/add`)
  await see(page, 'email-others-add')
  await page.getByLabel('New address').fill('second@example.net')
  await press(page, 'Mail the link')
  await see(page, 'email-others-unconfirmed')
  await press(page, /^Remove/)
  await see(page, 'email-others-remove')
  await page.context().close()
}

/** What the links in those mails open. */
export async function tourOfEmailLinks(stage: Stage, see: See): Promise<void> {
  const page = await stage.signedIn(await stage.somebody())
  await page.goto(`${root}/change`)
  await page.getByLabel('New address').fill('another.address@example.net')
  await press(page, 'Mail me the link')
  await page.goto(`${root}/others/add`)
  await page.getByLabel('New address').fill('third@example.net')
  await press(page, 'Mail the link')
  await page.getByText('Not confirmed yet').waitFor()
  for (const [to, path, name] of links) {
    await page.goto(await linkTo(stage, to, path))
    await see(page, name)
  }
  await press(page, 'Yes, send them here')
  await arriveAt(page, 'Thank you, that’s confirmed')
  await see(page, 'email-others-confirmed')
  await page.context().close()
}

const links = [
  ['another.address@example.net', 'change-email', 'email-change-link'],
  ['third@example.net', 'notify-email', 'email-others-link'],
] as const

async function linkTo(stage: Stage, to: string, path: string): Promise<string> {
  await stage.copies.delivered()
  const letter = stage.copies.newest(to)
  const text = letter.channel === 'mail' ? letter.text : ''
  return new RegExp(`/${path}/[\\w-]+`).exec(text)?.[0] ?? ''
}

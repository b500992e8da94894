import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Page } from 'playwright-core'
import { routes } from '../../src/routes.ts'
import { screenshot } from '../support/chromium.ts'
import { inspect } from './inspect.ts'
import { startStage, type Stage } from './stage.ts'
import * as door from './tour-door.ts'
import type { See } from './tour-door.ts'
import * as inside from './tour-inside.ts'

/** Inside this process, so that its clock can be moved and rare states can be reached. */
let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

/** Paths that were looked at, and which page has which title. */
const seen = new Set<string>()
const titles = new Map<string, string>()

/** Leads along one tour and says everything that is wrong on the way. */
async function walk(tour: (stage: Stage, see: See) => Promise<void>): Promise<void> {
  const problems: string[] = []
  await tour(stage, async (page, name) => {
    await screenshot(page, `tour-${name}`)
    problems.push(...(await inspect(page)).map((problem) => `${name}: ${problem}`))
    await note(page)
  })
  assert.deepEqual(problems, [])
}

async function note(page: Page): Promise<void> {
  const { pathname } = new URL(page.url())
  seen.add(pathname)
  const title = (await page.title()).replace(/^Error: /, '')
  const heading = await page.getByRole('heading', { level: 1 }).innerText()
  assert.equal(titles.get(title) ?? heading, heading, 'A11Y-09: one title, two pages')
  titles.set(title, heading)
}

test('A11Y-08: the first owner’s page, help and the inbox while nobody is there', () =>
  walk(door.tourOfFirstOwner))
test('A11Y-08, A11Y-05: the password step in every state', () => walk(door.tourOfPassword))
test('A11Y-08, A11Y-05: the code of an app in every state', () => walk(door.tourOfAppCode))
test('A11Y-08, A11Y-05: a code that is sent in every state', () => walk(door.tourOfSentCode))
test('A11Y-08: signing out, and very long names at the door', () => walk(door.tourOfLeaving))
test('A11Y-08, A11Y-05: how an account begins', () => walk(door.tourOfBeginnings))
test('A11Y-08: what links in mails open', () => walk(door.tourOfLinks))
test('A11Y-08, A11Y-05: setting up every method', () => walk(inside.tourOfSetUp))
test('A11Y-08, A11Y-11: the Security page and its changes', () => walk(inside.tourOfSecurity))
test('A11Y-08, A11Y-11: trusted devices', () => walk(inside.tourOfDevices))
test('A11Y-08, A11Y-05: confirming it is oneself', () => walk(inside.tourOfStepUp))
test('A11Y-08: names that are very long or run from right to left', () => walk(inside.tourOfNames))

test('A11Y-08: no page of the route table was left out', () => {
  const paths = [...seen]
  const left = routes
    .flatMap((route) => ('get' in route ? [route.get] : []))
    .filter((path) => {
      const pattern = new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`)
      return !paths.some((one) => pattern.test(one))
    })
  assert.deepEqual(left, [])
})

/** Looking at everything along a tour, and keeping count of what was seen. */
import assert from 'node:assert/strict'
import type { Page } from 'playwright-core'
import type { Who } from '../../src/http/route.ts'
import { routes } from '../../src/routes.ts'
import { screenshot } from '../support/chromium.ts'
import { inspect } from './inspect.ts'
import type { Stage } from './stage.ts'
import type { See } from './tour-door.ts'

export type Walker = {
  /** Leads along a tour and says everything that is wrong on the way. */
  readonly walk: (stage: Stage, tour: (stage: Stage, see: See) => Promise<void>) => Promise<void>
  /** The pages of the route table, of those who may open them so, that were not seen. */
  readonly leftOut: (who: readonly Who[], part?: Part) => string[]
}

/** A person's own pages, those that a team brings, and a recovery's, are walked in files of their own. */
export type Part = 'own' | 'team' | 'people' | 'policy' | 'recovery'

const ofRecovery =
  /^\/(recover|recovery-case|stop-recovery|recovery-set-up|recover-account|support|[\w-]+\/case)(\/|$)/

const ofPeople =
  /^\/invitations?\b|^\/teams\/new$|\/(invitations|leave|hand-over)\b|:member\/(role|remove)$/

const ofPolicy = /^\/teams\/:team\/general\b/

function partOf(path: string): Part {
  if (ofRecovery.test(path)) return 'recovery'
  if (ofPeople.test(path)) return 'people'
  if (ofPolicy.test(path)) return 'policy'
  return /^\/(teams|set-up-required)(\/|$)/.test(path) ? 'team' : 'own'
}

/** One who walks tours and remembers the paths and titles seen on the way. */
export function createWalker(): Walker {
  const paths = new Set<string>()
  const titles = new Map<string, string>()
  return {
    walk: async (stage, tour) => {
      const problems: string[] = []
      await tour(stage, async (page, name) => {
        await screenshot(page, `tour-${name}`)
        problems.push(...(await inspect(page)).map((problem) => `${name}: ${problem}`))
        paths.add(new URL(page.url()).pathname)
        await checkTitle(page, titles)
      })
      assert.deepEqual(problems, [])
    },
    leftOut: (who, part = 'own') =>
      routes
        .flatMap((route) => ('page' in route && who.includes(route.who) ? [route.get] : []))
        .filter((path) => partOf(path) === part)
        .filter((path) => ![...paths].some((one) => fits(path, one))),
  }
}

/** No two pages with other headings share a title (A11Y-09). */
async function checkTitle(page: Page, titles: Map<string, string>): Promise<void> {
  const title = (await page.title()).replace(/^Error: /, '')
  const said = await page.getByRole('heading', { level: 1 }).innerText()
  const heading = said.replace(/^Hello, .+/, 'Hello')
  assert.equal(titles.get(title) ?? heading, heading, `A11Y-09: two pages are called ${title}`)
  titles.set(title, heading)
}

function fits(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(path)
}

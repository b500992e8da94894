import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Approach } from './asker.ts'
import type { Assets } from './assets.ts'
import type { Fields } from './read-input.ts'
import type { Admission, Asker, Route } from './route.ts'

/** What is the same for every request: the world, the files, the headers, and the pages by path. */
export type Site = {
  readonly world: World
  readonly routes: readonly Route[]
  /** What the API's paths begin with. */
  readonly apiRoot: string
  readonly assets: Assets
  readonly headers: Record<string, string>
  /** Reads the session and decides whether the row may be called; `fields` hold the path's too. */
  readonly admit: (world: World, route: Route, at: Approach, fields: Fields) => Promise<Admission>
  /** Writes a refusal that looks like an attack into the security log. */
  readonly note: (world: World, asker: Asker, refusal: Refusal) => Promise<void>
  readonly findPage: (
    path: string,
  ) => { readonly route: Route; readonly parameters: Record<string, string> } | null
}

/** Finds the page row whose path pattern fits. */
export function pageFinder(routes: readonly Route[]): Site['findPage'] {
  const pages = routes.flatMap((route) =>
    'get' in route ? [{ route, pattern: patternOf(route.get) }] : [],
  )
  return (path) => {
    for (const { route, pattern } of pages) {
      const found = pattern.exec(path)
      if (found) return { route, parameters: { ...found.groups } }
    }
    return null
  }
}

function patternOf(path: string): RegExp {
  return new RegExp(`^${path.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`)
}

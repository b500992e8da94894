/** The route table as what a test can knock at. */
import type { z } from 'zod'
import type { Route } from '../../src/http/route.ts'
import { routes } from '../../src/routes.ts'

/** One verb at one path; a row has one as a page, one in the API, or both. */
export type Address = {
  readonly route: Route
  readonly verb: string
  /** With its parameters as `:name`. */
  readonly path: string
  /** Whether it speaks JSON. */
  readonly api: boolean
}

/** Every address of every row. */
export const addresses: readonly Address[] = routes.flatMap((route) => {
  const [verb = '', path = ''] = route.api?.split(' ') ?? []
  return [
    ...('get' in route ? [{ route, verb: 'GET', path: route.get, api: false }] : []),
    ...('post' in route ? [{ route, verb: 'POST', path: route.post, api: false }] : []),
    ...(route.api ? [{ route, verb, path: `/api/v1${path}`, api: true }] : []),
  ]
})

/** The names of what a row takes. */
export function fieldsOf(route: Route): string[] {
  return Object.keys((route.input as unknown as z.ZodObject).shape)
}

/** The names that stand in a path. */
export function parametersOf(path: string): string[] {
  return [...path.matchAll(/:(\w+)/g)].map(([, name = '']) => name)
}

/** A path with its parameters filled in. */
export function fill(path: string, values: Readonly<Record<string, string>>): string {
  return path.replace(/:(\w+)/g, (_whole, name: string) => encodeURIComponent(values[name] ?? 'x'))
}

import { refuse } from '../reasons.ts'
import type { Outcome, Reason, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Approach } from './asker.ts'
import { comesFromUs } from './forgery.ts'
import { parseInput } from './read-input.ts'
import type { Fields } from './read-input.ts'
import type { Asker, Route } from './route.ts'
import type { Site } from './site.ts'

/** What came of a row: its outcome, and what the reply needs to know of who asked. */
export type Answered = {
  readonly outcome: Outcome<Record<string, unknown>>
  readonly asker: Asker
  readonly input: unknown
}

type Run = (world: World, who: Asker, input: unknown) => Promise<Answered['outcome']>

/** Guard, parse, run: once, here, for pages and API alike. */
export async function answer(
  { world, admit }: Site,
  route: Route,
  approach: Approach,
  fields: Fields,
): Promise<Answered> {
  const { refusal, ...admitted } = await admit(world, route, approach, fields)
  const asker = { ...approach.asker, ...admitted }
  if (refusal) return { outcome: refusal, asker, input: null }
  const parsed = parseInput(route.input, fields)
  if ('ok' in parsed) return { outcome: parsed, asker, input: null }
  const run = route.run as unknown as Run
  return { outcome: await run(world, asker, parsed.input), asker, input: parsed.input }
}

/** The refusal of a changing request that may come from elsewhere; null when it is ours. */
export function guardForgery(
  world: World,
  request: Request,
  bound: string | null,
  token: unknown,
): Refusal | null {
  const given = typeof token === 'string' ? token : null
  return comesFromUs(world, request.headers, bound, given) ? null : refuse('forgery-suspected')
}

/** Who sent a request that was refused before its session was read, as far as the log can know. */
export async function whoTried(
  site: Site,
  route: Route,
  at: Approach,
  fields: Fields,
): Promise<Asker> {
  const { refusal: _refusal, ...admitted } = await site.admit(site.world, route, at, fields)
  return { ...at.asker, ...admitted }
}

const over: readonly Reason[] = [
  'sign-in-over',
  'step-over',
  'too-many-tries',
  'too-many-tries-to-reset',
]

/** Whether what was asked for is over: who only looked again, as pages do by themselves, did no harm. */
export function isOver(refusal: Refusal): boolean {
  return over.includes(refusal.reason)
}

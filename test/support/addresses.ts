/** The whole surface with ids filled in: for tests that walk it as somebody. */
import { addresses as surface, fill } from './surface.ts'
import type { Address } from './surface.ts'
import type { Reply, Visitor } from './visitor.ts'

/** Values for the parameters in paths: ids of a method, a session, a trusted device, and of a team. */
export type Ids = {
  readonly method: string
  readonly session: string
  readonly device: string
  readonly team?: string
  readonly member?: string
  readonly invitation?: string
}

/** An address that can be called. */
export type Door = Pick<Address, 'verb' | 'api'> & {
  readonly who: Address['route']['who']
  readonly path: string
  /** The path as the table has it. */
  readonly pattern: string
}

/**
 * Every page and every API call, its parameters filled in; but support's console, which is walked in
 * test/attacks/use-the-support-console.test.ts.
 */
export function doors(ids: Ids): Door[] {
  const everybodys = surface.filter(({ route }) => !route.support)
  return everybodys.map(({ route, verb, api, path: pattern }) => {
    const own = pattern.includes('/sessions/') ? ids.session : ids.method
    const id = pattern.includes('devices/') ? ids.device : own
    const { method: _m, session: _s, device: _d, ...inTeam } = ids
    const path = fill(pattern, { ...inTeam, id, kind: 'totp', token: 'x'.repeat(43) })
    return { verb, api, who: route.who, path, pattern }
  })
}

/** Calls it: a page as a browser would, the API with JSON. */
export function knock(
  visitor: Visitor,
  { verb, api, path }: Door,
  fields: Readonly<Record<string, string>> = {},
): Promise<Reply> {
  if (!api) return verb === 'GET' ? visitor.get(path) : visitor.post(path, fields)
  return visitor.api(verb, path.replace('/api/v1', ''), verb === 'GET' ? undefined : fields)
}

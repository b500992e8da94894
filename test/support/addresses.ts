/** The route table as addresses to call: for tests that walk all of it. */
import { routes } from '../../src/routes.ts'

export type Address = {
  readonly verb: string
  /** With /api/v1 where it is the API's. */
  readonly path: string
  readonly isApi: boolean
  readonly who: 'anyone' | 'session' | 'fresh'
  /** The path as the table has it, with its parameters. */
  readonly pattern: string
}

/** Values for the parameters in paths: ids of a method, a session and a trusted device. */
export type Ids = { readonly method: string; readonly session: string; readonly device: string }

/** Every page and every API call, its parameters filled in. */
export function addresses(ids: Ids): Address[] {
  return routes.flatMap((route) => {
    const page = 'get' in route ? (['GET', route.get] as const) : null
    const act = 'post' in route ? (['POST', route.post] as const) : null
    const [verb = '', api = ''] = route.api?.split(' ') ?? []
    const { who } = route
    return [
      ...[page, act].flatMap((one) => (one ? [make(ids, one[0], one[1], false, who)] : [])),
      ...(route.api ? [make(ids, verb, `/api/v1${api}`, true, who)] : []),
    ]
  })
}

function make(
  ids: Ids,
  verb: string,
  pattern: string,
  isApi: boolean,
  who: Address['who'],
): Address {
  const id = pattern.includes('/sessions/')
    ? ids.session
    : /devices\//.test(pattern)
      ? ids.device
      : ids.method
  const path = pattern.replace(':id', id).replace(':kind', 'totp').replace(':token', 'x'.repeat(43))
  return { verb, path, isApi, who, pattern }
}

import { z } from 'zod'
import { id } from './field.ts'
import { moved } from './route.ts'
import type { Moved, Route } from './route.ts'

const token = z.string().min(1).max(200)

/** The input of an API row that takes a link's token and nothing else. */
export const withToken = z.object({ token })

/** The input of a link's page: the id its form was made for, when that comes back refused. */
export const linkShown = z.object({ link: id.optional() })

/**
 * What an act by a link takes besides its own fields: an API call the token; a form, whose token is
 * in the cookie, the id of the link it was made for.
 */
export const byLink = z.object({ token: token.optional(), link: id.optional() })

/**
 * The row of a link's own address, `from` with the token behind it: `run` takes the token into the
 * cookie, and the browser goes on to the page `to`, without it (PW-11).
 */
export function linkRow<R>(
  from: `/${string}`,
  to: `/${string}`,
  run: Moved<{ token: string }, R>['run'],
): Route {
  return moved({
    get: `${from}/:token`,
    who: 'anyone',
    input: withToken,
    output: z.object({}),
    summary: 'The address of a link: goes on to its page without the token.',
    run,
    movesTo: to,
  })
}

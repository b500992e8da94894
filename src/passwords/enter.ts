import { openLink } from '../accounts/open-link.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'

/**
 * Takes the token of a mailed link into this browser's cookie, so that it leaves the address bar
 * (PW-11). Changes nothing else: a link may be fetched any number of times (EML-04).
 * Refused: reset-over.
 */
export async function enter(
  world: World,
  _who: Caller,
  input: { token: string },
): Promise<Outcome<{ cookies: { reset: string } }>> {
  const link = await openLink(world, 'reset-password', input.token)
  return link ? done({ cookies: { reset: input.token } }) : refuse('reset-over')
}

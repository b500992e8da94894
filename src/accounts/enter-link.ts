import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason } from '../reasons.ts'
import type { World } from '../world.ts'
import type { LinkPurpose } from './link-store.ts'
import { openLink } from './open-link.ts'
import type { LinkHolder } from './open-link.ts'

/**
 * Makes the use case that takes the token of such a link into this browser's cookie, so that it
 * leaves the address bar (PW-11). Changes nothing else: a link may be fetched any number of times
 * (EML-04). Refused: `over`.
 */
export function enterLink(purpose: LinkPurpose, over: Reason = 'link-over') {
  return async (
    world: World,
    who: LinkHolder,
    { token }: { token: string },
  ): Promise<Outcome<{ cookies: { link: string } }>> => {
    const link = await openLink(world, who, purpose, { token })
    return link ? done({ cookies: { link: token } }) : refuse(over)
  }
}

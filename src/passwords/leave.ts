import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'

/** Lets this browser forget the link ("Not you?"); the link itself stays good. Never refused. */
export async function leave(
  _world: World,
  _who: Caller,
): Promise<Outcome<{ cookies: { link: null } }>> {
  return done({ cookies: { link: null } })
}

import { event } from '../audit/event.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { closeSignIn } from './store.ts'
import type { Cookies, Visitor } from './visitor.ts'

/** Ends the pending sign-in ("Not you?"). Never refused: nothing to end is ended. */
export async function cancel(world: World, who: Visitor): Promise<Outcome<{ cookies: Cookies }>> {
  const events = JSON.stringify([event(who, world.clock(), 'sign-in.cancelled')])
  if (who.signIn) await closeSignIn(world.sql, who.signIn, world.clock(), events)
  return done({ cookies: { signIn: null } })
}

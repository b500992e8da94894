import { toOffers } from '../methods/offers.ts'
import type { Offer } from '../methods/offers.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** The methods of which one has to be set up to complete a recovery. */
export type RecoverySetUp = { readonly email: string; readonly offers: readonly Offer[] }

/**
 * What can be set up in the session of a recovery. The methods from before don't count any more: they
 * go when the new one is on (REC-07). Refused: not-found in any other session.
 */
export async function lookAtSetUp(world: World, who: Member): Promise<Outcome<RecoverySetUp>> {
  const { session } = who
  if (session.recovery_case === null) return refuse('not-found')
  return done({ email: session.email, offers: toOffers(world, session, []) })
}

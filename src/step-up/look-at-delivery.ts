import { deliverySaid } from '../challenges/progress.ts'
import type { Said } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** How far the code of the session's step-up has come. Refused: step-over. */
export async function lookAtDelivery(world: World, who: Member): Promise<Outcome<Said>> {
  const place = { sessionId: who.session.id, purpose: 'step-up' as const }
  const open = await findOpen(world.sql, place, world.clock())
  return open ? done(deliverySaid(open)) : refuse('step-over')
}

import { deliverySaid } from '../challenges/progress.ts'
import type { Said } from '../challenges/progress.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { findAsked } from './send-code-again.ts'

/** How far the code that a method waits for has come. Refused: not-found, step-over. */
export async function lookAtDelivery(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<Said>> {
  const asked = await findAsked(world, who, input.id)
  if (asked === null) return refuse('not-found')
  return asked.open ? done(deliverySaid(asked.open)) : refuse('step-over')
}

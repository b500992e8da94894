import { deliverySaid } from '../challenges/progress.ts'
import type { Said } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Visitor } from './visitor.ts'

/** The start of a sign-in, and where it should lead. Never refused. */
export async function welcome(
  _world: World,
  _who: Visitor,
  input: { return_to: string | null },
): Promise<Outcome<{ return_to: string | null }>> {
  return done({ return_to: input.return_to })
}

/** How far the message with the present code has come, in a sentence. Refused: sign-in-over. */
export async function lookAtDelivery(world: World, who: Visitor): Promise<Outcome<Said>> {
  if (!who.signIn) return refuse('sign-in-over')
  const open = await findOpen(world.sql, { tokenHash: who.signIn }, world.clock())
  if (!open) return refuse('sign-in-over')
  return done(deliverySaid(open))
}

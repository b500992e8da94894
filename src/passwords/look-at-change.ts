import { listConfirmed } from '../methods/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { missingProofs } from '../sessions/fresh.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/**
 * Whether this session may change the password: once a method is on, the second step must be recent
 * (PW-07). The present password is asked by the form itself, however recent it is. Changes nothing.
 * Refused: step-up-required.
 */
export async function lookAtChange(
  world: World,
  who: Member,
): Promise<Outcome<{ email: string; password_characters_min: number }>> {
  const methods = await listConfirmed(world.sql, who.session.account_id)
  const { secondStep } = missingProofs(world, who.session, methods.length > 0)
  if (secondStep) return refuse('step-up-required')
  const { passwordCharactersMin } = world.config
  return done({ email: who.session.email, password_characters_min: passwordCharactersMin })
}

import { changeProfile } from '../accounts/change-profile.ts'
import { refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/**
 * Puts a first phone into the profile on the way to a set-up that needs one (product.md, Methods 2).
 * One that is there is changed in the profile alone (A9). Refused: already-done, field-missing,
 * not-a-phone, phone-not-mobile, changed.
 */
export async function givePhone(
  world: World,
  who: Member,
  input: { phone: string },
): Promise<Outcome> {
  if (who.session.phone !== null) return refuse('already-done')
  if (input.phone.trim() === '') return refuse('bad-input', undefined, { phone: 'field-missing' })
  return changeProfile(world, who, { phone: input.phone })
}

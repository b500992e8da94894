import { changeProfile } from '../accounts/change-profile.ts'
import { refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** Somebody signed in; `restricted`: to whom nothing but a set-up is open. */
export type InSetUp = Member & { readonly restricted?: boolean }

/**
 * Puts a phone into the profile on the way to a set-up that needs one (product.md, Methods 2). One
 * that is there is changed in the profile alone (A9); but in a set-up that a team requires, where the
 * profile is not open, a slip can be put right here. Refused: already-done, field-missing,
 * not-a-phone, phone-not-mobile, changed.
 */
export async function givePhone(
  world: World,
  who: InSetUp,
  input: { phone: string },
): Promise<Outcome> {
  if (!mayGivePhone(who)) return refuse('already-done')
  if (input.phone.trim() === '') return refuse('bad-input', undefined, { phone: 'field-missing' })
  return changeProfile(world, who, { phone: input.phone })
}

/** Whether a phone can be given outside the profile; in a recovery it stays the one that was known. */
export function mayGivePhone({ session, restricted }: InSetUp): boolean {
  return session.phone === null || (restricted === true && session.recovery_case === null)
}

import { timingSafeEqual } from 'node:crypto'
import { findOpen } from '../challenges/store.ts'
import type { Place } from '../challenges/store.ts'
import { outOfTries, whyMethodNot, whyNot } from '../challenges/why-not.ts'
import { limits } from '../config.ts'
import { normaliseRecoveryCode } from '../crypto/recovery-codes.ts'
import { refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { findRecoverySet, giveAttemptBack, spendRecoveryAttempt } from './store.ts'
import type { RecoverySpent } from './store.ts'

export type RecoveryGuess =
  | { readonly right: true; readonly spent: RecoverySpent; readonly hash: Buffer }
  | { readonly right: false; readonly refusal: Refusal; readonly spent: RecoverySpent | null }

/**
 * Spends one attempt, then compares: one hash whatever was typed (RC-03). The code is not used up
 * yet; where the server is too busy to compare, nothing is counted. Refused: wrong-recovery-code with
 * the tries left, no-recovery-codes, busy, and as `guess`.
 */
export async function guessRecoveryCode(
  world: World,
  place: Place,
  given: string,
): Promise<RecoveryGuess> {
  const typed = normaliseRecoveryCode(given)
  if (typed === null) return { right: false, refusal: refuse('wrong-recovery-code'), spent: null }
  const spent = await spendRecoveryAttempt(world, place)
  if (!spent) return { right: false, refusal: await whyNoAttempt(world, place), spent: null }
  const hash = await world.passwords.hashWithSalt(typed, spent.salt)
  if (hash === 'busy') {
    await giveAttemptBack(world.sql, spent)
    return { right: false, refusal: refuse('busy', { seconds: 2 }), spent: null }
  }
  const fits = (spent.hashes ?? []).some((one) => timingSafeEqual(one, hash))
  if (fits) return { right: true, spent, hash }
  const reason = spent.attempts_left > 0 ? 'wrong-recovery-code' : outOfTries(place)
  return { right: false, refusal: refuse(reason, { attemptsLeft: spent.attempts_left }), spent }
}

/** What the notice calls recovery codes that were switched off after too many wrong ones. */
export const lockedDetails = { method: 'Sign-in by recovery code' } as const

/** Whether the answer that was just looked at switched recovery codes off (LIM-02). */
export function locksCodes(spent: RecoverySpent): boolean {
  return spent.failures >= limits.methodFailuresMax
}

async function whyNoAttempt(world: World, place: Place): Promise<Refusal> {
  const now = world.clock()
  const open = await findOpen(world.sql, place, now)
  if (!open || open.attempts_left <= 0) return whyNot(world, place)
  const set = await findRecoverySet(world.sql, open.account_id)
  if (!set) return refuse('no-recovery-codes')
  return whyMethodNot(set.failures, set.not_before, now)
}

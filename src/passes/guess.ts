import { findOpen } from '../challenges/store.ts'
import { outOfTries, whyMethodNot, whyNot } from '../challenges/why-not.ts'
import { sameBytes } from '../crypto/equal.ts'
import { hashPass } from '../crypto/passes.ts'
import { refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { findPass, spendPassAttempt } from './store.ts'
import type { PassSpent } from './store.ts'

export type PassGuess =
  | { readonly right: true; readonly spent: PassSpent; readonly hash: Buffer }
  | { readonly right: false; readonly refusal: Refusal; readonly spent: PassSpent | null }

/** Whether this is typed in the form of a one-time pass, and not of a recovery code. */
export function looksLikePass(typed: string): boolean {
  return hashPass(typed) !== null
}

/**
 * Spends one attempt of the sign-in and one of the pass, then compares (LIM-05, LIM-06). The pass is
 * not used up yet. Refused: wrong-one-time-pass with the tries left, no-one-time-pass, and as `guess`.
 */
export async function guessPass(
  world: World,
  tokenHash: Buffer,
  typed: string,
): Promise<PassGuess> {
  const hash = hashPass(typed)
  if (hash === null) return { right: false, refusal: refuse('wrong-one-time-pass'), spent: null }
  const spent = await spendPassAttempt(world, tokenHash)
  if (!spent) return { right: false, refusal: await whyNoAttempt(world, tokenHash), spent: null }
  if (sameBytes(hash, spent.hash)) return { right: true, spent, hash }
  const { attempts_left: attemptsLeft, email } = spent
  const reason = attemptsLeft > 0 ? 'wrong-one-time-pass' : outOfTries({ tokenHash })
  const details = { attemptsLeft, ...(attemptsLeft === 0 && { email }) }
  return { right: false, refusal: refuse(reason, details), spent }
}

async function whyNoAttempt(world: World, tokenHash: Buffer): Promise<Refusal> {
  const now = world.clock()
  const open = await findOpen(world.sql, { tokenHash }, now)
  if (!open || open.attempts_left <= 0) return whyNot(world, { tokenHash })
  const pass = await findPass(world.sql, open.account_id, now)
  return pass ? whyMethodNot(pass.failures, pass.not_before, now) : refuse('no-one-time-pass')
}

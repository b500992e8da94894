import { limits } from '../config.ts'
import { refuse } from '../reasons.ts'
import type { Details, Reason, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { spendAttempt } from './store.ts'
import type { Place, Spent } from './store.ts'
import { outOfTries, whyNot } from './why-not.ts'

/** What a method says of an answer. A right one may carry a step, which counts once. */
export type Verdict =
  | { readonly right: true; readonly step: number | null }
  | { readonly right: false; readonly reason: Reason; readonly details?: Details }

/** Compares what was typed with what the challenge's method expects; changes nothing. */
export type Check = (world: World, spent: Spent, typed: string) => Verdict

/** A right answer, still to be settled by whoever asked. */
export type Right = { readonly right: true; readonly spent: Spent; readonly step: number | null }

/** A "no": with `spent` when an attempt was taken and looked at. */
export type Wrong = {
  readonly right: false
  readonly refusal: Refusal
  readonly spent: Spent | null
}

/**
 * Spends one attempt at the challenge there, then looks at what was typed (LIM-05). Changes nothing
 * else. Refused: what `check` refuses, with the tries left; sign-in-over and too-many-tries, at a
 * reset reset-over and too-many-tries-to-reset, in a session step-over and too-many-wrong-codes;
 * wait-before-trying, method-locked, method-not-available.
 */
export async function guess(
  world: World,
  place: Place,
  typed: string,
  check: Check,
): Promise<Right | Wrong> {
  const spent = await spendAttempt(world, place)
  if (!spent) return { right: false, refusal: await whyNot(world, place), spent: null }
  const verdict = check(world, spent, typed)
  if (verdict.right) return { right: true, spent, step: verdict.step }
  const reason = spent.attempts_left > 0 ? verdict.reason : outOfTries(place)
  const refusal = refuse(reason, {
    ...verdict.details,
    attemptsLeft: spent.attempts_left,
    ...closedFor(spent),
  })
  return { right: false, refusal, spent }
}

/** With its last attempt a sign-in ends; its address goes along for the next one (A11Y-10). */
function closedFor(spent: Spent): Details {
  return spent.attempts_left === 0 && spent.purpose === 'sign-in' ? { email: spent.email } : {}
}

/** Whether the answer that was just looked at closed the challenge, the method, or neither. */
export function consequences(spent: Spent): { closed: boolean; locked: boolean } {
  return { closed: spent.attempts_left === 0, locked: spent.failures >= limits.methodFailuresMax }
}

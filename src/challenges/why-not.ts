import { limits } from '../config.ts'
import { refuse } from '../reasons.ts'
import type { Reason, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { emailOfEnded } from './ended.ts'
import { findOpen } from './store.ts'
import type { Place } from './store.ts'

/** What is said of a challenge that has ended: of a sign-in, a reset, or one step of a session. */
export function over(place: Place): Reason {
  return overBy[kindOf(place)]
}

/** The same after too many wrong answers. */
export function outOfTries(place: Place): Reason {
  return outOfTriesBy[kindOf(place)]
}

function kindOf(place: Place): keyof typeof overBy {
  return 'tokenHash' in place ? (place.purpose ?? 'sign-in') : 'step'
}

const overBy = {
  'sign-in': 'sign-in-over',
  reset: 'reset-over',
  case: 'case-over',
  step: 'step-over',
} as const

const outOfTriesBy = {
  'sign-in': 'too-many-tries',
  reset: 'too-many-tries-to-reset',
  case: 'too-many-wrong-codes',
  step: 'too-many-wrong-codes',
} as const

/** Why there was no attempt to spend: ended, no tries left, waiting, switched off, or no method. */
export async function whyNot(world: World, place: Place): Promise<Refusal> {
  const now = world.clock()
  const open = await findOpen(world.sql, place, now)
  if (!open) return refuseOver(world, place)
  if (open.attempts_left <= 0) return refuse(outOfTries(place))
  if (open.failures === null || open.not_before === null) return refuse('method-not-available')
  return whyMethodNot(open.failures, open.not_before, now)
}

/** The address of a sign-in that is over goes along, so that only the password is asked again (A11Y-10). */
async function refuseOver(world: World, place: Place): Promise<Refusal> {
  const reason = over(place)
  if (reason !== 'sign-in-over' || !('tokenHash' in place)) return refuse(reason)
  const email = await emailOfEnded(world.sql, place.tokenHash)
  return refuse(reason, email === null ? undefined : { email })
}

/** Why a method, or a set of recovery codes, takes no answer now (LIM-02, LIM-03, LIM-07). */
export function whyMethodNot(failures: number, notBefore: Date, now: Date): Refusal {
  if (failures >= limits.methodFailuresMax) return refuse('method-locked')
  const seconds = Math.ceil((notBefore.getTime() - now.getTime()) / 1000)
  return seconds > 0 ? refuse('wait-before-trying', { seconds }) : refuse('method-not-available')
}

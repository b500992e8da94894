import { limits } from '../config.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import { spareOf } from '../sessions/spare.ts'
import type { Spare } from '../sessions/spare.ts'
import type { World } from '../world.ts'
import { findRecoverySet } from './store.ts'

/** A set of recovery codes as its person sees it: how many are left, never which. */
export type RecoveryView = {
  readonly codes_left: number
  readonly codes_made: number
  readonly made_at: Date
  readonly saved_at: Date | null
}

/**
 * The person's recovery codes; null before the first method, and for methods that were brought from
 * elsewhere until a set is made. Changes nothing; never refused.
 */
export async function look(world: World, who: Member): Promise<Outcome<RecoverySeen>> {
  const { account_id, kinds } = who.session
  return done({
    recovery: await readSet(world, account_id),
    may_make: kinds.length > 0,
    spare: spareOf(world, who.session),
  })
}

export type RecoverySeen = {
  readonly recovery: RecoveryView | null
  /** Whether a set can be made: a method is on. */
  readonly may_make: boolean
  /** What this session was opened or proven with instead of a method. */
  readonly spare: Spare | null
}

/** The same as a row, for the pages that show more than recovery codes. */
export async function readSet(world: World, accountId: string): Promise<RecoveryView | null> {
  const set = await findRecoverySet(world.sql, accountId)
  if (!set) return null
  const { codes_left, made_at, saved_at } = set
  return { codes_left, codes_made: limits.recoveryCodes, made_at, saved_at }
}

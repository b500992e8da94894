import { limits } from '../config.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { findRecoverySet } from './store.ts'

/** A set of recovery codes as its person sees it: how many are left, never which. */
export type RecoveryView = {
  readonly codes_left: number
  readonly codes_made: number
  readonly made_at: Date
  readonly saved_at: Date | null
}

/** The person's recovery codes; null before the first method. Changes nothing; never refused. */
export async function look(
  world: World,
  who: Member,
): Promise<Outcome<{ recovery: RecoveryView | null }>> {
  return done({ recovery: await readSet(world, who.session.account_id) })
}

/** The same as a row, for the pages that show more than recovery codes. */
export async function readSet(world: World, accountId: string): Promise<RecoveryView | null> {
  const set = await findRecoverySet(world.sql, accountId)
  if (!set) return null
  const { codes_left, made_at, saved_at } = set
  return { codes_left, codes_made: limits.recoveryCodes, made_at, saved_at }
}

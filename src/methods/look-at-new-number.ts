import { progressOf } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { knownKind } from './index.ts'
import { findMethod } from './store.ts'

/** A move of text messages to the profile's new phone. */
export type NewNumber = {
  readonly id: string
  readonly name: string
  /** The number in use, and the profile's, masked. */
  readonly from: string
  readonly to: string
  /** How far the code to the new number is; null before it was asked for. */
  readonly progress: Progress | null
}

/**
 * How far the move to the new number is (A9). Refused: not-found, phone-missing, already-done (both
 * numbers are the same).
 */
export async function lookAtNewNumber(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<NewNumber>> {
  const { session } = who
  const method = await findMethod(world.sql, session.account_id, input.id)
  if (!method?.confirmed_at || !method.destination) return refuse('not-found')
  if (knownKind(method.kind).sends !== 'text') return refuse('not-found')
  if (session.phone === null) return refuse('phone-missing')
  if (session.phone === method.destination) return refuse('already-done')
  const now = world.clock()
  const open = await findOpen(world.sql, { sessionId: session.id, purpose: 'new-number' }, now)
  const live = open?.method_id === method.id && open.destination === session.phone
  return done({
    id: method.id,
    name: method.name,
    from: maskDestination(method.destination),
    to: maskDestination(session.phone),
    progress: live && open.attempts_left > 0 ? progressOf(world.config, open, now) : null,
  })
}

import { findOpen } from '../challenges/store.ts'
import type { Open } from '../challenges/store.ts'
import { refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { sendAgain } from './send-again.ts'
import { findMethod } from './store.ts'

/**
 * Sends the code that one of the person's methods waits for again: of its set-up, or, when it is on
 * already, of its move to a new number. Refused: not-found, step-over, and as `sendAgain`.
 */
export async function sendCodeAgain(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<{ state: 'waiting' | 'accepted' | 'none' }>> {
  const asked = await findAsked(world, who, input.id)
  if (asked === null) return refuse('not-found')
  return asked.open ? sendAgain(world, who, asked.purpose) : refuse('step-over')
}

/** What a method of this person waits for in this session; null when it is not theirs (ENR-09). */
export async function findAsked(
  world: World,
  who: Member,
  id: string,
): Promise<{ purpose: 'set-up' | 'new-number'; open: Open | null } | null> {
  const { session } = who
  const method = await findMethod(world.sql, session.account_id, id)
  if (!method) return null
  const purpose = method.confirmed_at ? 'new-number' : 'set-up'
  const open = await findOpen(world.sql, { sessionId: session.id, purpose }, world.clock())
  return { purpose, open: open?.method_id === method.id ? open : null }
}

import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { cancelPending } from './store.ts'

/** Ends a change of address that waits; the address in force stays. Refused: already-done. */
export async function cancelChange(world: World, who: Member): Promise<Outcome> {
  const { account_id: account, token_hash: sessionHash } = who.session
  const now = world.clock()
  const events = [event(who, now, 'account.email-change-cancelled', { account, sessionHash })]
  const gone = await cancelPending(world.sql, account, now, JSON.stringify(events))
  return gone ? done({}) : refuse('already-done')
}

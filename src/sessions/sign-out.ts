import { event } from '../audit/event.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Member } from './session.ts'
import { endSession } from './store.ts'

/** Ends this session on the server (SES-06). Trust of the device stays (TD-06). */
export async function signOut(world: World, who: Member): Promise<Outcome<{ cookies: object }>> {
  const { id, account_id, token_hash } = who.session
  const about = { account: account_id, sessionHash: token_hash }
  const events = [event(who, world.clock(), 'session.signed-out', about)]
  await endSession(world.sql, account_id, id, JSON.stringify(events))
  return done({ cookies: { session: null } })
}

import { event } from '../audit/event.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { markSeen } from './unfinished-store.ts'

/**
 * The owner has seen the unfinished sign-ins up to that time, as `lookAtUnfinished` gave it; what
 * came later is still shown. A time to come counts as now. Never refused.
 */
export async function seeUnfinished(
  world: World,
  who: Member,
  input: { until: Date },
): Promise<Outcome> {
  const now = world.clock()
  const { account_id, token_hash } = who.session
  const until = new Date(Math.max(0, Math.min(input.until.getTime(), now.getTime())))
  const about = { account: account_id, sessionHash: token_hash }
  const events = JSON.stringify([event(who, now, 'sign-in.unfinished-seen', about)])
  await markSeen(world.sql, account_id, until, events)
  return done({})
}

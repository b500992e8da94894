import { event } from '../audit/event.ts'
import { newToken } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Member } from './session.ts'
import { endOtherSessions, endSession } from './store.ts'

/**
 * Ends one of the person's own sessions; when it is this one, its cookie goes too. Refused:
 * not-found.
 */
export async function end(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<{ cookies: { session?: null } }>> {
  const { account_id: account, id, token_hash: sessionHash } = who.session
  const events = [event(who, world.clock(), 'session.ended', { account, sessionHash })]
  const gone = await endSession(world.sql, account, input.id, JSON.stringify(events))
  if (!gone) return refuse('not-found')
  return done({ cookies: input.id === id ? { session: null } : {} })
}

/**
 * Ends every session of the person but this one, which gets a new id, and with them every pending
 * sign-in and trusted device (TD-05). Gives how many sessions. Refused: changed.
 */
export async function endOthers(
  world: World,
  who: Member,
): Promise<Outcome<{ ended: number; cookies: { session: string } }>> {
  const { account_id: accountId, epoch, id: sessionId } = who.session
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const about = { account: accountId, sessionHash: hash }
  const events = JSON.stringify([event(who, now, 'session.others-ended', about)])
  const change = { accountId, epoch, sessionId, tokenHash: hash, now, events, messages: '[]' }
  const ended = await endOtherSessions(world.sql, change)
  return ended === null ? refuse('changed') : done({ ended, cookies: { session: token } })
}

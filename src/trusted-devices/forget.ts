import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { holds } from './recognise.ts'
import type { Browser } from './recognise.ts'
import { deleteAllDevices, deleteDevice } from './store.ts'

/** The trust cookie to take back from this browser, if it was one of those forgotten. */
type Taken = { readonly device?: { readonly accountId: string; readonly token: null } }

/**
 * Removes one of the person's trusted devices, and its cookie when it is this one (TD-06).
 * Refused: not-found.
 */
export async function forget(
  world: World,
  who: Member & Browser,
  input: { id: string },
): Promise<Outcome<{ cookies: Taken }>> {
  const { account_id: account, token_hash: sessionHash } = who.session
  const about = { account, sessionHash }
  const events = JSON.stringify([event(who, world.clock(), 'device.forgotten', about)])
  const gone = await deleteDevice(world.sql, account, input.id, events, '[]')
  if (!gone) return refuse('not-found')
  const here = holds(world, who, input.id)
  return done({ cookies: here ? { device: { accountId: account, token: null } } : {} })
}

/** Removes all of the person's trusted devices, and this browser's cookie. Gives how many. */
export async function forgetAll(
  world: World,
  who: Member,
): Promise<Outcome<{ forgotten: number; cookies: Taken }>> {
  const { account_id: account, token_hash: sessionHash } = who.session
  const about = { account, sessionHash }
  const events = JSON.stringify([event(who, world.clock(), 'device.all-forgotten', about)])
  const forgotten = await deleteAllDevices(world.sql, account, events)
  return done({ forgotten, cookies: { device: { accountId: account, token: null } } })
}

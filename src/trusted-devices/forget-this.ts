import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { holds } from './recognise.ts'
import type { Browser } from './recognise.ts'
import { deleteDevice, findDevice } from './store.ts'

/** The trusted device this browser is, after its person signed out. */
export type ThisDevice = { readonly device: string | null; readonly until: Date | null }

/**
 * Whether this browser is still remembered as that device: only its own cookie makes it say so.
 * Never refused.
 */
export async function lookAtThis(
  world: World,
  who: Browser,
  input: { device: string | null },
): Promise<Outcome<ThisDevice>> {
  const { device } = input
  const known = device !== null && holds(world, who, device)
  const found = known ? await findDevice(world.sql, device, world.clock()) : null
  return done({ device: found && device, until: found && found.expires_at })
}

/**
 * Removes the record and the cookie of the device this browser is, by that cookie alone, signed in
 * or not (TD-06). Refused: not-found.
 */
export async function forgetThis(
  world: World,
  who: Caller & Browser,
  input: { device: string },
): Promise<Outcome<{ cookies: { device: { accountId: string; token: null } } }>> {
  const now = world.clock()
  const known = holds(world, who, input.device)
  const found = known ? await findDevice(world.sql, input.device, now) : null
  if (!found) return refuse('not-found')
  const account = found.account_id
  const events = JSON.stringify([event(who, now, 'device.forgotten', { account })])
  const gone = await deleteDevice(world.sql, account, input.device, events, '[]')
  if (!gone) return refuse('not-found')
  return done({ cookies: { device: { accountId: account, token: null } } })
}

import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { trustDays } from '../policy/policy.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { holds } from './recognise.ts'
import type { Browser } from './recognise.ts'
import { listDevices } from './store.ts'
import type { TrustedDevice } from './store.ts'

/** A trusted device as its person sees it; `current` is the browser that asks. */
export type DeviceView = TrustedDevice & { readonly current: boolean }

/** The person's trusted devices, newest use first. Changes nothing; never refused. */
export async function list(
  world: World,
  who: Member & Browser,
): Promise<Outcome<{ devices: readonly DeviceView[] }>> {
  return done({ devices: await trustedDevices(world, who) })
}

/** One of the person's trusted devices. Refused: not-found. */
export async function lookAt(
  world: World,
  who: Member & Browser,
  input: { id: string },
): Promise<Outcome<DeviceView>> {
  const device = (await trustedDevices(world, who)).find((one) => one.id === input.id)
  return device ? done(device) : refuse('not-found')
}

/** The same as rows, for the pages that show more than devices; as long as teams allow (TD-08). */
export async function trustedDevices(world: World, who: Member & Browser): Promise<DeviceView[]> {
  const rows = await listDevices(world.sql, who.session.account_id, world.clock())
  const daysMs = trustDays(who.session.teams) * 86_400_000
  const until = (row: TrustedDevice) =>
    new Date(Math.min(row.expires_at.getTime(), row.created_at.getTime() + daysMs))
  return rows
    .map((row) => ({ ...row, expires_at: until(row), current: holds(world, who, row.id) }))
    .filter((row) => row.expires_at > world.clock())
}

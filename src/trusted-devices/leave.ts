import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import { signOut } from '../sessions/sign-out.ts'
import type { World } from '../world.ts'
import { trustedDevices } from './look-at.ts'
import type { Browser } from './recognise.ts'

export type Left = {
  /** The trusted device this browser still is, which may be forgotten too; null when it is none. */
  readonly trusted_device: string | null
  readonly cookies: object
}

/** Signs out (SES-06). Trust of the device stays, and is named so that it can be forgotten (TD-06). */
export async function leave(world: World, who: Member & Browser): Promise<Outcome<Left>> {
  const devices = who.deviceCookies.length > 0 ? await trustedDevices(world, who) : []
  const signedOut = await signOut(world, who)
  if (!signedOut.ok) return signedOut
  const here = devices.find((device) => device.current)
  return done({ trusted_device: here?.id ?? null, cookies: signedOut.cookies })
}

import { limits } from '../config.ts'
import { readDeviceToken } from '../crypto/tokens.ts'
import type { World } from '../world.ts'

/** What a trust cookie claims; its authenticity is checked, its life is not. */
export type Claim = { readonly id: string; readonly generation: number }

/** A trusted device of the account that is signing in, as the database has it. */
export type Known = {
  readonly id: string
  readonly generation: number
  readonly rotated_at: string
  readonly created_at: string
}

/** The claims of a browser's trust cookies; what we did not make ourselves is ignored. */
export function readClaims(world: World, cookies: readonly string[]): Claim[] {
  return cookies
    .slice(0, limits.trustedDevicesPerBrowserMax)
    .map((cookie) => readDeviceToken(world.keys, cookie))
    .filter((claim) => claim !== null)
}

/** A browser with the values of its trust cookies, of whatever accounts. */
export type Browser = { readonly deviceCookies: readonly string[] }

/** Whether the browser holds a cookie that we made for that device; whether it still counts or not. */
export function holds(world: World, browser: Browser, deviceId: string): boolean {
  return readClaims(world, browser.deviceCookies).some((claim) => claim.id === deviceId)
}

export type Recognition =
  | { readonly device: 'none' }
  /** Good. `next` is the generation its cookie carries from now on. */
  | { readonly device: 'trusted'; readonly id: string; readonly generation: number }
  /** An authentic but outdated token came back: somebody copied it (TD-07). */
  | { readonly device: 'stolen'; readonly id: string }

/**
 * Holds the browser's claims against the devices of this account. The token in use is good; the
 * one before it for a minute more (two tabs, a lost reply); an older one is a theft. A device that is
 * older than the account's teams allow does not count (TD-08).
 */
export function recognise(
  claims: readonly Claim[],
  known: readonly Known[],
  now: Date,
  daysMax: number = limits.trustLifetimeDays,
): Recognition {
  for (const device of known) {
    const claim = claims.find((one) => one.id === device.id)
    if (!claim) continue
    if (stillGood(claim, device, now)) {
      if (now.getTime() - new Date(device.created_at).getTime() >= daysMax * dayMs) continue
      return { device: 'trusted', id: device.id, generation: claim.generation }
    }
    return { device: 'stolen', id: device.id }
  }
  return { device: 'none' }
}

const dayMs = 86_400_000

function stillGood(claim: Claim, device: Known, now: Date): boolean {
  if (claim.generation === device.generation) return true
  const age = now.getTime() - new Date(device.rotated_at).getTime()
  return claim.generation === device.generation - 1 && age < limits.previousTrustTokenSeconds * 1000
}

import { antiForgeryTokenFits } from '../crypto/tokens.ts'
import type { World } from '../world.ts'

/**
 * Whether a changing request comes from our own page: the browser says so (Sec-Fetch-Site, or else
 * Origin), and it carries the token made for its own cookie (WEB-01, FLOW-10). A request that says
 * nothing of where it comes from is refused.
 */
export function comesFromUs(
  world: World,
  headers: Headers,
  bound: string | null,
  token: string | null,
): boolean {
  if (bound === null || token === null || !sameOrigin(world, headers)) return false
  return antiForgeryTokenFits(world.keys, bound, token)
}

function sameOrigin(world: World, headers: Headers): boolean {
  const site = headers.get('sec-fetch-site')
  const origin = headers.get('origin')
  if (site !== null && site !== 'same-origin') return false
  // A form of a page under Referrer-Policy: no-referrer says "null" (Fetch, 3.2), ours are such.
  if (origin === null || origin === 'null') return site !== null
  return ownOrigins(world).includes(origin)
}

/** The site's origins: the configured one, and outside production the loopback names of its port. */
export function ownOrigins(world: World): string[] {
  const { origin, port } = new URL(world.config.baseUrl)
  if (world.config.production) return [origin]
  return [origin, `http://localhost:${port}`, `http://127.0.0.1:${port}`]
}

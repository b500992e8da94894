import { limits } from '../config.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import type { Cookies } from '../sign-in/visitor.ts'
import type { World } from '../world.ts'

/**
 * The cookies' names: __Host- where the site has https (SES-02); plain http exists only outside
 * production, where browsers would not take that prefix.
 */
export function cookieNames(world: World) {
  const prefix = secure(world) ? '__Host-' : ''
  return {
    session: `${prefix}session`,
    signIn: `${prefix}sign-in`,
    /** Of whichever purpose: the token proves its own. */
    link: `${prefix}link`,
    visitor: `${prefix}visitor`,
    /** Followed by a digest of the account, so that accounts in one browser do not meet (TD). */
    device: `${prefix}device-`,
  }
}

/** The Cookie header taken apart; of a name that comes twice, the first. */
export function readCookies(header: string | null): Map<string, string> {
  const cookies = new Map<string, string>()
  for (const pair of (header ?? '').split(';')) {
    const at = pair.indexOf('=')
    const name = pair.slice(0, at).trim()
    if (at > 0 && !cookies.has(name)) cookies.set(name, pair.slice(at + 1).trim())
  }
  return cookies
}

/** The Set-Cookie headers for what a use case hands out or takes back. */
export function writeCookies(world: World, cookies: Cookies): string[] {
  const names = cookieNames(world)
  const { session, signIn, link, device } = cookies
  return [
    ...(session === undefined ? [] : [setCookie(world, names.session, session)]),
    ...(signIn === undefined
      ? []
      : [setCookie(world, names.signIn, signIn, limits.signInLifetimeSeconds)]),
    ...(link === undefined ? [] : [setCookie(world, names.link, link, limits.linkCookieSeconds)]),
    ...(device ? [setDevice(world, names.device, device)] : []),
  ]
}

function setDevice(world: World, prefix: string, device: NonNullable<Cookies['device']>): string {
  const tag = keyedDigest(world.keys, 'device-cookie', device.accountId).slice(0, 12)
  return setCookie(world, prefix + tag, device.token, limits.trustLifetimeDays * 86_400)
}

/** A cookie for a visitor who has none, to which the anti-forgery token is bound (FLOW-10). */
export function setVisitor(world: World, value: string): string {
  return setCookie(world, cookieNames(world).visitor, value)
}

function setCookie(world: World, name: string, value: string | null, seconds?: number): string {
  const life = value === null ? '; Max-Age=0' : seconds === undefined ? '' : `; Max-Age=${seconds}`
  const scope = `; Path=/; HttpOnly; SameSite=Lax${secure(world) ? '; Secure' : ''}`
  return `${name}=${value ?? ''}${scope}${life}`
}

function secure(world: World): boolean {
  return world.config.baseUrl.startsWith('https:')
}

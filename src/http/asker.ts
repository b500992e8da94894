import { hashToken } from '../crypto/tokens.ts'
import type { Caller, World } from '../world.ts'
import { browserLabel } from './browser.ts'
import { cookieNames, readCookies } from './cookies.ts'
import type { Asker } from './route.ts'
import { sourceOf } from './source.ts'

/** A request's caller with the raw cookie values the edge itself needs. */
export type Approach = {
  readonly asker: Asker
  readonly sessionCookie: string | null
  /** What came as a bearer token; only the API looks for one. */
  readonly bearer: string | null
  /** What the anti-forgery token is bound to: the session, the pending sign-in, or the visitor. */
  readonly bound: string | null
}

/** Reads who asks from the request alone; nothing is looked up or believed yet. */
export function approach(world: World, request: Request, remoteAddress: string): Approach {
  const names = cookieNames(world)
  const cookies = readCookies(request.headers.get('cookie'))
  const sessionCookie = cookies.get(names.session) ?? null
  const signInCookie = cookies.get(names.signIn) ?? null
  const { trustedProxies } = world.config
  const caller: Caller = {
    requestId: world.random(8).toString('hex'),
    source: sourceOf(remoteAddress, request.headers.get('x-forwarded-for'), trustedProxies),
    browser: browserLabel(request.headers.get('user-agent')),
  }
  const deviceCookies = [...cookies]
    .filter(([name]) => name.startsWith(names.device))
    .map(([, value]) => value)
  return {
    asker: {
      ...caller,
      signIn: signInCookie === null ? null : hashToken(signInCookie),
      deviceCookies,
      link: cookies.get(names.link) || null,
      session: null,
      team: null,
      restricted: false,
    },
    sessionCookie,
    bearer: null,
    bound: sessionCookie || signInCookie || cookies.get(names.visitor) || null,
  }
}

/**
 * The same for the API. Who brings a bearer token brings nothing else: cookies beside it are not
 * read, so that what the token may not do is never done by a cookie (SES-01).
 */
export function approachApi(world: World, request: Request, remoteAddress: string): Approach {
  const at = approach(world, request, remoteAddress)
  const bearer = /^bearer(?: +(.*))?$/i.exec(request.headers.get('authorization') ?? '')
  if (bearer === null) return at
  const asker = { ...at.asker, signIn: null, deviceCookies: [], link: null }
  return { asker, bearer: bearer[1] ?? '', sessionCookie: null, bound: null }
}

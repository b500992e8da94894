import type { Done } from '../reasons.ts'
import type { Caller } from '../world.ts'

/** Somebody at the door: what their browser brought along. */
export type Visitor = Caller & {
  /** Hash of the pending sign-in's cookie, null when there is none. */
  readonly signIn: Buffer | null
  /** Values of the browser's trust cookies, of whatever accounts. */
  readonly deviceCookies: readonly string[]
}

/** Cookies a reply sets (a value) or clears (null). They never go into a body. */
export type Cookies = {
  readonly session?: string | null
  readonly signIn?: string | null
  /** The token of the mailed or printed link that is open in this browser. */
  readonly link?: string | null
  readonly device?: { readonly accountId: string; readonly token: string | null }
}

/** How far a sign-in has come. */
export type Arrived = Done<{
  readonly next: 'signed-in' | 'set-up' | 'second-step'
  readonly return_to: string | null
  readonly cookies: Cookies
}>

import type { z } from 'zod'
import type { Scope } from '../api-keys/scopes.ts'
import type { Outcome, Reason, Refusal } from '../reasons.ts'
import type { Membership, Role } from '../policy/policy.ts'
import type { Session } from '../sessions/session.ts'
import type { Cookies, Visitor } from '../sign-in/visitor.ts'
import type { World } from '../world.ts'
import type { File } from './csv.ts'
import type { Html } from './html/view.ts'
import type { View } from './html/view.ts'

/**
 * Who may call: `anyone`; `session`, somebody signed in; `fresh`, somebody signed in who proved it
 * again within the step-up lifetime (ENR-01). A pending sign-in opens only the rows that say so in
 * `pending`, and those read it themselves (FLOW-01).
 */
export type Who = 'anyone' | 'session' | 'fresh'

/** Whoever asks, with the session when the row asked for one. */
export type Asker = Visitor & {
  readonly session: Session | null
  /** Of a row of a team: the team, and the asker's place in it. */
  readonly team: Membership | null
  /** A team requires a method first, and nothing but its set-up is open (A4). */
  readonly restricted: boolean
  /** The token of the mailed or printed link that is open in this browser. */
  readonly link: string | null
}

/** Whether a row may be called: by whom, or why not. */
export type Admission = {
  readonly session: Session | null
  readonly team: Membership | null
  readonly restricted: boolean
  readonly refusal: Refusal | null
  /** Of a request with an API key that is good: the key. */
  readonly apiKey?: string
}

export type Verb = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** A use case's "yes": its fields, and cookies that go to the browser but never into a body. */
export type Result = Readonly<Record<string, unknown>> & { readonly cookies?: Cookies }

type Common<I, R> = {
  /** Address under /api/v1 with its verb; absent when only pages need it. */
  readonly api?: `${Verb} /${string}`
  readonly who: Who
  /** Fields from the path, the query (GET) or the body; anything else is dropped (ENR-10). */
  readonly input: z.ZodType<I>
  /** What the API answers; fields not in it stay inside. */
  readonly output: z.ZodType
  readonly run: (world: World, who: never, input: I) => Promise<Outcome<R>>
  /** One line for the API document. */
  readonly summary: string
  /** Stays open when all recovery codes are used up (RC-06). */
  readonly openWithoutCodes?: boolean
  /** Stays open while a team requires a method first (A4, ENR-03). */
  readonly openInSetUp?: boolean
  /** A row of the team that `:team` in its path names: for members of at least that role. */
  readonly team?: Role
  /** Open to anyone, and told who is signed in, if anybody is. */
  readonly seesSession?: boolean
  /** For people with the support role, and for nobody else (REC-06). */
  readonly support?: boolean
  /** Refused for some days after a recovery: turning off, moving, giving away (REC-07). */
  readonly protectedChange?: boolean
  /** With `team`: an API key of that team with this scope opens the row in the API, also `fresh`. */
  readonly scope?: Scope
  /** One of the second step's own rows, open to a pending sign-in (FLOW-01). */
  readonly pending?: boolean
}

/** A page: a GET that shows what its use case found. */
export type Shown<I, R> = Common<I, R> & {
  readonly get: `/${string}`
  readonly page: (view: View, result: R, input: I) => Html
  /** Where somebody who is signed in goes instead: a page only for visitors. */
  readonly signedInGo?: string
}

/** A GET that hands over a file to keep. */
export type Downloaded<I, R> = Common<I, R> & {
  readonly get: `/${string}`
  readonly file: (result: R, input: I) => File
}

/**
 * A GET whose address holds a token: it changes nothing and goes on at once to the page without, with
 * the token in a cookie, so that it never stays in the address bar (PW-11).
 */
export type Moved<I, R> = Common<I, R> & { readonly get: `/${string}`; readonly movesTo: string }

/** An act: a POST that changes something, then sends on (303) or shows what can be shown once. */
export type Acted<I, R> = Common<I, R> & {
  readonly post: `/${string}`
  readonly then: (result: R, input: I) => string | ((view: View) => Html)
  /** The page shown again, with what went wrong, when it is refused: the path of a `Shown` row. */
  readonly back: (input: Readonly<Record<string, string>>) => string
  /** Other pages for certain refusals. */
  readonly elsewhere?: Partial<Record<Reason, string>>
  /**
   * Draws the refused act's own page in the place of `back`, where that page holds what no GET may
   * show (TOTP-08). It runs only for who was admitted to the row; null goes `back` after all.
   */
  readonly redraw?: (
    world: World,
    who: never,
    input: Readonly<Record<string, string>>,
  ) => Promise<((view: View) => Html) | null>
}

/** Only the API has it. */
export type Called<I, R> = Common<I, R> & { readonly api: `${Verb} /${string}` }

export type Route = (
  | Shown<never, never>
  | Downloaded<never, never>
  | Moved<never, never>
  | Acted<never, never>
  | Called<never, never>
) & {
  readonly input: z.ZodType
}

/** Checks a page row's types against each other, then forgets them. */
export function shown<I, R extends object>(row: Shown<I, R>): Route {
  return row as unknown as Route
}

/** Checks a download row's types against each other, then forgets them. */
export function downloaded<I, R extends object>(row: Downloaded<I, R>): Route {
  return row as unknown as Route
}

/** Checks a moved row's types against each other, then forgets them. */
export function moved<I, R extends object>(row: Moved<I, R>): Route {
  return row as unknown as Route
}

/** Checks an act's types against each other, then forgets them. */
export function acted<I, R extends object>(row: Acted<I, R>): Route {
  return row as unknown as Route
}

/** Checks an API row's types against each other, then forgets them. */
export function called<I, R extends object>(row: Called<I, R>): Route {
  return row as unknown as Route
}

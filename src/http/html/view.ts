import type { html } from 'hono/html'
import type { Refusal } from '../../reasons.ts'

/** Text that is safe to stand in a page: what `html` gives. Everything put into it is escaped. */
export type Html = ReturnType<typeof html>

/** A team of the account, as the menu shows it. */
export type ViewTeam = {
  readonly id: string
  readonly name: string
  readonly role: 'owner' | 'admin' | 'member'
}

/** What every page is drawn from, whoever asks for it and whatever it shows. */
export type View = {
  readonly productName: string
  readonly logoUrl: string | null
  readonly supportEmail: string | null
  readonly supportChatUrl: string | null
  readonly signUpOpen: boolean
  /** Outside production the local inbox is linked. */
  readonly inbox: boolean
  /** This page's own path. */
  readonly path: string
  /** Goes into every form as the hidden field `anti_forgery` (WEB-01). */
  readonly antiForgery: string
  /** For script tags (WEB-03). */
  readonly nonce: string
  readonly account: { readonly name: string; readonly email: string } | null
  /** The account's teams, oldest first. */
  readonly teams: readonly ViewTeam[]
  /** The team whose settings the menu shows; null without one. */
  readonly team: ViewTeam | null
  /** A team requires a method first: the menu leads nowhere and is left out (A4). */
  readonly restricted: boolean
  /** The person has the support role. */
  readonly support?: boolean
  /** What went wrong with the last POST of this page. */
  readonly refusal: Refusal | null
  /** What was typed, to fill in again; never passwords or codes. */
  readonly values: Readonly<Record<string, string>>
  readonly now: Date
  /** Hashed addresses of the sheet and the script. */
  readonly assets: { readonly style: string; readonly script: string }
  /** A sentence that says what was done, after a redirect. */
  readonly notice: string | null
  /** After how many seconds without a request the session ends; a warning comes before (A11Y-06). */
  readonly idleSeconds?: number | null
}

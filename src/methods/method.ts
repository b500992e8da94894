import type { Check } from '../challenges/guess.ts'
import type { Strength } from '../policy/strength.ts'
import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'

/** A row of `methods`, confirmed or being set up. */
export type Method = {
  readonly id: string
  readonly account_id: string
  readonly kind: string
  readonly name: string
  readonly destination: string | null
  readonly created_at: Date
  readonly confirmed_at: Date | null
  readonly last_used_at: Date | null
  readonly failures: number
  readonly not_before: Date
}

/** The account as set-up sees it. */
export type Holder = {
  readonly account_id: string
  readonly email: string
  readonly email_verified_at: Date | null
  readonly phone: string | null
}

/** Stored with a method, for its kind alone. */
export type Parameters = Readonly<Record<string, string | number>>

/** What a set-up stores, and what the person must be shown once to go on. */
export type Prepared = {
  readonly ok: true
  readonly destination: string | null
  readonly secret: Buffer | null
  /** How codes are made from the secret; what is stored decides, not what is usual today (TOTP-11). */
  readonly parameters: Parameters
  readonly notice_version: string | null
  readonly shown: Readonly<Record<string, string>>
}

/** What a person reads before choosing a kind, and the note to accept before turning it on. */
export type About = {
  readonly is: string
  readonly know: string | null
  readonly notice: { readonly version: string; readonly sentences: readonly string[] } | null
}

/**
 * The contract of a kind of method. Its laws:
 * - `prepare` changes nothing; what it gives is stored as pending and proves nothing yet.
 * - `check` sees only an answer whose attempt was already spent, decides by the stored values and
 *   the server's clock alone, and changes nothing. A right answer may carry a step: the statement
 *   that settles it accepts each step once.
 * - `showAgain` gives what `prepare` gave to be shown, from what was stored, to the set-up that
 *   made it and to nobody else (TOTP-08); null where nothing is shown.
 * - `sends` says by which channel the code goes out, null when the person has it already.
 */
export type Kind = {
  readonly kind: string
  readonly title: string
  readonly strength: Strength
  /** Strongest first. */
  readonly rank: number
  readonly several: boolean
  readonly sends: 'text' | 'mail' | null
  readonly about: About
  readonly prepare: (world: World, holder: Holder, set: SetUp) => Prepared | Refusal
  readonly showAgain: ((world: World, holder: Holder, pending: Pending) => Prepared['shown']) | null
  readonly check: Check
  /**
   * Whom a secret of this kind is bound to when it is sealed (TOTP-06), for who seals it again under
   * another key (CRY-03); null where nothing is sealed.
   */
  readonly bound: ((accountId: string, methodId: string) => string) | null
}

/** A method that waits for its first code, with what it stored sealed. */
export type Pending = {
  readonly methodId: string
  readonly secret: Buffer
  readonly parameters: Parameters
}

/** What a person gives to start a set-up. */
export type SetUp = {
  readonly methodId: string
  readonly name: string
  readonly noticeAccepted: boolean
}

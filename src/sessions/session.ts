import type { Membership } from '../policy/policy.ts'
import type { Caller } from '../world.ts'

/** A finished sign-in as every request reads it. Times of proofs say when, not how long they count. */
export type Session = {
  readonly id: string
  /** Null where an API key stands in for a session. */
  readonly token_hash: Buffer | null
  readonly account_id: string
  readonly epoch: number
  readonly email: string
  readonly email_verified_at: Date | null
  readonly name: string
  readonly phone: string | null
  readonly created_at: Date
  readonly seen_at: Date
  readonly expires_at: Date
  readonly password_at: Date | null
  readonly second_step_at: Date | null
  readonly second_step_kind: string | null
  readonly trusted_device_id: string | null
  /** When a code mailed to the account's address was entered (ENR-03). */
  readonly mailbox_at: Date | null
  /** The page first asked for, to go on to when a required set-up is done. */
  readonly wanted: string | null
  /** The team whose settings the menu shows. */
  readonly team_id: string | null
  /** The case whose link opened this session: nothing but the set-up of a method is open (REC-05). */
  readonly recovery_case: string | null
  /** The person decides recovery cases of others (REC-06). */
  readonly support: boolean
  /** Until then nothing that protects the account may be weakened or moved (REC-07). */
  readonly frozen_until: Date | null
  /** Kinds of the account's methods that take answers. */
  readonly kinds: readonly string[]
  /** The account's teams, with what they require. */
  readonly teams: readonly Membership[]
  /** Recovery codes still good; null when the account has no set. */
  readonly recovery_codes_left: number | null
}

/** A caller who is signed in. */
export type Member = Caller & { readonly session: Session }

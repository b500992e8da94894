import type { Caller } from '../world.ts'

/** A finished sign-in as every request reads it. Times of proofs say when, not how long they count. */
export type Session = {
  readonly id: string
  readonly token_hash: Buffer
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
  /** Recovery codes still good; null when the account has no set. */
  readonly recovery_codes_left: number | null
}

/** A caller who is signed in. */
export type Member = Caller & { readonly session: Session }

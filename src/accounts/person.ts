import type { Caller } from '../world.ts'

/** Somebody signed in, as far as their own account is concerned. */
export type Person = Caller & {
  readonly session: {
    readonly account_id: string
    readonly epoch: number
    readonly token_hash: Buffer | null
    readonly email: string
    readonly email_verified_at: Date | null
    readonly name: string
    readonly phone: string | null
  }
}

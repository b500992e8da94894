import type { GuessKeys } from '../accounts/guesses.ts'
import type { Event } from '../audit/event.ts'
import type { Message } from '../delivery/outbox.ts'

/** How the person proved to be who they are; each proof was checked before it comes here. */
export type Proof =
  | {
      readonly by: 'code'
      readonly challengeId: string
      readonly seed: Buffer
      readonly methodId: string
      readonly kind: string
      readonly step: number | null
      /** The device to trust from now on, and what is logged and told of it. */
      readonly remember: {
        readonly id: string
        readonly messages: readonly Message[]
        readonly events: readonly Event[]
      } | null
    }
  | {
      readonly by: 'recovery-code' | 'pass'
      readonly challengeId: string
      readonly hash: Buffer
      readonly messages: readonly Message[]
    }
  | {
      readonly by: 'trusted-device'
      readonly accountId: string
      readonly epoch: number
      readonly deviceId: string
      readonly generation: number
      readonly guess: GuessKeys
    }
  | {
      readonly by: 'password'
      readonly accountId: string
      readonly epoch: number
      readonly guess: GuessKeys
    }
  | {
      /** A case's link, with the password or the choice of a new one; opens only a set-up (REC-05). */
      readonly by: 'recovery'
      readonly linkId: string
      /** The new password, where the old one is lost. */
      readonly passwordHash: string | null
    }

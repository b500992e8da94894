/** The other port: how a message goes out. */

/**
 * A message ready to send. Its text may hold a code: it is never stored or logged. `id` is the
 * message's, the same at every try.
 */
export type Letter =
  | {
      readonly id: string
      readonly channel: 'text'
      readonly to: string
      readonly body: string
    }
  | {
      readonly id: string
      readonly channel: 'mail'
      readonly to: string
      readonly subject: string
      readonly text: string
      readonly html: string
    }

/** One way out: a mail server, a text provider, the local inbox. */
export type Carrier = {
  readonly name: string
  readonly channel: Letter['channel']
  /**
   * Hands the letter over. Gives the provider's reference. Throws `CarrierRefused` when trying
   * again is useless (a number that does not exist), anything else when it is not. Gives up when
   * `signal` says so.
   */
  readonly send: (letter: Letter, signal: AbortSignal) => Promise<{ reference: string | null }>
  /** Lets go of connections kept for the next letter. */
  readonly close?: () => void
}

/** The carrier will never take this letter. The message is a short word that names nobody (AUD-02). */
export class CarrierRefused extends Error {
  override readonly name = 'CarrierRefused'
}

/** The carrier did not take this letter now. The message is a short word that names nobody (AUD-02). */
export class CarrierFailed extends Error {
  override readonly name = 'CarrierFailed'
}

/** How far a message has come. */
export type DeliveryState = 'waiting' | 'accepted' | 'failed'

/** What use cases ask of delivery, after the message was written in their own transaction. */
export type Delivery = {
  /** Sends what is due, soon, without waiting for it. */
  readonly wake: () => void
  /**
   * Tries one message now and says how far it came within `seconds`: a carrier took it, the try
   * failed (it is repeated later, unless that is useless), or nothing is known yet.
   */
  readonly sendNow: (messageId: string, seconds: number) => Promise<DeliveryState>
}

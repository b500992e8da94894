/** What passes between the program and the stand-in for its text carriers. */
import type { IncomingMessage } from 'node:http'

/** A text that was taken. */
export type Text = {
  readonly by: 'twilio' | 'webhook'
  readonly to: string
  /** The number or messaging service it was sent from; the webhook names none. */
  readonly from: string | null
  readonly body: string
  /** What the program calls it, the same at every try; Twilio is not told. */
  readonly messageId: string | null
  /** What the gateway calls it in its reply. */
  readonly reference: string
}

/**
 * `invalid-number`, `unauthorised`, `too-many`, `broken`: Twilio's replies 400 with code 21211, 401
 * with 20003, 429 with 20429 and 500; the webhook's 422, 401, 429 and 500. `drop` cuts the
 * connection, `silent` never answers. Nothing is taken.
 */
export type TextFailure =
  | 'off'
  | 'invalid-number'
  | 'unauthorised'
  | 'too-many'
  | 'broken'
  | 'drop'
  | 'silent'

/** A request as it came, and what the gateway knows about itself. */
export type Call = {
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: Buffer
  readonly failing: Exclude<TextFailure, 'drop' | 'silent'>
  readonly secrets: Secrets
}

/** What is answered, and the text that was taken, if any. */
export type Reply = { readonly status: number; readonly json: object; readonly text?: Text }

export type Secrets = {
  readonly accountSid: string
  readonly authToken: string
  readonly webhookSecret: string
}

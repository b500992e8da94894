import type { Config } from '../config.ts'
import type { Open } from './store.ts'

/** How far a request for a code has come, as pages show it. */
export type Progress = {
  /** When the present code was first sent; null when none went out. */
  readonly sent_at: Date | null
  /** From when on it may be sent again; null when now. */
  readonly resend_at: Date | null
  readonly message_state: Open['message_state']
  readonly attempts_left: number
  /** No answer is taken before this time, after too many wrong ones. */
  readonly wait_until: Date | null
  readonly expires_at: Date
}

/** What pages show of an open challenge. */
export function progressOf(config: Config, open: Open, now: Date): Progress {
  const pause = config.sendPauseSeconds * 1000
  return {
    sent_at: open.sent_at,
    resend_at: open.message_at && new Date(open.message_at.getTime() + pause),
    message_state: open.message_state,
    attempts_left: open.attempts_left,
    wait_until: open.not_before !== null && open.not_before > now ? open.not_before : null,
    expires_at: open.expires_at,
  }
}

/** How far the message with the present code has come, and what a person reads about it. */
export type Said = { readonly state: keyof typeof deliverySentences; readonly sentence: string }

/** What is said of an open challenge's newest message. */
export function deliverySaid({ message_state }: Pick<Open, 'message_state'>): Said {
  const state = message_state ?? 'waiting'
  return { state, sentence: deliverySentences[state] }
}

/** What a page says of a message on its way. */
export const deliverySentences = {
  waiting: 'We are handing the message over…',
  accepted: 'The message was sent. It can take a minute to arrive.',
  failed: 'The message could not be sent. Send it again, or use another method.',
} as const

import type { Inbox } from '../delivery/inbox.ts'

/** A letter of the local inbox as pages and the API show it. */
export type Arrived = {
  readonly number: number
  readonly at: Date
  readonly channel: 'text' | 'mail'
  readonly to: string
  /** Of a mail; null of a text. */
  readonly subject: string | null
  readonly body: string
}

/** What arrived in the local inbox, newest first. */
export function list(inbox: Inbox): Arrived[] {
  return inbox.list().map(({ number, at, letter }) => {
    const { channel, to } = letter
    return letter.channel === 'mail'
      ? { number, at, channel, to, subject: letter.subject, body: letter.text }
      : { number, at, channel, to, subject: null, body: letter.body }
  })
}

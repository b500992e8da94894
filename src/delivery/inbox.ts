import type { Carrier, Letter } from './port.ts'

/** A letter as it arrived; `number` counts from 1 and never repeats. */
export type Received = { readonly number: number; readonly at: Date; readonly letter: Letter }

export type Inbox = {
  /** Both channels end here. */
  readonly carriers: readonly Carrier[]
  /** Newest first. */
  readonly list: () => readonly Received[]
  /** Tells of each letter that arrives from now on; gives what ends that. */
  readonly subscribe: (tell: (received: Received) => void) => () => void
}

const lettersMax = 200

/**
 * The local inbox of a trial, for use outside production only: it keeps the newest 200 letters in
 * memory, codes and links included, and nothing anywhere else.
 */
export function createInbox(clock: () => Date): Inbox {
  const letters: Received[] = []
  const listeners = new Set<(received: Received) => void>()
  let count = 0
  const send: Carrier['send'] = async (letter) => {
    const received = { number: ++count, at: clock(), letter }
    letters.unshift(received)
    letters.splice(lettersMax)
    for (const tell of listeners) tell(received)
    return { reference: `inbox-${received.number}` }
  }
  return {
    carriers: [
      { name: 'inbox', channel: 'text', send },
      { name: 'inbox', channel: 'mail', send },
    ],
    list: () => [...letters],
    subscribe: (tell) => {
      listeners.add(tell)
      return () => listeners.delete(tell)
    },
  }
}

import type { DeliveryState } from './port.ts'
import { sendClaimed, wordFor } from './send.ts'
import type { Sender } from './send.ts'
import type { Claimed } from './store.ts'

/** The messages this process is sending now. */
export type Flight = {
  /** How many more it should claim by itself. */
  readonly room: () => number
  /** The sending of a message, while it is on its way. */
  readonly of: (id: string) => Promise<DeliveryState> | undefined
  /** Sends a claimed message; never rejects. */
  readonly send: (row: Claimed) => Promise<DeliveryState>
  /** Waits until nothing is on its way. */
  readonly landed: () => Promise<void>
}

const inFlightMax = 10

/** An empty flight. `onLanding` is called each time a message has been dealt with. */
export function createFlight(sender: Sender, onLanding: () => void): Flight {
  const flying = new Map<string, Promise<DeliveryState>>()
  const send = (row: Claimed) => {
    const sending = sendClaimed(sender, row)
      .catch((error: unknown) => unsettled(sender, row, error))
      .finally(() => {
        flying.delete(row.id)
        onLanding()
      })
    flying.set(row.id, sending)
    return sending
  }
  return {
    room: () => Math.max(0, inFlightMax - flying.size),
    of: (id) => flying.get(id),
    send,
    landed: async () => void (await Promise.all(flying.values())),
  }
}

function unsettled(sender: Sender, row: Claimed, error: unknown): DeliveryState {
  const fields = { message: row.id, failure: wordFor(error) }
  sender.log.error(fields, 'what came of a message is not written; it will be sent again')
  return 'waiting'
}

import { setTimeout as pause } from 'node:timers/promises'
import type { Flight } from './flight.ts'
import type { DeliveryState } from './port.ts'
import { claimTimes, wordFor } from './send.ts'
import type { Sender } from './send.ts'
import { claimOne, readState } from './store.ts'

const lookAgainMs = 100

/** Tries one message and gives what is known of it within `seconds`; never rejects. */
export async function sendNow(
  sender: Sender,
  flight: Flight,
  id: string,
  seconds: number,
  ending: AbortSignal,
): Promise<DeliveryState> {
  const limit = new AbortController()
  const signal = AbortSignal.any([limit.signal, ending])
  const outOfTime = pause(seconds * 1000, undefined, { signal }).catch(() => {})
  const known = sendOrFollow(sender, flight, id, signal).catch((error: unknown) => {
    sender.log.error({ message: id, failure: wordFor(error) }, 'could not look after a message')
  })
  const state = await Promise.race([known, outOfTime])
  limit.abort()
  return state ?? 'waiting'
}

/** Sends it, or watches what the process that has it makes of it. */
async function sendOrFollow(
  sender: Sender,
  flight: Flight,
  id: string,
  over: AbortSignal,
): Promise<DeliveryState | undefined> {
  while (!over.aborted) {
    const sending = flight.of(id)
    if (sending) return sending
    const claimed = await claimOne(sender.sql, ...claimTimes(sender), id)
    if (claimed) return flight.send(claimed)
    const state = await readState(sender.sql, sender.clock(), id)
    if (state) return state
    await pause(lookAgainMs)
  }
  return undefined
}

import { createFlight } from './flight.ts'
import type { Flight } from './flight.ts'
import type { Delivery } from './port.ts'
import { sendNow } from './send-now.ts'
import { claimTimes, wordFor } from './send.ts'
import type { Sender } from './send.ts'
import { claimDue } from './store.ts'

/** A delivery that also looks by itself for what is due. */
export type RunningDelivery = Delivery & {
  /** Begins to look, now and every second or two: what others left behind is found that way. */
  readonly start: () => void
  /** Begins nothing new, waits for what is being sent, closes the carriers. */
  readonly stop: () => Promise<void>
}

const pollMs = 1500

/**
 * The sender of this process. Any number of processes may run one on the same database: a claim
 * (`claim` in store.ts) lets one of them send a message at a time, and runs out when that one dies.
 */
export function createDelivery(sender: Sender): RunningDelivery {
  const ending = new AbortController()
  const asked = new Set<Promise<unknown>>()
  const flight = createFlight(sender, () => lookout.landed())
  const lookout = createLookout(sender, flight, ending.signal)
  let timer: NodeJS.Timeout | undefined
  return {
    wake: lookout.wake,
    sendNow(id, seconds) {
      const answer = sendNow(sender, flight, id, seconds, ending.signal)
      asked.add(answer)
      return answer.finally(() => asked.delete(answer))
    },
    start() {
      timer = setInterval(lookout.wake, pollMs).unref()
      lookout.wake()
    },
    async stop() {
      clearInterval(timer)
      ending.abort()
      await lookout.ended()
      await Promise.all(asked)
      await flight.landed()
      for (const carrier of sender.carriers) carrier.close?.()
    },
  }
}

/** Claims what is due, as far as there is room; once at a time, and again when woken meanwhile. */
function createLookout(sender: Sender, flight: Flight, ending: AbortSignal) {
  let looking: Promise<void> | null = null
  let wanted = false
  const mayLook = () => wanted && !ending.aborted && flight.room() > 0
  const look = async () => {
    while (mayLook()) {
      wanted = false
      wanted = (await claimAndSend(sender, flight)) || wanted
    }
  }
  const landed = () => {
    if (mayLook()) looking ??= look().finally(() => ((looking = null), landed()))
  }
  const wake = () => {
    wanted = true
    landed()
  }
  return { wake, landed, ended: async () => void (await looking) }
}

/** Gives whether more may be due than there was room for. */
async function claimAndSend(sender: Sender, flight: Flight): Promise<boolean> {
  const room = flight.room()
  try {
    const claimed = await claimDue(sender.sql, ...claimTimes(sender), room)
    for (const row of claimed) void flight.send(row)
    return claimed.length === room
  } catch (error) {
    sender.log.error({ failure: wordFor(error) }, 'could not look for due messages')
    return false
  }
}

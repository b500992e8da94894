import { setTimeout } from 'node:timers/promises'

const patienceMs = 50
const quiet = { ref: false }

/**
 * Asks for one thing many callers want at once: while a question is on its way, further ones wait
 * and then go together, in one round trip. `ask` gets the keys without repetition and gives what it
 * found by key. With nobody else waiting a question goes at once, so it is never slower alone.
 */
export function together<Value>(
  ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, Value>>,
): (key: string) => Promise<Value | null> {
  let waiting: Set<string> | null = null
  let next: Promise<ReadonlyMap<string, Value>> | null = null
  let present: Promise<unknown> | null = null

  /** Leaves when the one before it is back, or is so late that something may be wrong with it. */
  const leave = async (keys: Set<string>): Promise<ReadonlyMap<string, Value>> => {
    if (present) await Promise.race([present.catch(() => {}), setTimeout(patienceMs, null, quiet)])
    waiting = null
    next = null
    const answer = ask([...keys])
    present = answer
    return answer
  }
  return async (key) => {
    if (waiting && next) waiting.add(key)
    else {
      waiting = new Set([key])
      next = leave(waiting)
    }
    return (await next).get(key) ?? null
  }
}

/** Runs work when there is room for it; 'busy' when even the waiting room is full. */
export type Queue = <T>(work: () => Promise<T>) => Promise<T | 'busy'>

/** A queue that does so much at once and lets so many wait, first come first served. */
export function createQueue(atOnceMax: number, waitingMax: number): Queue {
  let running = 0
  const waiting: (() => void)[] = []

  return async (work) => {
    if (running >= atOnceMax) {
      if (waiting.length >= waitingMax) return 'busy'
      // Whoever leaves hands its place over: nobody who comes later can take it.
      await new Promise<void>((enter) => waiting.push(enter))
    } else {
      running += 1
    }
    try {
      return await work()
    } finally {
      const next = waiting.shift()
      if (next === undefined) running -= 1
      else next()
    }
  }
}

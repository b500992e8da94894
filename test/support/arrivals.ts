/** What has arrived at a server that the program under test sends to. */
export type Arrivals<T> = {
  /** In order of arrival. A test may empty it. */
  readonly items: T[]
  readonly add: (item: T) => void
  /**
   * Gives the first wanted item, whether it is there already or comes within `milliseconds`.
   * Otherwise throws, and says what came instead.
   */
  readonly waitFor: (wanted: (item: T) => boolean, milliseconds?: number) => Promise<T>
}

type Waiting<T> = { wanted: (item: T) => boolean; found: (item: T) => void }

/** An empty list of arrivals. `describe` says one in a line, for the failure. */
export function createArrivals<T>(describe: (item: T) => string): Arrivals<T> {
  const items: T[] = []
  const waiting = new Set<Waiting<T>>()
  const nothing = (milliseconds: number) =>
    new Error(
      `Nothing of this kind came within ${milliseconds} ms. Came: ${items.map(describe).join('; ') || 'nothing'}`,
    )
  return {
    items,
    add: (item) => {
      items.push(item)
      for (const each of waiting) if (each.wanted(item)) each.found(item)
    },
    waitFor: (wanted, milliseconds = 10_000) => {
      const there = items.find(wanted)
      if (there !== undefined) return Promise.resolve(there)
      return new Promise((resolve, reject) => {
        const stopWaiting = () => (clearTimeout(timer), waiting.delete(entry))
        const entry = { wanted, found: (item: T) => (stopWaiting(), resolve(item)) }
        const timer = setTimeout(() => (stopWaiting(), reject(nothing(milliseconds))), milliseconds)
        waiting.add(entry)
      })
    },
  }
}

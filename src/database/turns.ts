/**
 * Lets so many of one kind run at a time in this process, for what holds much in memory: gives what
 * came of it, or null at once when all turns are taken.
 */
export function turns(max: number): <T>(run: () => Promise<T>) => Promise<T | null> {
  let taken = 0
  return async (run) => {
    if (taken >= max) return null
    taken += 1
    try {
      return await run()
    } finally {
      taken -= 1
    }
  }
}

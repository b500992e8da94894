import type { Database, Sql } from '../../src/database/port.ts'

/** A database whose connection breaks at a chosen statement. */
export type Faults = {
  /** To be given to `startCopies`. */
  readonly wrap: (database: Database) => Database
  /**
   * Breaks the next statement that fits, once: `before` the server sees it, or `after` it was done
   * and only the answer is lost.
   */
  readonly breakAt: (when: 'before' | 'after', fits: (text: string) => boolean) => void
  /** Whether the fault came. Takes it back otherwise. */
  readonly came: () => boolean
}

/** Makes the faults; without `breakAt` all is well. */
export function faults(): Faults {
  let next: { when: 'before' | 'after'; fits: (text: string) => boolean } | null = null
  const hit = (when: 'before' | 'after', text: string) => {
    if (next?.when !== when || !next.fits(text)) return
    next = null
    throw new Error('the connection broke')
  }
  const wrapped = (sql: Sql): Sql => ({
    async query(text, values) {
      hit('before', text)
      const rows = await sql.query<never>(text, values)
      hit('after', text)
      return rows
    },
    async tx(run) {
      const given = await sql.tx((inside) => run(wrapped(inside)))
      hit('after', 'COMMIT')
      return given
    },
  })
  return {
    wrap: (database) => ({ ...wrapped(database), close: () => database.close() }),
    breakAt: (when, fits) => void (next = { when, fits }),
    came: () => {
      const came = next === null
      next = null
      return came
    },
  }
}

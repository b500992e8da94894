/** A database that fails where a test wants it to, counted in statements. */
import type { Database, Sql } from '../../src/database/port.ts'

export type FailingStatements = {
  /** For `startCopies`: puts the faults between the program and its database. */
  readonly wrap: (database: Database) => Database
  /** The n-th statement from now on, from 1, fails: before it runs, or when it has been done. */
  readonly failAt: (n: number, when: 'before' | 'after') => void
  /** From now on every statement fails. */
  readonly failAlways: () => void
  /** No more faults; gives how many statements were asked for since the last `failAt`. */
  readonly mend: () => number
}

/** Text of the error: it must never be read by anybody outside. */
export const faultText = 'relation "accounts" is on fire at 10.0.0.5:5432'

export function createFailingStatements(): FailingStatements {
  let asked = 0
  let fails = (_n: number): 'before' | 'after' | null => null
  const query: (sql: Sql) => Sql['query'] =
    (sql) =>
    async <Row>(text: string, values?: readonly unknown[]) => {
      const when = fails(++asked)
      if (when === 'before') throw new Error(faultText)
      const rows = await sql.query<Row>(text, values)
      if (when === 'after') throw new Error(faultText)
      return rows
    }
  const failing = <T extends Sql>(sql: T): T => ({
    ...sql,
    query: query(sql),
    tx: <R>(run: (inner: Sql) => Promise<R>) => sql.tx((inner) => run(failing(inner))),
  })
  const set = (rule: typeof fails) => ((asked = 0), (fails = rule))
  return {
    wrap: failing,
    failAt: (n, when) => void set((at) => (at === n ? when : null)),
    failAlways: () => void set(() => 'before'),
    mend() {
      const since = asked
      set(() => null)
      return since
    },
  }
}

import type { Connection } from './connection.ts'
import type { Sql } from './port.ts'

/** `begin`: the statements that open it. */
export type Terms = { readonly begin: string; readonly secondsMax: number }

/**
 * Runs one transaction on a connection: commits what `run` returns, rolls back what it throws or
 * when it takes too long. The `Sql` handed to `run` is good until then and not a moment longer. Its
 * own `tx` joins this transaction; what that one throws undoes all, even when it is caught.
 */
export async function transact<T>(
  connection: Connection,
  { begin, secondsMax }: Terms,
  run: (sql: Sql) => Promise<T>,
): Promise<T> {
  await connection.run(begin)
  const scope = openScope(connection)
  try {
    const result = await within(secondsMax, run(scope.sql))
    scope.close()
    await commit(connection)
    return result
  } catch (error) {
    scope.end()
    await rollBack(connection)
    throw error
  }
}

/** What `run` may use. `close` throws what an inner `tx` threw; `end` does not. */
function openScope(connection: Connection) {
  let open = true
  let doom: { readonly error: unknown } | undefined
  const sql: Sql = {
    async query<Row>(text: string, values?: readonly unknown[]) {
      if (!open) throw new Error('This transaction is over; its statements came too late.')
      return connection.query<Row>(text, values)
    },
    async tx(run) {
      try {
        return await run(sql)
      } catch (error) {
        doom ??= { error }
        throw error
      }
    },
  }
  const end = () => void (open = false)
  const close = () => {
    end()
    if (doom) throw doom.error
  }
  return { sql, close, end }
}

/** The embedded database knows no time limits, and nobody else gets a turn while this one waits. */
async function within<T>(secondsMax: number, work: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined
  const tooLong = new Promise<never>((_, reject) => {
    const sentence = `A transaction took longer than ${secondsMax} seconds and was rolled back.`
    timer = setTimeout(() => reject(new Error(sentence)), secondsMax * 1000)
  })
  try {
    return await Promise.race([work, tooLong])
  } finally {
    clearTimeout(timer)
  }
}

async function commit(connection: Connection): Promise<void> {
  // PostgreSQL answers a COMMIT after a failed statement by rolling back, without an error.
  if ((await connection.run('COMMIT')) === 'COMMIT') return
  throw new Error('A statement of this transaction failed and was passed over: all rolled back.')
}

async function rollBack(connection: Connection): Promise<void> {
  if (!connection.isLost()) await connection.run('ROLLBACK').catch(connection.lose)
}

import { Pool } from 'pg'
import type { PoolConfig } from 'pg'
import { borrow } from './connection.ts'
import type { Connection, Lending } from './connection.ts'
import type { Database, Sql } from './port.ts'
import { transact } from './transaction.ts'
import { valueTypes } from './value-types.ts'

/** A database whose migrations can be run. */
export type Migratable = Database & {
  /** Like `tx`, but one that may take its time and run whole files. */
  readonly script: <T>(run: (script: Script) => Promise<T>) => Promise<T>
}

/** `run` takes several statements in one text, without parameters. */
export type Script = { readonly run: (text: string) => Promise<void>; readonly sql: Sql }

/** `onQuery` is called at every round trip to the database: for measurements. */
export type PoolOptions = { readonly onQuery?: () => void }

const scriptMinutesMax = 60
const triesMax = 3

const brief = { begin: 'BEGIN', secondsMax: 20 }
const patient = {
  begin: `BEGIN; SET LOCAL statement_timeout = 0; SET LOCAL idle_in_transaction_session_timeout = 0`,
  secondsMax: scriptMinutesMax * 60,
}

/**
 * The port over a pool of `pg`, for the server and for the embedded database alike. A statement or
 * transaction that was the victim of a deadlock is run again, so what `tx` is given may run twice.
 */
export function overPool(config: PoolConfig, lending: Lending): Migratable {
  const pool = openPool(config)
  const lend = <T>(use: (connection: Connection) => Promise<T>) => borrowed(pool, lending, use)
  let closed: Promise<void> | undefined
  return {
    query: (text, values) => again(() => lend((connection) => connection.query(text, values))),
    tx: (run) => again(() => lend((connection) => transact(connection, brief, run))),
    script(run) {
      const patiently = { ...lending, answerSecondsMax: patient.secondsMax }
      return borrowed(pool, patiently, (connection) => runScript(connection, run))
    },
    close: () => (closed ??= pool.end()),
  }
}

function runScript<T>(connection: Connection, run: (script: Script) => Promise<T>): Promise<T> {
  const runFile = async (text: string) => void (await connection.run(text))
  return transact(connection, patient, (sql) => run({ sql, run: runFile }))
}

/** A connection that breaks would end the process if nobody listened; the next query tells. */
export function openPool(config: PoolConfig): Pool {
  const pool = new Pool({ ...config, types: valueTypes })
  pool.on('error', () => {})
  pool.on('connect', (client) => client.on('error', () => {}))
  return pool
}

/** Lends a connection for as long as `use` takes. */
export async function borrowed<T>(
  pool: Pool,
  lending: Lending,
  use: (connection: Connection) => Promise<T>,
): Promise<T> {
  const connection = await borrow(pool, lending)
  try {
    return await use(connection)
  } finally {
    connection.giveBack()
  }
}

/** A deadlock's victim was rolled back whole: it may be run again. */
async function again<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run()
    } catch (error) {
      const deadlock = (error as { code?: string }).code === '40P01'
      if (!deadlock || tries === triesMax) throw error
    }
  }
}

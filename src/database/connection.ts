import { hash } from 'node:crypto'
import type { Pool, QueryConfig, QueryResult } from 'pg'
import { sendGroup } from './group.ts'
import type { Asked } from './group.ts'

/** One connection while it is lent. Whoever borrows it gives it back. */
export type Connection = {
  /** Runs one statement under a name of its own: it is read and planned once a connection. */
  readonly query: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  /** Runs named statements in one transaction and one round trip, as `sendGroup` does. */
  readonly group: (asked: readonly Asked[]) => Promise<void>
  /** Runs statements without values as they are, and gives the word the last one answers with. */
  readonly run: (text: string) => Promise<string>
  /** Says that its state is unknown: it is not lent again. */
  readonly lose: () => void
  readonly isLost: () => boolean
  readonly giveBack: () => void
}

export type Lending = {
  /** Called at every round trip. */
  readonly onQuery?: (() => void) | undefined
  /** How long to wait for each answer, where the pool's own limit is too short. */
  readonly answerSecondsMax?: number
  /** False when there is only the one connection for good, as in the embedded database. */
  readonly replaceable?: boolean
}

/** Lends a connection of the pool; throws when none comes free in time. */
export async function borrow(pool: Pool, lending: Lending): Promise<Connection> {
  const client = await pool.connect()
  const { onQuery, answerSecondsMax, replaceable = true } = lending
  const limit = answerSecondsMax ? { query_timeout: answerSecondsMax * 1000 } : {}
  let lost = false
  async function send<T>(go: () => Promise<T>): Promise<T> {
    onQuery?.()
    try {
      return await go()
    } catch (error) {
      lost ||= losesConnection(error)
      throw error
    }
  }
  return {
    async query<Row>(text: string, values: readonly unknown[] = []) {
      const result = await send(() => client.query({ ...named(text, values), ...limit }))
      return result.rows as Row[]
    },
    group: (asked) => send(() => sendGroup(client, asked)),
    async run(text) {
      const ran: QueryResult | QueryResult[] = await send(() => client.query({ text, ...limit }))
      const results = [ran].flat()
      return results.at(-1)?.command ?? ''
    },
    lose: () => void (lost = true),
    isLost: () => lost,
    giveBack: () => client.release(lost && replaceable),
  }
}

/**
 * An ordinary error of SQL leaves the connection as it was. After one that is not the server's (a
 * broken line, no answer in time), a shutdown, or a prepared statement that the server no longer
 * takes (another copy of the program has migrated the tables), a new one is needed.
 */
function losesConnection(error: unknown): boolean {
  const { severity, code = '' } = error as { severity?: string; code?: string }
  return severity === undefined || /^(57P0.|25P0[34]|0A000|26000)$/.test(code)
}

/** A statement under its own name, with its values. */
export function named(text: string, values: readonly unknown[] = []): QueryConfig {
  return { name: nameOf(text), text, values: values as unknown[] }
}

const names = new Map<string, string>()

/** Made from the text, so that two programs behind one pooler never mean two things by one name. */
function nameOf(text: string): string {
  const known = names.get(text)
  if (known !== undefined) return known
  const name = hash('sha256', text, 'base64url').slice(0, 22)
  names.set(text, name)
  return name
}

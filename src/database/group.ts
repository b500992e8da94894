import { Query } from 'pg'
import type { ClientBase, Connection, QueryConfig, QueryResult } from 'pg'
import { valueTypes } from './value-types.ts'

/** A statement, and whoever waits for its rows. */
export type Asked = {
  readonly statement: QueryConfig
  readonly settle: (error: unknown, rows: unknown[]) => void
}

/** What `pg` tells the query whose answer arrives; its own `Query` has all of these. */
type Listener = {
  readonly submit: (connection: Connection) => Error | null
  readonly handleRowDescription: (message: unknown) => void
  readonly handleDataRow: (message: unknown) => void
  readonly handleCommandComplete: (message: unknown, connection: Connection) => void
  readonly handleReadyForQuery: (connection: Connection) => void
}

/**
 * Sends several statements in one message with one Sync at its end, which makes them one transaction
 * (PostgreSQL 15, 55.2.3): they run one after the other, each sees what those before it did, and all
 * are committed before anybody gets an answer. Throws when one failed: then nobody was answered, and
 * if the error is the server's, nothing has happened.
 */
export function sendGroup(client: ClientBase, group: readonly Asked[]): Promise<void> {
  const { promise, resolve, reject } = Promise.withResolvers<void>()
  const sent = { whole: false }
  const listeners = group.map((asked) => listen(asked, sent))
  let at = 0
  const present = () => listeners[at] as Listener
  const query = {
    // What `pg` notes as prepared when the server has read it.
    get name() {
      return group[at]?.statement.name
    },
    get text() {
      return group[at]?.statement.text
    },
    // `pg` puts its own around it, which stops the clock of `query_timeout`.
    callback() {},
    submit: (connection: Connection) => submit(connection, listeners, sent),
    handleRowDescription: (message: unknown) => present().handleRowDescription(message),
    handleDataRow: (message: unknown) => present().handleDataRow(message),
    handleCommandComplete(message: unknown, connection: Connection) {
      present().handleCommandComplete(message, connection)
      at++
    },
    handleError(error: unknown) {
      query.callback()
      reject(error)
    },
    handleReadyForQuery(connection: Connection) {
      query.callback()
      for (const listener of listeners) listener.handleReadyForQuery(connection)
      resolve()
    },
  }
  client.query(query)
  return promise
}

function listen({ statement, settle }: Asked, sent: { readonly whole: boolean }): Listener {
  const answered = (error?: Error, result?: QueryResult) => {
    if (error && !sent.whole) throw error
    settle(error ?? null, result?.rows ?? [])
  }
  return new Query({ ...statement, types: valueTypes }, answered as never) as unknown as Listener
}

/**
 * Writes each statement as it would go alone, but for its Sync. If one cannot be written the line is
 * cut: half a group's answers would go to the wrong ones.
 */
function submit(
  connection: Connection,
  listeners: readonly Listener[],
  sent: { whole: boolean },
): unknown {
  const { stream } = connection
  const quiet = Object.assign(Object.create(connection) as Connection, { sync() {} })
  stream.cork()
  try {
    for (const listener of listeners) {
      const refused = listener.submit(quiet)
      if (refused) throw refused
    }
  } catch (error) {
    stream.destroy()
    return error
  }
  connection.sync()
  stream.uncork()
  sent.whole = true
  return null
}

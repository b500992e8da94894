/** One of the two ports: what the program asks of a SQL driver. */
export type Sql = {
  /**
   * Runs one statement, prepared under a name of its own, and gives its rows. Times are `Date`,
   * `bytea` is `Buffer`, `bigint` is `number`, `jsonb` is parsed. So are the values it takes, but
   * that an array for `jsonb` must be written as JSON text.
   */
  readonly query: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  /**
   * Runs several statements in one transaction: commits what `run` returns, rolls back what it
   * throws. After a deadlock `run` is called again. Inside, only the `sql` it is handed may be used:
   * another statement would wait for the connection this one holds.
   */
  readonly tx: <T>(run: (sql: Sql) => Promise<T>) => Promise<T>
}

/** A database that can be closed. */
export type Database = Sql & { readonly close: () => Promise<void> }

/** One of the two ports: what the program asks of a SQL driver. */
export type Sql = {
  /**
   * Runs one statement, prepared under a name of its own, and gives its rows. Times are `Date`,
   * `bytea` is `Buffer`, `bigint` is `number`, `jsonb` is parsed.
   */
  readonly query: <Row>(text: string, values?: readonly unknown[]) => Promise<Row[]>
  /** Runs several statements in one transaction: commits what `run` returns, rolls back what it throws. */
  readonly tx: <T>(run: (sql: Sql) => Promise<T>) => Promise<T>
}

/** A database that can be closed. */
export type Database = Sql & { readonly close: () => Promise<void> }

import type { PoolConfig } from 'pg'
import { gather, mayGoInCompany } from './company.ts'
import { named } from './connection.ts'
import type { Lending } from './connection.ts'
import type { Asked } from './group.ts'
import { borrowed, openPool } from './pool.ts'
import type { Migratable } from './pool.ts'

/** The connections groups go over: while one's is with the server, the other's is made ready. */
export const lanesMax = 2

/**
 * How long a group may wait for a row that another connection holds: long for a change by key, and
 * much shorter than PostgreSQL takes to find a deadlock.
 */
const lockMsMax = 100

/**
 * The database, but that statements marked by `inCompany` go together: in one message, one
 * transaction and one commit. A group that the server refuses has not happened; each of its
 * statements then goes alone, so that one with an error or a long wait is nobody else's trouble.
 */
export function withLanes(database: Migratable, config: PoolConfig, lending: Lending): Migratable {
  const lanes = openPool({ ...config, max: lanesMax, lock_timeout: lockMsMax })
  const alone = ({ statement: { text, values }, settle }: Asked) =>
    database.query<unknown>(text, values).then((rows) => settle(null, rows), settleWith(settle))
  const ask = gather(lanesMax, (group) =>
    borrowed(lanes, lending, (lane) => lane.group(group)).catch((error: unknown) => {
      for (const asked of group)
        void (hasNotHappened(error) ? alone(asked) : asked.settle(error, []))
    }),
  )
  let closed: Promise<void> | undefined
  const close = async () => void (await Promise.all([lanes.end(), database.close()]))
  return {
    ...database,
    query<Row>(text: string, values?: readonly unknown[]) {
      if (!mayGoInCompany(text)) return database.query<Row>(text, values)
      return new Promise<Row[]>((resolve, reject) => {
        const settle: Asked['settle'] = (error, rows) =>
          error ? reject(error) : resolve(rows as Row[])
        ask({ statement: named(text, values), settle })
      })
    },
    close: () => (closed ??= close()),
  }
}

function settleWith(settle: Asked['settle']) {
  return (error: unknown) => settle(error, [])
}

/*
 * Codes that speak of a statement alone: its values, locks and time, what it was prepared as. Others (a
 * shutdown, a broken protocol) may end the connection, and that may be after the commit.
 */
const ofStatement = /^(0A|2[1-4]|25(?!P)|26|3|4|5[45]|57014|P0)/

/**
 * An error of SQL undoes the transaction; after a broken line nobody knows. By its code: a server
 * names the severity in the language it was set up in.
 */
export function hasNotHappened(error: unknown): boolean {
  const { severity, code = '' } = error as { severity?: string; code?: string }
  return severity === 'ERROR' || (severity !== undefined && ofStatement.test(code))
}

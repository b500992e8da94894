import { setTimeout as pause } from 'node:timers/promises'
import { noMac, rowsHash, sealMac } from '../crypto/log-seal.ts'
import type { Sql } from '../database/port.ts'
import type { World } from '../world.ts'
import { insertSeal, listWriters, newestId, newestSeal, readRows, takeTurn } from './seal-store.ts'

type Sealing = Pick<World, 'sql' | 'keys' | 'clock'>

const rowsPerSealMax = 5000
const lookAgainMs = 50
const looksMax = 200

/**
 * Seals what has come to stand in the log since the last seal (AUD-03), in ranges of `rowsPerSealMax` at
 * most. One copy at a time does it; the others find nothing to do. Gives how many rows. No other
 * statement waits for this one.
 */
export async function sealLog(world: Sealing): Promise<number> {
  const to = await settledId(world.sql)
  if (to === null) return 0
  let sealed = 0
  for (;;) {
    const rows = await world.sql.tx((sql) => sealNext({ ...world, sql }, to))
    sealed += rows
    if (rows < rowsPerSealMax) return sealed
  }
}

/**
 * An id such that every row up to it is there to see: ids are given out before their rows are, and not
 * in the same order. So those who write at this moment are waited for, none of those who come later.
 * Null when they take too long; the next time will do.
 */
async function settledId(sql: Sql): Promise<number | null> {
  const id = await newestId(sql)
  let writing = await listWriters(sql, null)
  for (let looks = 0; writing.length > 0; looks += 1) {
    if (looks === looksMax) return null
    await pause(lookAgainMs)
    writing = await listWriters(sql, writing)
  }
  return id
}

async function sealNext({ sql, keys, clock }: Sealing, to: number): Promise<number> {
  if (!(await takeTurn(sql))) return 0
  const last = await newestSeal(sql)
  const from_id = (last?.to_id ?? 0) + 1
  const rows = await readRows(sql, from_id, to, rowsPerSealMax)
  const newest = rows.at(-1)
  if (newest === undefined) return 0
  const seal = {
    number: (last?.number ?? 0) + 1,
    from_id,
    to_id: newest.id,
    count: rows.length,
    newest_at: new Date(Math.max(...rows.map(({ at }) => at.getTime()))),
    rows_hash: rowsHash(rows.map(({ text }) => text)),
    previous_mac: last?.mac ?? noMac,
    at: clock(),
  }
  await insertSeal(sql, { ...seal, mac: sealMac(keys, seal) })
  return rows.length
}

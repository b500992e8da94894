import { readFileSync, writeFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'

export type Lock = { readonly release: () => void }

/**
 * Takes the lock of that path, or throws, naming the process that has it. The lock is the operating
 * system's on a SQLite file, so it ends with its process, however that ends, and can neither be
 * left behind nor taken from a live one, not even one in another container. Beside it a file names
 * the process.
 */
export function takeLock(path: string): Lock {
  const file = new DatabaseSync(path, { timeout: 0 })
  try {
    file.exec('BEGIN IMMEDIATE')
  } catch (error) {
    file.close()
    throw isTaken(error) ? taken(path) : error
  }
  writeFileSync(holderOf(path), `${process.pid}\n`, { mode: 0o600 })
  return { release: () => file.close() }
}

const sqliteBusy = 5

function isTaken(error: unknown): boolean {
  return (error as { errcode?: number }).errcode === sqliteBusy
}

function taken(path: string): Error {
  return new Error(
    `Another Twostep (process ${readHolder(path)}) uses this database. Stop it first, or set ` +
      'DATA_FOLDER to another folder. For several copies at once use a PostgreSQL server ' +
      '(DATABASE_URL).',
  )
}

function readHolder(path: string): string {
  try {
    return readFileSync(holderOf(path), 'utf8').trim()
  } catch {
    return 'unknown'
  }
}

function holderOf(path: string): string {
  return `${path}.pid`
}

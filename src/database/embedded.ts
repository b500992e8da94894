import { dirname } from 'node:path'
import { chmodSync, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { PGlite } from '@electric-sql/pglite'
import { createPgConfig } from '@electric-sql/pglite/node-postgres'
import type { PoolConfig } from 'pg'
import { takeLock } from './lock.ts'
import { overPool } from './pool.ts'
import type { Migratable, PoolOptions } from './pool.ts'

/**
 * Opens the embedded PostgreSQL in that folder, made with mode 0700 if it is not there. One process
 * at a time: a second one is refused by the lock beside it, because two would destroy the data. A
 * kill of the process loses nothing that was answered; a power cut may. No statement can be
 * stopped before its end, so only transactions (20 s) and waiting for a turn (10 s) are limited.
 */
export async function openEmbedded(folder: string, options: PoolOptions = {}): Promise<Migratable> {
  const parent = dirname(folder)
  mkdirSync(parent, { recursive: true, mode: 0o700 })
  const lock = takeLock(`${folder}.lock`)
  try {
    if (!existsSync(folder)) await create(folder)
    chmodSync(folder, 0o700)
    return await openInstance(new PGlite(folder), options, lock.release)
  } catch (error) {
    lock.release()
    throw error
  }
}

/** Under another name until it is complete: a kill halfway must not leave half a database. */
async function create(folder: string): Promise<void> {
  const unfinished = `${folder}.unfinished`
  rmSync(unfinished, { recursive: true, force: true })
  mkdirSync(unfinished, { mode: 0o700 })
  const instance = await PGlite.create(unfinished)
  await instance.close()
  renameSync(unfinished, folder)
}

/** An embedded database in memory, gone when it is closed. */
export function openEmbeddedInMemory(options: PoolOptions = {}): Promise<Migratable> {
  return openInstance(new PGlite(), options)
}

/** The port over an instance of PGlite, which `close` closes too. */
export async function openInstance(
  instance: PGlite,
  options: PoolOptions = {},
  onClose: () => void = () => {},
): Promise<Migratable> {
  await instance.waitReady
  // More than one connection would mix up the protocol, and one that is replaced breaks the next:
  // everything waits its turn on the one there is.
  const connection = { ...createPgConfig(instance), max: 1, idleTimeoutMillis: 0 }
  const config = { ...connection, connectionTimeoutMillis: 10_000 } as unknown as PoolConfig
  const database = overPool(config, { ...options, replaceable: false })
  let closed: Promise<void> | undefined
  const close = async () => {
    await database.close()
    await instance.close()
    onClose()
  }
  return { ...database, close: () => (closed ??= close()) }
}

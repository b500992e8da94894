/** Both databases the program runs on, migrated and empty. */
import { after } from 'node:test'
import { openEmbeddedInMemory } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import type { Database } from '../../src/database/port.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { startPostgres } from '../support/postgres.ts'

/** Opens connections to the database of another process; the embedded one has the same for all. */
export type Opener = () => Database

/** An embedded database in memory. */
export async function embedded(): Promise<Opener> {
  const database = await openEmbeddedInMemory()
  await migrate(database)
  after(database.close)
  return () => database
}

/** A database on a real PostgreSQL server, which ends with the process. */
export async function onServer(): Promise<Opener> {
  const { migratedDatabase } = await startPostgres()
  const url = await migratedDatabase()
  const opened: Database[] = []
  after(async () => {
    for (const database of opened) await database.close()
  })
  return () => {
    const database = openPostgres(url, 10)
    opened.push(database)
    return database
  }
}

/** The name of each, and how it is made. */
export const databases = { PGlite: embedded, PostgreSQL: onServer }

import { hash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import type { Migratable, Script } from './pool.ts'

const folder = new URL('../../migrations/', import.meta.url)

/** Any number that no other program on the same database uses. */
const lockKey = 7_294_021

type File = { readonly name: string; readonly checksum: string; readonly text: string }
type Applied = Omit<File, 'text'>

/**
 * Brings the database up to date: the numbered files of `migrations/` in order, forward only, each
 * in a transaction of its own and under one lock, so that of several copies that start at once one
 * does it and the others wait. Gives the names of those it applied itself. Refuses, before anything
 * is changed, a database that a newer program has used and a file changed since it was applied.
 */
export async function migrate(database: Migratable): Promise<string[]> {
  const files = readFiles()
  await database.script(makeTable)
  const applied: string[] = []
  for (;;) {
    const name = await database.script((script) => applyNext(script, files))
    if (name === null) return applied
    applied.push(name)
  }
}

async function makeTable({ sql, run }: Script): Promise<void> {
  await sql.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
  await run(
    `CREATE TABLE IF NOT EXISTS migrations (
       name text PRIMARY KEY, checksum text NOT NULL, applied_at timestamptz NOT NULL)`,
  )
}

async function applyNext({ sql, run }: Script, files: readonly File[]): Promise<string | null> {
  await sql.query('SELECT pg_advisory_xact_lock($1)', [lockKey])
  const known = await sql.query<Applied>(
    'SELECT name, checksum FROM migrations ORDER BY name COLLATE "C"',
  )
  refuseStrange(known, files)
  const next = files[known.length]
  if (next === undefined) return null
  await run(next.text)
  await sql.query(
    'INSERT INTO migrations (name, checksum, applied_at) VALUES ($1, $2, clock_timestamp())',
    [next.name, next.checksum],
  )
  return next.name
}

function refuseStrange(known: readonly Applied[], files: readonly File[]): void {
  for (const [i, { name, checksum }] of known.entries()) {
    const file = files.find((one) => one.name === name)
    if (file === undefined) {
      throw new Error(
        `The database has the migration ${name}, which this program does not know. A newer ` +
          'version has used it: start that one.',
      )
    }
    if (file.checksum !== checksum) {
      throw new Error(`The migration ${name} was changed after it was applied. Put it back.`)
    }
    if (files[i] !== file) {
      throw new Error(`The migration ${files[i]?.name} comes before ${name}, applied already.`)
    }
  }
}

function readFiles(): File[] {
  const names = readdirSync(folder).filter((name) => /^\d{4}_.*\.sql$/.test(name))
  return names.toSorted().map((name) => {
    // Git may write other line ends on another system.
    const text = readFileSync(new URL(name, folder), 'utf8').replaceAll('\r\n', '\n')
    return { name, text, checksum: hash('sha256', text) }
  })
}

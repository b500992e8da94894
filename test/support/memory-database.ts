/** The embedded database in memory, migrated and empty, quickly: for tests. */
import { hash } from 'node:crypto'
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { after } from 'node:test'
import { PGlite } from '@electric-sql/pglite'
import { openInstance } from '../../src/database/embedded.ts'
import { migrate } from '../../src/database/migrate.ts'
import type { Migratable } from '../../src/database/pool.ts'

const cache = new URL('../../node_modules/.cache/twostep/', import.meta.url)

let shared: Promise<Migratable> | undefined
let present: { over: boolean } | undefined

// Its timers would keep the test file's process for another ten seconds.
after(async () => (await shared)?.close())

/**
 * Gives an empty migrated database. There is one in a process: the one given before is emptied and
 * over (it throws), because each more would take a second and 400 MB. `close` only ends its turn.
 */
export async function memoryDatabase(): Promise<Migratable> {
  shared ??= openShared()
  const database = await shared
  const turn = { over: false }
  if (present) present.over = true
  present = turn
  await database.script(({ run }) => run('DROP SCHEMA public CASCADE; CREATE SCHEMA public'))
  await migrate(database)
  const now = () => {
    if (turn.over)
      throw new Error('This memory database is over: it was closed or asked for again.')
    return database
  }
  return {
    query: async (text, values) => now().query(text, values),
    tx: async (run) => now().tx(run),
    script: async (run) => now().script(run),
    close: async () => void (turn.over = true),
  }
}

async function openShared(): Promise<Migratable> {
  const file = snapshotFile()
  const snapshot = read(file)
  const instance = await PGlite.create(snapshot ? { loadDataDir: snapshot } : {})
  if (!snapshot) await write(file, await instance.dumpDataDir('none'))
  return openInstance(instance)
}

/** Named after the version of PGlite, as its files are good for no other. */
function snapshotFile(): URL {
  const manifest = new URL('../package.json', import.meta.resolve('@electric-sql/pglite'))
  return new URL(`empty-${hash('sha256', readFileSync(manifest)).slice(0, 16)}.tar`, cache)
}

function read(file: URL): File | null {
  try {
    return new File([readFileSync(file)], 'empty.tar', { type: 'application/x-tar' })
  } catch {
    return null
  }
}

/** Under another name first, as other test files may be doing the same. */
async function write(file: URL, snapshot: Blob): Promise<void> {
  const draft = new URL(`${file.href}.${process.pid}`)
  mkdirSync(cache, { recursive: true })
  writeFileSync(draft, await snapshot.bytes())
  renameSync(draft, file)
}

import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Server } from 'node:http'
import { createApp } from '../../src/app.ts'
import { defaults } from '../../src/config.ts'
import type { Config } from '../../src/config.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { random } from '../../src/crypto/random.ts'
import type { Database, Sql } from '../../src/database/port.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { createDelivery } from '../../src/delivery/deliver.ts'
import { createInbox } from '../../src/delivery/inbox.ts'
import type { Inbox } from '../../src/delivery/inbox.ts'
import type { Carrier, Letter } from '../../src/delivery/port.ts'
import { serve } from '../../src/http/serve.ts'
import { createLog } from '../../src/log.ts'
import type { World } from '../../src/world.ts'
import { freePort } from './free-port.ts'
import { startPostgres } from './postgres.ts'
import { Visitor } from './visitor.ts'

/** One running copy of the program. */
export type Copy = { readonly world: World; readonly base: string }

/** Copies of the program, running beside each other on one PostgreSQL server and one clock. */
export type Copies = {
  readonly all: readonly Copy[]
  readonly world: World
  readonly sql: Sql
  readonly inbox: Inbox
  readonly clock: { readonly now: () => Date; readonly advance: (seconds: number) => void }
  /** A browser without cookies, at the first copy unless told. */
  readonly visitor: (copy?: number) => Visitor
  /** The newest letter to that destination; throws when there is none. */
  readonly newest: (to: string) => Letter
  /** Waits until everything due has been handed over. */
  readonly delivered: () => Promise<void>
  /** What the program printed into its log so far, one JSON text a line. */
  readonly logged: () => string
  readonly stop: () => Promise<void>
}

export type Variation = {
  readonly copies?: number
  readonly config?: Partial<Config>
  readonly carriers?: readonly Carrier[]
  /** Wraps the database of every copy: faults are made here. */
  readonly wrap?: (sql: Database) => Database
}

/** Starts them. Password hashes are cheap here, and 127.0.0.1 is a proxy, so that sources vary. */
export async function startCopies(variation: Variation = {}): Promise<Copies> {
  const postgres = await startPostgres()
  const url = await postgres.migratedDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'twostep-copies-'))
  const keys = readKeys(folder, null, random)
  let time = Date.parse('2026-11-24T12:00:00Z')
  const clock = () => new Date(time)
  const inbox = createInbox(clock)
  const lines: string[] = []
  const log = createLog('debug', { write: (line) => void lines.push(line) })
  const started: {
    copy: Copy
    server: Server
    database: Database
    delivery: ReturnType<typeof createDelivery>
  }[] = []
  for (let i = 0; i < (variation.copies ?? 1); i++) {
    const port = await freePort()
    const database = (variation.wrap ?? ((sql) => sql))(openPostgres(url, 8))
    const config: Config = {
      ...defaults(),
      passwordHashMemoryKib: 256,
      passwordHashPasses: 1,
      trustedProxies: ['127.0.0.1'],
      ...variation.config,
      port,
      baseUrl: variation.config?.baseUrl ?? `http://localhost:${port}`,
    }
    const carriers = variation.carriers ?? inbox.carriers
    const delivery = createDelivery({ sql: database, clock, keys, config, log, carriers })
    const passwords = createPasswords(config, 2, 1000)
    const world: World = { sql: database, clock, random, delivery, keys, passwords, config, log }
    const server = await serve(createApp(world, { inbox }), port, '127.0.0.1')
    const copy = { world, base: `http://localhost:${port}` }
    started.push({ copy, server, database, delivery })
  }
  const all = started.map(({ copy }) => copy)
  const first = all[0]
  if (!first) throw new Error('no copy was started')
  return {
    all,
    world: first.world,
    sql: first.world.sql,
    inbox,
    clock: { now: clock, advance: (seconds) => void (time += seconds * 1000) },
    visitor: (copy = 0) => new Visitor((all[copy] ?? first).base, keys),
    newest(to) {
      const found = inbox.list().find(({ letter }) => letter.to === to)
      if (!found) throw new Error(`nothing was sent to ${to}`)
      return found.letter
    },
    async delivered() {
      const due = 'SELECT 1 FROM messages WHERE accepted_at IS NULL AND failed_at IS NULL'
      for (let i = 0; i < 200; i++) {
        if ((await first.world.sql.query(due)).length === 0) return
        for (const { delivery } of started) delivery.wake()
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      throw new Error('messages stayed undelivered')
    },
    logged: () => lines.join(''),
    async stop() {
      for (const { server, delivery, database } of started) {
        server.closeAllConnections()
        server.close()
        await delivery.stop()
        await database.close()
      }
      rmSync(folder, { recursive: true, force: true })
      await postgres.stop()
    },
  }
}

/** The six digits in a letter. */
export function codeIn(letter: Letter): string {
  const text = letter.channel === 'text' ? letter.body : letter.text
  const code = /(?<!\d)\d{6}(?!\d)/.exec(text)?.[0]
  if (!code) throw new Error('no code in this letter')
  return code
}

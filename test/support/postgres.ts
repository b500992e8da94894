/** Databases for tests, on one real PostgreSQL server. */
import { randomUUID } from 'node:crypto'
import { Client } from 'pg'
import { migrate } from '../../src/database/migrate.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { startServer } from './postgres-server.ts'

export type Postgres = {
  /** Of the superuser, on the database `postgres`. */
  readonly url: string
  /** Makes an empty database and gives its URL. */
  readonly freshDatabase: () => Promise<string>
  /** Makes a database with every migration applied and gives its URL. */
  readonly migratedDatabase: () => Promise<string>
  /** All the server has logged so far, in every test file of this run. */
  readonly readLog: () => Promise<string>
  /** Ends the server, unless it belongs to the test runner. It also ends with the process. */
  readonly stop: () => Promise<void>
}

/** Where the runner hands on its server. */
export const urlVariable = 'TWOSTEP_TEST_POSTGRES_URL'

let started: ReturnType<typeof startServer> | undefined

/** The runner's server; its own, started once, in a test file that is run alone. */
export async function startPostgres(): Promise<Postgres> {
  const given = process.env[urlVariable]
  const { url, stop } = given ? { url: given, stop: async () => {} } : await ownServer()
  return {
    url,
    stop,
    freshDatabase: () => create(url, 'template1'),
    migratedDatabase: async () => create(url, await migratedTemplate(url)),
    readLog: () => readLog(url),
  }
}

async function ownServer() {
  started ??= startServer()
  const { url, stop } = await started
  return { url, stop: () => ((started = undefined), stop()) }
}

async function create(url: string, template: string): Promise<string> {
  const name = `test_${randomUUID().replaceAll('-', '')}`
  await asSuperuser(url, (client) => client.query(`CREATE DATABASE ${name} TEMPLATE ${template}`))
  return urlOf(url, name)
}

function urlOf(url: string, database: string): string {
  return Object.assign(new URL(url), { pathname: `/${database}` }).href
}

/**
 * The name of the migrated database that others are copied from. The first who asks makes it,
 * under another name until it is complete; the lock holds back other test files meanwhile.
 */
async function migratedTemplate(url: string): Promise<string> {
  const name = 'twostep_template'
  await asSuperuser(url, async (client) => {
    await client.query('SELECT pg_advisory_lock(1)')
    const made = await client.query('SELECT 1 FROM pg_database WHERE datname = $1', [name])
    if (made.rowCount === 0) await makeTemplate(client, url, name)
  })
  return name
}

async function makeTemplate(client: Client, url: string, name: string): Promise<void> {
  await client.query('DROP DATABASE IF EXISTS unfinished_template')
  await client.query('CREATE DATABASE unfinished_template')
  const database = openPostgres(urlOf(url, 'unfinished_template'), 1)
  try {
    await migrate(database)
  } finally {
    await database.close()
  }
  await client.query(`ALTER DATABASE unfinished_template RENAME TO ${name}`)
}

async function readLog(url: string): Promise<string> {
  const file = `current_setting('data_directory') || '/../server.log'`
  const text = `SELECT pg_read_file(${file}) AS log`
  const { rows } = await asSuperuser(url, (client) => client.query<{ log: string }>(text))
  return rows[0]?.log ?? ''
}

async function asSuperuser<T>(url: string, run: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({ connectionString: url })
  await client.connect()
  try {
    return await run(client)
  } finally {
    await client.end()
  }
}

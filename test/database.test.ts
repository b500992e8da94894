/** The port keeps its promises on both databases, and migrations theirs. */
import assert from 'node:assert/strict'
import { readdirSync } from 'node:fs'
import { after, test } from 'node:test'
import { Pool } from 'pg'
import { borrow } from '../src/database/connection.ts'
import { migrate } from '../src/database/migrate.ts'
import type { Migratable } from '../src/database/pool.ts'
import { openPostgres } from '../src/database/postgres.ts'
import { transact } from '../src/database/transaction.ts'
import { memoryDatabase } from './support/memory-database.ts'
import { startPostgres } from './support/postgres.ts'

const postgres = await startPostgres()
after(postgres.stop)

const migrations = readdirSync(new URL('../migrations/', import.meta.url)).toSorted()

async function onServer(options = {}): Promise<Migratable> {
  const database = openPostgres(await postgres.migratedDatabase(), 5, options)
  after(database.close)
  return database
}

const nobody = '00000000-0000-4000-8000-000000000000'

/** One value of each type that the tables have, and a few more. */
const typesText = `SELECT 9007199254740991::bigint AS big, ARRAY[1, NULL, 3]::bigint[] AS bigs,
  count(*) AS counted, 7 AS small, true AS yes, NULL::text AS nothing, $1::timestamptz AS at,
  ARRAY[$1]::timestamptz[] AS ats, '-infinity'::timestamptz AS always, $2::bytea AS bytes,
  $3::jsonb AS details, $4::text[] AS words, $5::uuid AS id, interval '1 day' < interval '2 days' AS less,
  date_trunc('day', $1::timestamptz) AS day`
const typesIn = [
  new Date('2026-11-24T23:30:00.123Z'),
  Buffer.from([0, 255, 92]),
  { n: [1, 'é'] },
  ['a,"b', '', null],
  nobody,
]
const typesOut = {
  big: Number.MAX_SAFE_INTEGER,
  bigs: [1, null, 3],
  counted: 1,
  small: 7,
  yes: true,
  nothing: null,
  at: typesIn[0],
  ats: [typesIn[0]],
  always: new Date(-8.64e15),
  bytes: typesIn[1],
  details: typesIn[2],
  words: typesIn[3],
  id: nobody,
  less: true,
  day: new Date('2026-11-24T00:00:00Z'),
}

const insertTeam = 'INSERT INTO teams (id, name, created_at) VALUES (gen_random_uuid(), $1, now())'
const teamNames = 'SELECT name FROM teams ORDER BY name'
const wrong = { message: 'changed my mind' }

for (const [kind, open] of Object.entries({ PGlite: memoryDatabase, PostgreSQL: onServer })) {
  test(`${kind}: values go in and come out as the port says`, async () => {
    const { query } = await open()
    assert.deepEqual(await query(typesText, typesIn), [typesOut])
    await assert.rejects(query('SELECT 9007199254740993::bigint AS n'), /too large for a number/)
  })

  test(`${kind}: a transaction keeps what it returns and undoes what it throws`, async () => {
    const { query, tx } = await open()
    const names = await tx(async (sql) => {
      await sql.query(insertTeam, ['kept'])
      return sql.query(teamNames)
    })
    const undone = tx(async (sql) => {
      await sql.query(insertTeam, ['undone'])
      throw wrong
    })
    await assert.rejects(undone, wrong)
    assert.deepEqual(names, [{ name: 'kept' }])
    assert.deepEqual(await query(teamNames), names)
  })

  test(`${kind}: what fails inside a transaction cannot be passed over`, async () => {
    const { query, tx } = await open()
    const failedStatement = tx(async (sql) => {
      await sql.query(insertTeam, ['lost'])
      await sql.query('SELECT 1 / 0').catch(() => {})
    })
    await assert.rejects(failedStatement, /failed and was passed over/)
    const failedInside = tx(async (sql) => {
      await sql.query(insertTeam, ['lost'])
      await sql.tx(() => Promise.reject(wrong)).catch(() => {})
    })
    await assert.rejects(failedInside, wrong)
    assert.deepEqual(await query(teamNames), [])
  })

  test(`${kind}: a statement that comes after the end of its transaction is refused`, async () => {
    const { tx } = await open()
    const sql = await tx(async (inside) => inside)
    await assert.rejects(sql.query(insertTeam, ['late']), /transaction is over/)
  })

  test(`AUD-03: on ${kind} nobody can change, take back or empty the security log`, async () => {
    const { query } = await open()
    const insertEvent = `INSERT INTO events (at, kind, source, browser, request_id)
      VALUES (now() - make_interval(days => $1), 'sign-in', '', '', '')`
    for (const days of [0, 29, 31]) await query(insertEvent, [days])
    const no = /append-only/
    await assert.rejects(query(`UPDATE events SET kind = 'nothing'`), no)
    await assert.rejects(query(`DELETE FROM events WHERE at > now() - interval '30 days'`), no)
    await assert.rejects(query('DELETE FROM events'), no)
    await assert.rejects(query('TRUNCATE events'), no)
    await query(`DELETE FROM events WHERE at < now() - interval '30 days'`)
    assert.deepEqual(await query('SELECT count(*) AS n FROM events'), [{ n: 2 }])
  })

  test(`${kind}: a migration changed since, or of a newer program, is refused`, async () => {
    const database = await open()
    assert.deepEqual(await migrate(database), [])
    await database.query(`INSERT INTO migrations VALUES ('9999_later.sql', '', now())`)
    await assert.rejects(migrate(database), /9999_later\.sql.*newer/)
    await database.query(`DELETE FROM migrations WHERE name LIKE '9999%'`)
    await database.query(`UPDATE migrations SET checksum = 'another' WHERE name LIKE '0002%'`)
    await assert.rejects(migrate(database), /0002_.*was changed/)
    await database.query(`DELETE FROM migrations WHERE name LIKE '0002%'`)
    await assert.rejects(migrate(database), /0002_.*comes before 0003_/)
  })
}

test('two copies that start at the same moment on an empty database migrate it once', async () => {
  const url = await postgres.freshDatabase()
  const copies = [openPostgres(url, 2), openPostgres(url, 2), openPostgres(url, 2)]
  const applied = await Promise.all(copies.map(migrate))
  assert.deepEqual(applied.flat().toSorted(), migrations)
  await Promise.all(copies.map((copy) => copy.close()))
})

test('two transactions that wait for each other both come to their end', async () => {
  const { query, tx } = await onServer()
  for (const name of ['one', 'other']) await query(insertTeam, [name])
  const rename = `UPDATE teams SET name = name || '!' WHERE name LIKE $1`
  const met = Promise.withResolvers<void>()
  let arrived = 0
  const change = (first: string, second: string) =>
    tx(async (sql) => {
      await sql.query(rename, [`${first}%`])
      if (++arrived === 2) met.resolve()
      await met.promise
      await sql.query(rename, [`${second}%`])
    })
  await Promise.all([change('one', 'other'), change('other', 'one')])
  assert.deepEqual(await query(teamNames), [{ name: 'one!!' }, { name: 'other!!' }])
})

test('a transaction that does not come to its end is rolled back', async () => {
  const pool = new Pool({ connectionString: await postgres.migratedDatabase() })
  const connection = await borrow(pool, {})
  const waiting = transact(connection, { begin: 'BEGIN', secondsMax: 0.1 }, async (sql) => {
    await sql.query(insertTeam, ['unfinished'])
    return new Promise(() => {})
  })
  await assert.rejects(waiting, /longer than 0\.1 seconds/)
  assert.deepEqual(await connection.query(teamNames), [])
  connection.giveBack()
  await pool.end()
})

test('an ordinary error costs no connection, a broken connection costs one statement', async () => {
  let roundTrips = 0
  const { query } = await onServer({ onQuery: () => roundTrips++ })
  const whoAnswers = async () =>
    (await query<{ id: number }>('SELECT pg_backend_pid() AS id'))[0]?.id
  const first = await whoAnswers()
  await assert.rejects(query('SELECT 1 / 0'), { code: '22012' })
  assert.equal(await whoAnswers(), first)
  await assert.rejects(query('SELECT pg_terminate_backend(pg_backend_pid())'), { code: '57P01' })
  assert.notEqual(await whoAnswers(), first)
  assert.equal(roundTrips, 5)
})

test('tables changed by another copy cost one statement too', async () => {
  const { query } = await onServer()
  const before = await query('SELECT * FROM teams')
  await query('ALTER TABLE teams ADD COLUMN motto text')
  await assert.rejects(query('SELECT * FROM teams'), /cached plan/)
  assert.deepEqual(await query('SELECT * FROM teams'), before)
})

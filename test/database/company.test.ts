/** Statements asked at the same moment go together and still answer each for itself. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { DatabaseError } from 'pg'
import { inCompany } from '../../src/database/company.ts'
import { hasNotHappened } from '../../src/database/lanes.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { startPostgres } from '../support/postgres.ts'

const postgres = await startPostgres()
after(postgres.stop)

const take = inCompany(
  'UPDATE budgets SET left_over = left_over - 1 WHERE id = $1 AND left_over > 0 RETURNING id, left_over',
)
const divide = inCompany(
  'UPDATE budgets SET left_over = left_over - 1 WHERE id = $1 RETURNING 1 / $2::int AS part',
)
const tooLarge = inCompany('SELECT 9007199254740993::bigint AS id')
const silent = inCompany('UPDATE budgets SET left_over = left_over - 1 WHERE id = $1')
const who = inCompany('SELECT pg_backend_pid() AS pid')
const end = inCompany('SELECT pg_terminate_backend(pg_backend_pid())')

type Left = { readonly id: number; readonly left_over: number }

async function open() {
  const trips = { count: 0 }
  const url = await postgres.freshDatabase()
  const database = openPostgres(url, 6, { onQuery: () => trips.count++ })
  after(database.close)
  await database.query('CREATE TABLE budgets (id integer PRIMARY KEY, left_over integer NOT NULL)')
  await database.query('INSERT INTO budgets SELECT n, 5 FROM generate_series(1, 100) n')
  trips.count = 0
  return { ...database, url, trips }
}

const leftOf = async ({ query }: Awaited<ReturnType<typeof open>>, id: number) =>
  (await query<Left>('SELECT left_over FROM budgets WHERE id = $1', [id]))[0]?.left_over

test('a hundred at once take few round trips, and each gets its own row', async () => {
  const database = await open()
  const ids = Array.from({ length: 100 }, (_none, i) => i + 1)
  const answers = await Promise.all(ids.map((id) => database.query<Left>(take, [id])))
  assert.deepEqual(
    answers,
    ids.map((id) => [{ id, left_over: 4 }]),
  )
  assert.ok(database.trips.count <= 3, `${database.trips.count} round trips`)
})

test('LIM-05: forty that want one row of five get five, each another', async () => {
  const database = await open()
  const answers = await Promise.all(
    Array.from({ length: 40 }, () => database.query<Left>(take, [7])),
  )
  const got = answers.flat().map(({ left_over }) => left_over)
  assert.deepEqual(
    got.toSorted((a, b) => a - b),
    [0, 1, 2, 3, 4],
  )
})

test('one that fails is nobody else’s trouble, and nothing happens twice', async () => {
  const database = await open()
  const all = await Promise.allSettled([
    database.query(take, [1]),
    database.query(divide, [2, 0]),
    database.query(take, [3]),
  ])
  assert.deepEqual(
    all.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  )
  assert.equal((all[1] as PromiseRejectedResult).reason.code, '22012')
  assert.deepEqual(await Promise.all([1, 2, 3].map((id) => leftOf(database, id))), [4, 5, 4])
  assert.deepEqual(await database.query(take, [4]), [{ id: 4, left_over: 4 }])
})

test('who waits for a row that somebody holds keeps the others waiting a moment only', async () => {
  const database = await open()
  const release = Promise.withResolvers<void>()
  const held = Promise.withResolvers<void>()
  const holder = database.tx(async (sql) => {
    await sql.query('UPDATE budgets SET left_over = 1 WHERE id = 1')
    held.resolve()
    await release.promise
  })
  await held.promise
  const late = database.query<Left>(take, [1])
  const others = [2, 3].map((id) => database.query<Left>(take, [id]))
  const first = await Promise.race([Promise.all(others), late, sleep(5000, null, { ref: false })])
  assert.deepEqual(first, [[{ id: 2, left_over: 4 }], [{ id: 3, left_over: 4 }]])
  release.resolve()
  await holder
  assert.deepEqual(await late, [{ id: 1, left_over: 0 }])
})

test('copies that take the same rows in another order all come to their end', async () => {
  const one = await open()
  const other = openPostgres(one.url, 6)
  after(other.close)
  const ids = Array.from({ length: 30 }, (_none, i) => i + 1)
  const round = () => [
    ...ids.map((id) => one.query(take, [id])),
    ...ids.toReversed().map((id) => other.query(take, [id])),
  ]
  await Promise.all(round())
  await Promise.all(round())
  const left = await one.query<Left>('SELECT DISTINCT left_over FROM budgets WHERE id <= 30')
  assert.deepEqual(left, [{ left_over: 1 }])
})

test('a broken line is an error for all who were on it, and the next one holds', async () => {
  const database = await open()
  const all = await Promise.allSettled([
    database.query(take, [1]),
    database.query(end),
    database.query(take, [2]),
  ])
  assert.deepEqual(new Set(all.map(({ status }) => status)), new Set(['rejected']))
  assert.deepEqual(await Promise.all([1, 2].map((id) => leftOf(database, id))), [5, 5])
  assert.equal((await database.query(who)).length, 1)
})

test('a value that cannot be written gives nobody the answer of another', async () => {
  const database = await open()
  const unwritable = {
    toPostgres() {
      throw new Error('unwritable')
    },
  }
  const all = await Promise.allSettled([
    database.query<Left>(take, [1]),
    database.query<Left>(take, [unwritable]),
    database.query<Left>(take, [2]),
    database.query<Left>(take, [3]),
  ])
  const wrong = all.filter(
    (one, i) => one.status === 'fulfilled' && one.value[0]?.id !== [1, null, 2, 3][i],
  )
  assert.deepEqual(wrong, [])
  assert.equal(all[1]?.status, 'rejected')
  assert.deepEqual(await database.query(take, [4]), [{ id: 4, left_over: 4 }])
})

test('what the server never read, behind one that failed, happens once, then and the next time', async () => {
  const database = await open()
  const group = () =>
    Promise.allSettled([database.query(divide, [1, 0]), database.query(silent, [2])])
  for (const left of [4, 3, 2]) {
    assert.deepEqual(
      (await group()).map(({ status }) => status),
      ['rejected', 'fulfilled'],
    )
    assert.deepEqual(await Promise.all([1, 2].map((id) => leftOf(database, id))), [5, left])
  }
  await Promise.all([database.query(silent, [2]), database.query(take, [2])])
  assert.equal(await leftOf(database, 2), 0)
})

test('an answer that cannot be read, or none at all, moves nobody’s answer to another', async () => {
  const database = await open()
  for (let round = 0; round < 2; round++) {
    const all = await Promise.allSettled([
      database.query<Left>(take, [1]),
      database.query<Left>(tooLarge),
      database.query<Left>(silent, [2]),
      database.query<Left>(take, [99_999]),
      database.query<Left>(take, [3]),
    ])
    assert.deepEqual(
      all.map((one) => (one.status === 'fulfilled' ? one.value : one.reason.name)),
      [[{ id: 1, left_over: 4 - round }], 'RangeError', [], [], [{ id: 3, left_over: 4 - round }]],
    )
  }
  assert.deepEqual(await Promise.all([1, 2, 3].map((id) => leftOf(database, id))), [3, 3, 3])
})

test('in whatever language the server names an error, what it undid is told from what nobody knows', () => {
  const said = (severity: string, code: string) =>
    hasNotHappened(Object.assign(new DatabaseError('', 0, 'error'), { severity, code }))
  for (const severity of ['ERROR', 'FEHLER', 'ERREUR', 'ОШИБКА']) {
    for (const code of ['22012', '22021', '23505', '26000', '40P01', '55P03', '57014']) {
      assert.ok(said(severity, code), `${severity} ${code}`)
    }
  }
  for (const severity of ['FATAL', 'PANIK', 'ВАЖНО']) {
    for (const code of ['57P01', '57P02', '57P05', '25P03', '25P04', '08P01', 'XX000', '']) {
      assert.ok(!said(severity, code), `${severity} ${code}`)
    }
  }
  assert.ok(!hasNotHappened(new Error('Connection terminated unexpectedly')))
})

import assert from 'node:assert/strict'
import { after, before, beforeEach, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { checkLog } from '../../src/audit/check-log.ts'
import { event } from '../../src/audit/event.ts'
import { sealLog } from '../../src/audit/seal-log.ts'
import { record } from '../../src/audit/store.ts'
import { cleanUp } from '../../src/clean-up.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import { random } from '../../src/crypto/random.ts'
import { migrate } from '../../src/database/migrate.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { inTemporaryFolder } from '../support/temporary-folder.ts'
import { addSomebody } from '../support/people.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { operate } from '../support/operator.ts'
import { join, makeTeam } from '../support/teams.ts'
import { testWorld } from '../support/world.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

/** As the superuser of the database, whom no trigger and no right holds back. */
async function asSuperuser(...texts: string[]): Promise<void> {
  await copies.sql.tx(async (sql) => {
    await sql.query("SET LOCAL session_replication_role = 'replica'")
    for (const text of texts) await sql.query(text)
  })
}

const caller = { requestId: '0123456789abcdef', source: '192.0.2.7', browser: 'Firefox' }

const write = (count = 1, at = copies.clock.now()) =>
  record(
    copies.sql,
    ...Array.from({ length: count }, () => event(caller, at, 'sign-in.password-wrong')),
  )

/** Five sealed ranges of ten rows each, from row 1 on, and two rows that are not sealed yet. */
beforeEach(async () => {
  await asSuperuser(
    'DELETE FROM event_seals',
    'DELETE FROM events',
    'ALTER SEQUENCE events_id_seq RESTART',
  )
  for (let range = 0; range < 5; range++) {
    await write(10)
    assert.equal(await sealLog(copies.world), 10)
  }
  await write(2)
})

const check = (...more: string[]) => operate(copies.world, ['check-log', ...more])

test('AUD-03: a log as it was written fits its seals; young rows are said to be unsealed', async () => {
  const { code, said } = await check()
  assert.equal(code, 0)
  assert.match(said, /50 rows fit the seals/)
  assert.match(said, /2 rows are not sealed yet/)
  assert.match(said, /--seal 5:[0-9a-f]{16}/)
  await sealLog(copies.world)
  assert.match((await check()).said, /52 rows fit[^]*Every row is sealed/)
})

const attacks: Record<string, readonly [readonly string[], RegExp]> = {
  'changes a word of a row': [
    ["UPDATE events SET kind = 'sign-in.done' WHERE id = 23"],
    /seal 3, rows 21 to 30: a row was changed/,
  ],
  'changes its time by a microsecond': [
    ["UPDATE events SET at = at + interval '1 microsecond' WHERE id = 23"],
    /seal 3.*a row was changed/,
  ],
  'empties a field where nothing stood': [
    ["UPDATE events SET session_hash = '' WHERE id = 23"],
    /seal 3.*a row was changed/,
  ],
  'moves text from one field into the next': [
    ["UPDATE events SET source = source || browser, browser = '' WHERE id = 23"],
    /seal 3.*a row was changed/,
  ],
  'says that it was another team’s as well': [
    ["UPDATE events SET others = '{00000000-0000-7000-8000-000000000000}' WHERE id = 23"],
    /seal 3.*a row was changed/,
  ],
  'deletes a row': [['DELETE FROM events WHERE id = 11'], /seal 2.*1 of its rows are gone/],
  'deletes a whole range': [
    ['DELETE FROM events WHERE id BETWEEN 11 AND 20'],
    /seal 2.*10 of its rows are gone/,
  ],
  'puts a row in where an id is free': [
    [
      'DELETE FROM events WHERE id = 15',
      `INSERT INTO events OVERRIDING SYSTEM VALUE
       SELECT 15, at, 'sign-in.done', account_id, actor_id, team_id, method_kind, source, browser,
         session_hash, request_id, details FROM events WHERE id = 14`,
    ],
    /seal 2.*a row was changed/,
  ],
  'puts a row in before the first': [
    [
      `INSERT INTO events OVERRIDING SYSTEM VALUE
       SELECT -1, at, kind, account_id, actor_id, team_id, method_kind, source, browser,
         session_hash, request_id, details FROM events WHERE id = 14`,
    ],
    /put in before the first/,
  ],
  'removes a seal in the middle': [
    ['DELETE FROM event_seals WHERE number = 3'],
    /seal 4.*a seal before it is missing/,
  ],
  'removes the first seal and its rows': [
    ['DELETE FROM event_seals WHERE number = 1', 'DELETE FROM events WHERE id <= 10'],
    /seal 2.*a seal before it is missing/,
  ],
  'removes rows and says in the seal that they were fewer': [
    ['DELETE FROM events WHERE id = 23', 'UPDATE event_seals SET count = 9 WHERE number = 3'],
    /seal 3.*the seal itself was changed/,
  ],
  'removes rows and says in the seal that they were old': [
    [
      'DELETE FROM events WHERE id BETWEEN 21 AND 30',
      "UPDATE event_seals SET newest_at = '2020-01-01' WHERE number = 3",
    ],
    /seal 3.*the seal itself was changed/,
  ],
  'joins two ranges': [
    [
      'DELETE FROM event_seals WHERE number = 3',
      'UPDATE event_seals SET from_id = 21, count = 20 WHERE number = 4',
    ],
    /seal 4.*the seal itself was changed/,
  ],
  'numbers the seals anew': [
    [
      'DELETE FROM event_seals WHERE number = 1',
      'DELETE FROM events WHERE id <= 10',
      'UPDATE event_seals SET number = number + 1000',
      'UPDATE event_seals SET number = number - 1001',
    ],
    /seal 1.*the seal itself was changed/,
  ],
}

for (const [deed, [texts, says]] of Object.entries(attacks)) {
  test(`AUD-03: attack: the superuser of the database ${deed}: found, and the first such range named`, async () => {
    await asSuperuser(...texts)
    const { code, said, complained } = await check()
    assert.equal(code, 1)
    assert.match(complained, says)
    assert.equal(said, '')
  })
}

test('AUD-03: attack: what somebody in two teams did is taken out of the log of one: found', async () => {
  const person = await addSomebody(copies.world)
  await join(copies.world, await makeTeam(copies.world, 'Second'), person.id)
  const about = { account: person.id }
  await record(copies.sql, event(caller, copies.clock.now(), 'method.removed', about))
  await sealLog(copies.world)
  assert.equal((await check()).code, 0)
  await asSuperuser('DELETE FROM team_events WHERE event_id = 53')
  assert.match((await check()).complained, /seal 6.*a row is missing in the log of a further team/)
})

test('AUD-03: attack: a row put into the gap that a rolled back statement left: found', async () => {
  await assert.rejects(
    copies.sql.tx(async (sql) => {
      await record(sql, event(caller, copies.clock.now(), 'sign-in.done'))
      throw new Error('rolled back')
    }),
  )
  await write()
  await sealLog(copies.world)
  assert.equal((await check()).code, 0)
  await asSuperuser(`INSERT INTO events OVERRIDING SYSTEM VALUE
    SELECT 53, at, 'sign-in.done', account_id, actor_id, team_id, method_kind, source, browser,
      session_hash, request_id, details FROM events WHERE id = 14`)
  assert.match((await check()).complained, /seal 6, rows 51 to 54: a row was put in/)
})

test('AUD-03: attack: the end is cut off, with its seals: found by the line that was noted', async () => {
  const noted = /--seal \S+/.exec((await check()).said)?.[0].split(' ') ?? []
  assert.equal((await check(...noted)).code, 0)
  await asSuperuser('DELETE FROM event_seals WHERE number > 3', 'DELETE FROM events WHERE id > 30')
  assert.equal((await check()).code, 0, 'by itself nothing shows it')
  assert.match((await check(...noted)).complained, /ends before seal 5.*cut off/)
  await write(25)
  await sealLog(copies.world)
  await write()
  await sealLog(copies.world)
  assert.match((await check(...noted)).complained, /seal 5.*not the seal that was noted/)
  for (const wrong of ['5', 'x:y', '5:12', '5:zzzzzzzzzzzzzzzz']) {
    assert.equal((await check('--seal', wrong)).code, 2)
  }
})

test('AUD-03: attack: seals are removed and nothing else: old rows stand there unsealed', async () => {
  await asSuperuser('DELETE FROM event_seals WHERE number > 3')
  copies.clock.advance(11 * 60)
  assert.match((await check()).said, /22 rows are not sealed yet[^]*seals were removed/)
})

test('AUD-03: without the token key nobody makes a seal that fits', async () => {
  const keys = inTemporaryFolder((folder) => readKeys(folder, null, random))
  await asSuperuser('DELETE FROM event_seals', "UPDATE events SET kind = 'x' WHERE id = 7")
  await sealLog({ ...copies.world, keys })
  assert.match((await check()).complained, /seal 1.*another TOKENS_KEY/)
})

test('AUD-03: the program’s own connection can add seals, and not change or remove any', async () => {
  for (const text of [
    'UPDATE event_seals SET count = 0',
    'DELETE FROM event_seals',
    'TRUNCATE event_seals',
  ]) {
    await assert.rejects(copies.sql.query(text), /stay as they are/)
  }
})

test('AUD-03: a row whose number is lower and that is committed later is sealed with its range, not missed', async () => {
  let finish = () => {}
  const slow = copies.sql.tx(async (sql) => {
    await record(sql, event(caller, copies.clock.now(), 'sign-in.done'))
    await new Promise<void>((resolve) => (finish = resolve))
  })
  await pause(50)
  await write(3)
  const sealing = sealLog(copies.world)
  const meanwhile = await Promise.race([sealing, pause(300, 'waits')])
  assert.equal(meanwhile, 'waits', 'nothing is sealed while a lower number is open')
  await write(1)
  finish()
  await slow
  assert.equal(await sealing, 6, 'what was written after the look waits for the next time')
  assert.equal((await check()).code, 0)
  assert.match((await check()).said, /1 row is not sealed yet/)
})

test('AUD-03: two copies that seal at once, while others write: one chain, every row once', async () => {
  const [one, two] = copies.all.map(({ world }) => world)
  assert.ok(one && two)
  const writing = new AbortController()
  const writers = Array.from({ length: 4 }, async () => {
    while (!writing.signal.aborted) await write(1)
  })
  for (let round = 0; round < 10; round++) await Promise.all([sealLog(one), sealLog(two)])
  writing.abort()
  await Promise.all(writers)
  await sealLog(one)
  const { misfit, sealed, after } = await checkLog(one)
  assert.equal(misfit, null)
  assert.equal(after, 0)
  const [row] = await copies.sql.query<{ count: number }>('SELECT count(*) AS count FROM events')
  assert.equal(sealed, row?.count)
})

test('AUD-03, PRV-03: retention takes whole ranges; what is left still fits, and nothing more may go', async () => {
  await asSuperuser(
    'DELETE FROM event_seals',
    'DELETE FROM events',
    'ALTER SEQUENCE events_id_seq RESTART',
  )
  const old = new Date(copies.clock.now().getTime() - 366 * 86_400_000)
  await write(10, old)
  await sealLog(copies.world)
  await write(5, old)
  await write(5)
  await sealLog(copies.world)
  await write(10)
  await sealLog(copies.world)
  assert.equal((await cleanUp(copies.world)).get('events'), 10, 'only the range that is old whole')
  const { code, said } = await check()
  assert.equal(code, 0)
  assert.match(said, /20 rows fit/)
  await asSuperuser('DELETE FROM events WHERE id BETWEEN 11 AND 15')
  assert.match((await check()).complained, /seal 2.*5 of its rows are gone/)
})

test('AUD-03: a long log is sealed in parts', async () => {
  await copies.sql.query(
    `INSERT INTO events (at, kind, source, browser, request_id)
     SELECT $1, 'sign-in.done', '', '', i::text FROM generate_series(1, 12000) AS i`,
    [copies.clock.now()],
  )
  assert.equal(await sealLog(copies.world), 12_002)
  const seals = await copies.sql.query<{ count: number }>(
    'SELECT count FROM event_seals WHERE number > 5 ORDER BY number',
  )
  assert.deepEqual(
    seals.map(({ count }) => count),
    [5000, 5000, 2002],
  )
  assert.equal((await check()).code, 0)
  await asSuperuser("UPDATE events SET source = 'x' WHERE request_id = '11000'")
  assert.match((await check()).complained, /seal 8.*a row was changed/)
})

test('AUD-03: the same on the embedded database', async () => {
  const database = await memoryDatabase()
  await migrate(database)
  const world = testWorld(database)
  await record(database, event(caller, world.clock(), 'sign-in.done'))
  assert.equal(await sealLog(world), 1)
  assert.equal((await checkLog(world)).sealed, 1)
  await database.script(({ run }) =>
    run("SET LOCAL session_replication_role = 'replica'; UPDATE events SET kind = 'x'"),
  )
  assert.match((await checkLog(world)).misfit?.why ?? '', /row was changed/)
})

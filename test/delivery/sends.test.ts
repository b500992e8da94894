/** Limits on sending hold whoever asks, how many at once, and on however many copies. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Sql } from '../../src/database/port.ts'
import { spendSends, textBudget } from '../../src/delivery/sends.ts'
import type { SendLimit, SpentSends } from '../../src/delivery/sends.ts'
import { databases, onServer } from './databases.ts'

const start = Date.parse('2026-11-24T23:30:00Z')
const at = (seconds: number) => new Date(start + seconds * 1000)
const each = { pauseSeconds: 30, perHourMax: 5, perDayMax: 10 }
const key = (name: string): SendLimit => ({ key: name, ...each })

/** Spends as a use case does: in a transaction that a refusal rolls back. */
async function spend(sql: Sql, limits: readonly SendLimit[], now: Date): Promise<SpentSends> {
  let spent: SpentSends | undefined
  await sql
    .tx(async (inside) => {
      spent = await spendSends(inside, limits, now)
      if (!spent.ok) throw new Error('rolled back')
    })
    .catch((error: Error) => assert.equal(error.message, 'rolled back'))
  assert.ok(spent)
  return spent
}

const refusal = (reason: string, waitSeconds: number, name = 'a') => ({
  ok: false,
  reason,
  waitSeconds,
  key: name,
})

for (const [name, open] of Object.entries(databases)) {
  const database = open()
  const emptied = async () => {
    const sql = (await database)()
    await sql.query('TRUNCATE sends')
    return sql
  }

  test(`${name}: CODE-06: between two sends there is a pause, and its rest is told`, async () => {
    const sql = await emptied()
    assert.deepEqual(await spend(sql, [key('a')], at(0)), { ok: true })
    assert.deepEqual(await spend(sql, [key('a')], at(0)), refusal('wait-before-sending', 30))
    assert.deepEqual(await spend(sql, [key('a')], at(29.2)), refusal('wait-before-sending', 1))
    assert.deepEqual(await spend(sql, [key('b')], at(29.2)), { ok: true })
    assert.deepEqual(await spend(sql, [key('a')], at(30)), { ok: true })
  })

  test(`${name}: CODE-06: no hour holds more than five and no day more than ten`, async () => {
    const sql = await emptied()
    const sent: number[] = []
    for (let second = 0; second < 2 * 86_400; second += 450) {
      if ((await spend(sql, [key('a')], at(second))).ok) sent.push(second)
    }
    const most = (span: number) =>
      Math.max(...sent.map((from) => sent.filter((s) => s >= from && s < from + span).length))
    assert.deepEqual([most(3600), most(86_400), sent.length], [5, 10, 20])
  })

  test(`${name}: CODE-06: several at once count as many, and go whole or not at all`, async () => {
    const sql = await emptied()
    const many = (count: number): SendLimit => ({ ...key('a'), pauseSeconds: 0, count })
    assert.equal((await spend(sql, [many(6)], at(0))).ok, false, 'more than an hour ever holds')
    assert.deepEqual(await spend(sql, [many(3)], at(0)), { ok: true })
    assert.deepEqual(await spend(sql, [many(3)], at(60)), refusal('too-many-sends', 3540))
    assert.deepEqual(await spend(sql, [many(2)], at(60)), { ok: true })
    assert.deepEqual(await spend(sql, [many(1)], at(90)), refusal('too-many-sends', 3510))
    assert.deepEqual(await spend(sql, [many(3)], at(3600)), { ok: true })
    assert.deepEqual(await spend(sql, [many(2)], at(7200)), { ok: true })
    const [row] = await sql.query<{ times: Date[] }>(`SELECT times FROM sends WHERE key = 'a'`)
    assert.equal(row?.times.length, 10)
    assert.equal((await spend(sql, [many(1)], at(10_800))).ok, false, 'ten a day')
  })

  test(`${name}: CODE-06: the wait that is told is the one that helps`, async () => {
    const sql = await emptied()
    for (const second of [0, 100, 200, 300, 400]) {
      assert.equal((await spend(sql, [key('a')], at(second))).ok, true)
    }
    assert.deepEqual(await spend(sql, [key('a')], at(500)), refusal('too-many-sends', 3100))
    assert.equal((await spend(sql, [key('a')], at(3599))).ok, false)
    for (const second of [3600, 3700, 3800, 3900, 4000]) {
      assert.equal((await spend(sql, [key('a')], at(second))).ok, true)
    }
    assert.deepEqual(await spend(sql, [key('a')], at(7200)), refusal('too-many-sends', 79_200))
    assert.equal((await spend(sql, [key('a')], at(86_399))).ok, false)
    assert.equal((await spend(sql, [key('a')], at(86_400))).ok, true)
  })

  test(`${name}: CODE-06: one limit reached refuses all, and nothing is spent`, async () => {
    const sql = await emptied()
    assert.equal((await spend(sql, [key('number')], at(0))).ok, true)
    const before = await sql.query('SELECT * FROM sends')
    const all = [key('account'), key('number'), key('source')]
    assert.deepEqual(await spend(sql, all, at(1)), refusal('wait-before-sending', 29, 'number'))
    assert.deepEqual(await sql.query('SELECT * FROM sends'), before)
    assert.equal((await spend(sql, [key('account')], at(1))).ok, true)
  })

  test(`${name}: CODE-06: the texts of the whole installation have a budget`, async () => {
    const sql = await emptied()
    const budget = textBudget({ config: { textsPerDayMax: 3 } })
    for (const who of ['a', 'b', 'c']) {
      assert.equal((await spend(sql, [key(who), budget], at(0))).ok, true)
    }
    const refused = refusal('too-many-sends', 86_400 - 3600, 'texts')
    assert.deepEqual(await spend(sql, [key('d'), budget], at(3600)), refused)
    assert.equal((await spend(sql, [key('d'), budget], at(86_400))).ok, true)
    const none = textBudget({ config: { textsPerDayMax: 0 } })
    assert.deepEqual(
      await spend(sql, [{ ...none, key: 'x' }], at(0)),
      refusal('too-many-sends', 86_400, 'x'),
    )
  })
}

test('PostgreSQL: CODE-06: 50 requests at once over two copies give one message', async () => {
  const open = await onServer()
  const copies = [open(), open()]
  for (const round of [1, 2, 3]) {
    const limits = [
      key(`account ${round}`),
      key(`number ${round}`),
      { ...key('source'), pauseSeconds: 0 },
    ]
    const asked = Array.from({ length: 50 }, (_each, i) => {
      const sql = copies[i % 2]
      assert.ok(sql)
      return spend(sql, i % 3 ? limits : limits.toReversed(), at(round))
    })
    const answers = await Promise.all(asked)
    assert.equal(answers.filter(({ ok }) => ok).length, 1)
  }
})

test('PostgreSQL: CODE-06: 50 accounts at once cannot overdraw what they share', async () => {
  const open = await onServer()
  const copies = [open(), open()]
  const source = { key: 'source', pauseSeconds: 0, perHourMax: 7, perDayMax: 100 }
  const answers = await Promise.all(
    Array.from({ length: 50 }, (_each, i) => {
      const sql = copies[i % 2]
      assert.ok(sql)
      return spend(sql, [key(`account ${i}`), source, key(`number ${i}`)], at(i / 100))
    }),
  )
  assert.equal(answers.filter(({ ok }) => ok).length, 7)
  const rows = await copies[0]?.query('SELECT key FROM sends')
  assert.equal(rows?.length, 15)
})

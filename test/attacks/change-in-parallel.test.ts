import assert from 'node:assert/strict'
import { setTimeout } from 'node:timers/promises'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addApp, confirm, enter, startApp } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

type State = {
  readonly on: number
  readonly pending: number
  readonly usable: number
  readonly codes_left: number | null
  readonly codes: number
  readonly keys: string[] | null
}

/** What is stored of the account; `usable`: set-ups that a code could still turn on. */
async function read(person: Person): Promise<State> {
  const [state] = await copies.sql.query<State>(
    `SELECT count(*) FILTER (WHERE m.confirmed_at IS NOT NULL)::int AS on,
       count(*) FILTER (WHERE m.id IS NOT NULL
         AND m.confirmed_at IS NULL)::int AS pending,
       count(*) FILTER (WHERE m.confirmed_at IS NULL AND EXISTS (SELECT FROM challenges c
         WHERE c.method_id = m.id AND c.epoch = a.epoch))::int AS usable,
       (SELECT codes_left FROM recovery_sets r WHERE r.account_id = a.id) AS codes_left,
       (SELECT count(*)::int FROM recovery_codes k
         WHERE k.account_id = a.id AND k.used_at IS NULL) AS codes,
       array_agg(m.id::text) FILTER (WHERE m.confirmed_at IS NOT NULL) AS keys
     FROM accounts a LEFT JOIN methods m ON m.account_id = a.id WHERE a.id = $1 GROUP BY a.id`,
    [person.id],
  )
  assert.ok(state)
  return state
}

/** On with a method that works and ten codes, or off with nothing that could be used. */
async function assertConsistent(person: Person, keys: ReadonlyMap<string, string>): Promise<State> {
  const state = await read(person)
  const where = JSON.stringify(state)
  assert.equal(state.codes, state.codes_left ?? 0, where)
  assert.equal(state.on > 0, state.codes_left !== null, where)
  if (state.on === 0) assert.equal(state.pending, state.usable, where)
  const door = copies.visitor(1)
  const { json } = await givePassword(door, person)
  assert.equal(json['next'], state.on > 0 ? 'second-step' : 'signed-in', where)
  if (state.on === 0) return state
  copies.clock.advance(60)
  const codes = (state.keys ?? []).map((id) =>
    appCode({ key: keys.get(id) ?? '' }, copies.clock.now()),
  )
  const replies = []
  for (const code of codes) replies.push((await giveCode(door, code)).status)
  assert.ok(replies.includes(200), `${where} ${replies.join()}`)
  return state
}

test('ENR-02: set-up, confirmation, removal and new codes at once, 100 times: always consistent', async () => {
  const seen = new Set<number>()
  for (let round = 0; round < 100; round++) {
    const person = await addSomebody(copies.world, ['totp'])
    const first = person.methods['totp'] ?? ''
    const x = await enter(copies, person)
    const y =
      round % 2 ? await enter(copies, person, {}, copies.visitor(1)) : x.copy(copies.all[1]?.base)
    const pending = await startApp(x)
    const keys = new Map([
      [first, person.key],
      [pending.id, pending.key],
    ])
    const code = appCode(pending, copies.clock.now())
    const acts = [
      () => confirm(x, pending.id, code),
      () => y.api('DELETE', `/methods/${first}`),
      () => x.copy().api('DELETE', `/methods/${first}`),
      () => y.copy().api('POST', '/methods', { kind: 'totp', name: 'Third' }),
      () => x.copy(copies.all[1]?.base).api('POST', '/recovery-codes', {}),
    ]
    const turned = [...acts.slice(round % 5), ...acts.slice(0, round % 5)]
    const [lead, ...rest] = turned
    const led = lead?.()
    // The first act leads by 5, 10 or 15 ms; in every fourth five of rounds it is answered before the others.
    const alone = Math.floor(round / 5) % 4 === 0
    await (alone ? led : setTimeout((Math.floor(round / 5) % 4) * 5))
    const replies = await Promise.all([led, ...rest.map((act) => act())])
    for (const reply of replies) assert.ok(reply && reply.status < 500, reply?.text)
    const { on } = await assertConsistent(person, keys)
    seen.add(on)
  }
  assert.ok(seen.size > 1, 'the first act decides how it ends')
})

test('ENR-02: a first method confirmed many times at once is on once, with one set of codes', async () => {
  for (let round = 0; round < 10; round++) {
    const person = await addSomebody(copies.world)
    const visitor = await enter(copies, person)
    const app = await startApp(visitor)
    const code = appCode(app, copies.clock.now())
    const replies = await Promise.all(
      Array.from({ length: 5 }, (_none, i) =>
        confirm(visitor.copy(copies.all[i % 2]?.base), app.id, code),
      ),
    )
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    assert.partialDeepStrictEqual(await read(person), { on: 1, pending: 0, codes: 10 })
  }
})

test('ENR-05: two removals at once leave a consistent state: one wins, one method stays', async () => {
  for (let round = 0; round < 20; round++) {
    const person = await addSomebody(copies.world)
    const visitor = await enter(copies, person)
    const [one, two] = [await addApp(copies, visitor, 'One'), await addApp(copies, visitor, 'Two')]
    const replies = await Promise.all([
      visitor.copy().api('DELETE', `/methods/${one.id}`),
      visitor.copy(copies.all[1]?.base).api('DELETE', `/methods/${two.id}`),
    ])
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    const keys = new Map([one, two].map(({ id, key }) => [id, key]))
    assert.equal((await assertConsistent(person, keys)).on, 1)
  }
})

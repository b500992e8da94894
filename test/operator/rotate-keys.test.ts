import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, afterEach, before, beforeEach, test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import type { Keys } from '../../src/crypto/keys.ts'
import { random } from '../../src/crypto/random.ts'
import type { Sql } from '../../src/database/port.ts'
import { serve } from '../../src/http/serve.ts'
import type { World } from '../../src/world.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { freePort } from '../support/free-port.ts'
import { freshAppCode } from '../support/member.ts'
import { operate } from '../support/operator.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { giveCode, givePassword } from '../support/steps.ts'
import { Visitor } from '../support/visitor.ts'

let copies: Copies
let folder: string
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())
beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twostep-keys-'))
  await copies.sql.query('DELETE FROM methods')
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const file = () => readFileSync(join(folder, 'keys.json'), 'utf8')
const fileKeys = () => readKeys(folder, null, random)

/** What a copy, or a command, has that starts now. */
function startingNow(more: Partial<World['config']> = {}): World {
  const config = {
    ...copies.world.config,
    dataFolder: folder,
    databaseUrl: 'postgres://…',
    ...more,
  }
  return { ...copies.world, keys: fileKeys(), config }
}

/** Runs something with a copy of the program that has this world, on the same database. */
async function running<T>(world: World, run: (visitor: () => Visitor) => Promise<T>): Promise<T> {
  const port = await freePort()
  const config = { ...world.config, port, baseUrl: `http://localhost:${port}` }
  const server = await serve(createApp({ ...world, config }, { inbox: null }), port, '127.0.0.1')
  try {
    return await run(() => new Visitor(config.baseUrl, world.keys))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

async function signsIn(door: Visitor, person: Person): Promise<void> {
  assert.equal((await givePassword(door, person)).status, 200)
  const reply = await giveCode(door, freshAppCode(copies, person))
  assert.equal(reply.status, 200, reply.text)
}

/** Ids of the keys that stored secrets name. */
async function keysInUse(sql: Sql = copies.sql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT DISTINCT encode(substring(secret FROM 2 FOR 4), 'hex') AS id FROM methods
     WHERE secret IS NOT NULL`,
  )
  return rows.map(({ id }) => id)
}

const rotate = (world: World, words: string[] = [], answers: string[] = []) =>
  operate(world, ['rotate-keys', ...words], answers)

function assertShowsNoKey(text: string): void {
  const { secrets, codes, tokens, waiting } = JSON.parse(file()) as Record<string, string>
  for (const key of [...(secrets ?? []), codes, tokens, waiting]) {
    if (key !== undefined) assert.ok(!text.includes(key.slice(0, 20)))
  }
}

test('CRY-03: a rotation step by step, with copies that run and people who sign in all the while', async () => {
  const old = startingNow()
  const people = [await addSomebody(old, ['totp']), await addSomebody(old, ['totp'])]
  const [first, second] = people as [Person, Person]
  const prepared = await rotate(old)
  assert.match(prepared.said, /Restart every copy/)
  assert.equal(statSync(join(folder, 'keys.json')).mode & 0o777, 0o600)
  const both = startingNow()
  assert.equal(both.keys.secrets.current.id, old.keys.secrets.current.id, 'it does not seal yet')
  assert.equal(both.keys.secrets.all.size, 2)
  await running(both, async (visitor) => {
    await signsIn(visitor(), first)
    const unsure = await rotate(both, [], ['no'])
    assert.equal(unsure.code, 1)
    assert.deepEqual(startingNow().keys.secrets.current.id, old.keys.secrets.current.id)
    const [done] = await Promise.all([
      rotate(both, [], ['yes']),
      signsIn(visitor(), first),
      signsIn(visitor(), second),
    ])
    assert.equal(done.code, 0, done.complained)
    assert.match(done.said, /2 of 2 sealed again[^]*Done: 2 secrets/)
    assertShowsNoKey(done.said + prepared.said)
    copies.clock.advance(60)
    await signsIn(visitor(), first)
    // This copy was not restarted: it seals under the old key.
    const late = await addSomebody(both, ['totp'])
    await signsIn(visitor(), late)
  })
  const fresh = startingNow()
  assert.notEqual(fresh.keys.secrets.current.id, old.keys.secrets.current.id)
  const early = await rotate(fresh, ['--forget-old', '--yes'])
  assert.equal(early.code, 1)
  assert.match(early.complained, /still need an old key/)
  assert.match((await rotate(fresh)).said, /Done: 1 secrets were sealed again/)
  assert.deepEqual(await keysInUse(), [fresh.keys.secrets.current.id])
  assert.match((await rotate(fresh)).said, /can go: rotate-keys --forget-old/)
  assert.equal((await rotate(fresh, ['--forget-old'], ['yes'])).code, 0)
  const last = startingNow()
  assert.deepEqual([...last.keys.secrets.all.keys()], [fresh.keys.secrets.current.id])
  await running(last, (visitor) => signsIn(visitor(), second))
  assert.match((await rotate(last, ['--check'])).said, /Every stored secret opens/)
})

test('CRY-03: with the embedded database, where nothing runs meanwhile, it is one step', async () => {
  const before = startingNow({ databaseUrl: null })
  const person = await addSomebody(before, ['totp'])
  const { code, said } = await rotate(before)
  assert.equal(code, 0)
  assert.match(said, /Done: 1 secrets/)
  const after = startingNow({ databaseUrl: null })
  assert.deepEqual(await keysInUse(), [after.keys.secrets.current.id])
  assert.equal((await rotate(after, ['--forget-old'])).code, 0)
  await running(startingNow(), (visitor) => signsIn(visitor(), person))
})

test('CRY-03: cut off between two batches it is begun again and completed; every secret opens at all times', async () => {
  const before = startingNow({ databaseUrl: null })
  const person = await addSomebody(before, ['totp'])
  await copyMethod(before, await addSomebody(before), 1200)
  let batches = 0
  const breaking: Sql = {
    ...copies.sql,
    query: (text, values) => {
      if (text.includes('UPDATE methods m SET secret') && ++batches > 1) throw new Error('cut off')
      return copies.sql.query(text, values)
    },
  }
  const cut = await rotate({ ...before, sql: breaking })
  assert.equal(cut.code, 1)
  assert.equal((await keysInUse()).length, 2, 'some under each')
  const now = startingNow({ databaseUrl: null })
  assert.match((await rotate(now, ['--check'])).said, /Every stored secret opens/)
  const { said } = await rotate(now)
  assert.match(said, /500 of 701 sealed again[^]*Done: 701 secrets/)
  assert.deepEqual(await keysInUse(), [now.keys.secrets.current.id])
  await running(startingNow(), (visitor) => signsIn(visitor(), person))
})

/** Further apps of the person, their secrets sealed as they are. */
async function copyMethod(world: World, person: Person, count: number): Promise<void> {
  const { seal } = await import('../../src/crypto/seal.ts')
  const { boundTo } = await import('../../src/methods/totp.ts')
  const { newId } = await import('../../src/crypto/random.ts')
  const ids = Array.from({ length: count }, () => newId(world.clock(), random))
  await world.sql.query(
    `INSERT INTO methods (id, account_id, kind, slot, name, secret, created_at, confirmed_at)
     SELECT id, $1, 'totp', id::text, 'App', secret, now(), now()
     FROM unnest($2::uuid[], $3::bytea[]) AS n (id, secret)`,
    [person.id, ids, ids.map((id) => seal(world.keys, random(20), boundTo(person.id, id)))],
  )
}

test('CRY-03: keys in the environment: it says which value to set, and seals again under the first', async () => {
  const key = () => random(32).toString('base64')
  const [old, next, codes, tokens] = [key(), key(), key(), key()]
  const with_ = (secrets: string): World => {
    const keys = { secrets, codes, tokens }
    const config = { ...startingNow().config, keys }
    return { ...startingNow(), keys: readKeys('', keys, random), config }
  }
  const person = await addSomebody(with_(old), ['totp'])
  const start = await rotate(with_(old))
  assert.match(start.said, /Set SECRETS_KEY to the present key, a comma, the new key/)
  assert.match((await rotate(with_(`${old},${next}`))).said, /put it first in SECRETS_KEY/)
  const done = await rotate(with_(`${next},${old}`))
  assert.match(done.said, /Done: 1 secrets.*under the key/)
  assert.match(done.said, /take it out of SECRETS_KEY/)
  assert.equal((await rotate(with_(`${next},${old}`), ['--forget-old', '--yes'])).code, 1)
  await running(with_(next), (visitor) => signsIn(visitor(), person))
  for (const secret of [old, next, codes, tokens]) assert.ok(!start.said.includes(secret))
})

test('CRY-03, FLOW-15: a secret that does not open is named and left as it is', async () => {
  const before = startingNow({ databaseUrl: null })
  const person = await addSomebody(before, ['totp'])
  const other: Keys = readKeys(mkdtempSync(join(folder, 'other-')), null, random)
  const strange = await addSomebody({ ...before, keys: other }, ['totp'])
  const look = await rotate(before, ['--check'])
  assert.equal(look.code, 1)
  assert.match(look.said, new RegExp(`${other.secrets.current.id} is missing`))
  assert.match(look.complained, new RegExp(strange.methods['totp'] ?? 'x'))
  const sealed = 'SELECT encode(secret, $2) AS secret FROM methods WHERE account_id = $1'
  const kept = await copies.sql.query(sealed, [strange.id, 'hex'])
  assert.equal((await rotate(before)).code, 1)
  assert.deepEqual(await copies.sql.query(sealed, [strange.id, 'hex']), kept)
  await running(startingNow(), (visitor) => signsIn(visitor(), person))
})

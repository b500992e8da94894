import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import type { Keys } from '../../src/crypto/keys.ts'
import { random } from '../../src/crypto/random.ts'
import { serve } from '../../src/http/serve.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { freePort } from '../support/free-port.ts'
import { addApp, cookie, enter, freshAppCode, isIn, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { giveCode, givePassword } from '../support/steps.ts'
import { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

const newKey = () => random(32).toString('base64')

/** The same keys after a rotation of the one for stored secrets; the old one opens still, or not. */
function rotated(before: Keys, keepsOld = true): Keys {
  const fresh = readKeys('', { secrets: newKey(), codes: newKey(), tokens: newKey() }, random)
  const { current, all } = fresh.secrets
  const ring = keepsOld ? new Map([...all, ...before.secrets.all]) : all
  return { ...before, secrets: { current, all: ring } }
}

/** Runs something with a copy of the program that has these keys, on the same database. */
async function withKeys(keys: Keys, run: (visitor: () => Visitor) => Promise<void>): Promise<void> {
  const port = await freePort()
  const config = { ...copies.world.config, port, baseUrl: `http://localhost:${port}` }
  const server = await serve(
    createApp({ ...copies.world, keys, config }, { inbox: null }),
    port,
    '127.0.0.1',
  )
  try {
    await run(() => new Visitor(config.baseUrl, keys))
  } finally {
    server.closeAllConnections()
    server.close()
  }
}

/** Id of the key that a stored secret names. */
const keyOf = (secret: Buffer) => secret.toString('hex', 1, 5)

test('CRY-03: after a rotation somebody with an old authenticator signs in and notices nothing', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const trusted = await enter(copies, person, { remember_device: true })
  await withKeys(rotated(copies.world.keys), async (visitor) => {
    const door = visitor()
    await givePassword(door, person)
    assert.equal((await giveCode(door, freshAppCode(copies, person))).status, 200)
    const same = visitor()
    for (const [name, value] of trusted.jar) same.jar.set(name, value)
    assert.ok(await isIn(same), 'sessions go on')
    same.jar.delete('session')
    assert.equal((await givePassword(same, person)).json['next'], 'signed-in', 'and trust does')
    assert.ok(cookie(same, 'session'))
  })
})

test('CRY-03: what is stored from then on is under the new key, with a nonce of its own each', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const keys = rotated(copies.world.keys)
  await withKeys(keys, async (visitor) => {
    const inside = await enter(copies, person, {}, visitor())
    await addApp(copies, inside, 'New')
    await addApp(copies, inside, 'Newer')
  })
  const rows = await rowsOf<{ secret: Buffer }>(copies, 'methods', person)
  const ids = rows.map(({ secret }) => keyOf(secret))
  assert.equal(ids.filter((id) => id === keys.secrets.current.id).length, 2)
  assert.equal(ids.filter((id) => id === copies.world.keys.secrets.current.id).length, 1)
  assert.equal(new Set(rows.map(({ secret }) => secret.toString('hex', 5, 17))).size, 3)
})

test('CRY-03, FLOW-15: without its old key an authenticator signs nobody in, and it is said in the log', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await withKeys(rotated(copies.world.keys, false), async (visitor) => {
    const door = visitor()
    await givePassword(door, person)
    const reply = await giveCode(door, freshAppCode(copies, person))
    assert.equal(reply.json['error'], 'unexpected')
    assert.equal(cookie(door, 'session'), '')
  })
  const { id } = copies.world.keys.secrets.current
  assert.match(copies.logged(), new RegExp(`needs the key ${id}, which is not there`))
})

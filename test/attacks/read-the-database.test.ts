import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { fromBase32 } from '../../src/crypto/base32.ts'
import { normaliseRecoveryCode } from '../../src/crypto/recovery-codes.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump, forms } from '../support/dump.ts'
import { cookie, enter, isIn, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

/** Nothing of these stands in the database, however it is written. */
async function assertAbsent(secrets: readonly string[]): Promise<void> {
  const text = (await dump(copies.sql)).toLowerCase()
  assert.ok(text.length > 1000)
  for (const secret of secrets) assert.ok(!text.includes(secret.toLowerCase()), secret)
}

const fromBase64 = (text: string) => forms(text, Buffer.from(text, 'base64url'))

test('TOTP-06: who reads the database finds no key of an authenticator app', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const raw = fromBase32(person.key)
  assert.ok(raw)
  await assertAbsent([...forms(person.key), ...forms(person.key, raw)])
  const [method] = await rowsOf<{ secret: Buffer }>(copies, 'methods', person)
  const id = copies.world.keys.secrets.current.id
  assert.equal(method?.secret.toString('hex', 1, 5), id, 'it carries the id of its key')
})

test('TOTP-06: attack: the stored keys of two people swapped: neither signs in', async () => {
  const mine = await addSomebody(copies.world, ['totp'])
  const theirs = await addSomebody(copies.world, ['totp'])
  await copies.sql.query(
    `UPDATE methods m SET secret = o.secret FROM methods o
     WHERE (m.id, o.id) IN (($1::uuid, $2::uuid), ($2::uuid, $1::uuid))`,
    [mine.methods['totp'], theirs.methods['totp']],
  )
  for (const [person, key] of [
    [mine, mine.key],
    [mine, theirs.key],
    [theirs, theirs.key],
    [theirs, mine.key],
  ] as const) {
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    const reply = await giveCode(visitor, appCode({ key }, copies.clock.now()))
    assert.equal(reply.json['error'], 'unexpected')
    assert.equal(cookie(visitor, 'session'), '')
    assert.ok(!(await isIn(visitor)))
  }
})

test('SES-01, TD-02: who reads the database can make no cookie of a session or trusted device', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  const pending = copies.visitor()
  await givePassword(pending, person)
  const cookies = [
    cookie(visitor, 'session'),
    cookie(visitor, 'device-'),
    cookie(pending, 'sign-in'),
  ]
  for (const value of cookies) assert.match(value, /^[\w-]{43,}$/, '32 bytes or more')
  await assertAbsent(cookies.flatMap(fromBase64))
})

test('SES-01, TD-02: attack: what the database holds instead of them opens nothing', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  const [session] = await rowsOf<{ id: string; token_hash: Buffer }>(copies, 'sessions', person)
  const [device] = await rowsOf<{ id: string }>(copies, 'trusted_devices', person)
  assert.ok(session && device)
  for (const value of [session.token_hash.toString('base64url'), session.id]) {
    const thief = copies.visitor()
    thief.jar.set('session', value)
    assert.ok(!(await isIn(thief)))
  }
  const name = [...visitor.jar.keys()].find((one) => one.startsWith('device-')) ?? ''
  const thief = copies.visitor()
  thief.jar.set(name, device.id)
  assert.equal((await givePassword(thief, person)).json['next'], 'second-step')
})

test('RC-03: who reads the database finds no recovery code, only hashes under 32 bytes of salt', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const plain = person.recoveryCodes.map((code) => normaliseRecoveryCode(code) ?? '')
  await assertAbsent([
    ...person.recoveryCodes.flatMap((code) => forms(code)),
    ...plain.flatMap((code) => forms(code)),
  ])
  const [set] = await copies.sql.query<{ salt: Buffer }>(
    'SELECT salt FROM recovery_sets WHERE account_id = $1',
    [person.id],
  )
  assert.ok(set && set.salt.length >= 32)
  const again = await copies.world.passwords.hashWithSalt(plain[0] ?? '', set.salt)
  assert.ok(again !== 'busy')
  const stored = await rowsOf<{ hash: Buffer }>(copies, 'recovery_codes', person)
  assert.ok(
    stored.some(({ hash }) => hash.equals(again)),
    'it is the password hash of a code',
  )
})

test('PW-04: who reads the database finds no password, only an Argon2id hash', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  await assertAbsent(forms(person.password))
  const [row] = await copies.sql.query<{ password_hash: string }>(
    'SELECT password_hash FROM accounts WHERE id = $1',
    [person.id],
  )
  assert.match(row?.password_hash ?? '', /^\$argon2id\$v=19\$m=\d+,t=\d+,p=1\$/)
})

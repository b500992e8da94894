import assert from 'node:assert/strict'
import { test } from 'node:test'
import { defaults } from '../../src/config.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { random } from '../../src/crypto/random.ts'

const passwords = createPasswords(defaults(), 2)
/** Little work, for tests that are about the queue or need many runs. */
const light = { passwordHashMemoryKib: 64, passwordHashPasses: 1 }

async function hashed(password: string): Promise<string> {
  const phc = await passwords.hash(password)
  assert.notEqual(phc, 'busy')
  return phc
}

test('PW-04: a password is stored as Argon2id, 19 MiB, two passes, one lane, its own salt', async () => {
  const [first, second] = await Promise.all([hashed('the same one'), hashed('the same one')])
  const form = /^\$argon2id\$v=19\$m=19456,t=2,p=1\$([A-Za-z0-9+/]{22})\$[A-Za-z0-9+/]{43}$/
  assert.match(first, form)
  assert.match(second, form)
  assert.notEqual(form.exec(first)?.[1], form.exec(second)?.[1])
})

test('PW-04: a hash of the reference implementation is understood', async () => {
  // The phc-winner-argon2 repository, src/test.c: version 19, t=2, m=256 KiB, Argon2id.
  const phc = '$argon2id$v=19$m=256,t=2,p=1$c29tZXNhbHQ$nf65EOgLrQMR/uIPnA4rEsF5h7TKyQwu9U1bMCHGi/4'
  assert.equal(await passwords.verify(phc, 'password'), 'right')
  assert.equal(await passwords.verify(phc, 'Password'), 'wrong')
})

test('PW-05: é composed and é decomposed are one password, case and spaces count', async () => {
  const composed = 'caf\u00e9 au lait'
  const decomposed = 'cafe\u0301 au lait'
  assert.notEqual(composed, decomposed)
  assert.equal(await passwords.verify(await hashed(composed), decomposed), 'right')
  assert.equal(await passwords.verify(await hashed(decomposed), composed), 'right')
  const phc = await hashed(composed)
  for (const other of ['cafe au lait', 'Caf\u00e9 au lait', `${composed} `, 'caf\u00e9 au  lait']) {
    assert.equal(await passwords.verify(phc, other), 'wrong', other)
  }
})

test('PW-05: compatibility forms stay apart: full-width letters are other letters', async () => {
  assert.equal(await passwords.verify(await hashed('ｐａｓｓ'), 'pass'), 'wrong')
  assert.equal(await passwords.verify(await hashed('ﬁnd'), 'find'), 'wrong')
})

test('PW-01: of two 100-character passwords the last character counts', async () => {
  const start = 'x'.repeat(99)
  const phc = await hashed(`${start}a`)
  assert.equal(await passwords.verify(phc, `${start}a`), 'right')
  assert.equal(await passwords.verify(phc, `${start}b`), 'wrong')
  assert.equal(await passwords.verify(phc, start), 'wrong')
})

test('PW-01: a zero character ends no password', async () => {
  assert.equal(await passwords.verify(await hashed('one\u0000two'), 'one\u0000six'), 'wrong')
})

test('FLOW-11: an unknown account is wrong whatever the password', async () => {
  for (const password of ['', 'x', 'a long enough password', '\u0000'.repeat(32)]) {
    assert.equal(await passwords.verify(null, password), 'wrong')
  }
})

test('FLOW-11: an unknown account costs as much work as a known one', async () => {
  // Enough memory that a check without the hash would be a thousand times cheaper.
  const costly = createPasswords({ passwordHashMemoryKib: 65_536, passwordHashPasses: 2 }, 1)
  const phc = await costly.hash('a password')
  const known = await processorTime(() => costly.verify(phc, 'another'))
  const unknown = await processorTime(() => costly.verify(null, 'another'))
  assert.ok(unknown * 5 > known, `${unknown} µs for nobody, ${known} µs for somebody`)
})

async function processorTime(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let round = 0; round < 3; round += 1) await run()
  const { user, system } = process.cpuUsage(before)
  return user + system
}

test('FLOW-15: what is no PHC string is an error, never a right password', async () => {
  for (const phc of ['', 'a password', '$argon2id$', '$2b$12$abcdefghijklmnopqrstuv']) {
    await assert.rejects(passwords.verify(phc, 'a password'), phc)
  }
})

test('PW-04: a hash is made again when the parameters rise, not when they stay or fall', async () => {
  const phc = await hashed('a password')
  const needs = (memory: number, passes: number) =>
    createPasswords({ passwordHashMemoryKib: memory, passwordHashPasses: passes }, 1).needsRehash(
      phc,
    )
  assert.equal(needs(19_456, 2), false)
  assert.equal(needs(16_384, 1), false)
  assert.equal(needs(19_457, 2), true)
  assert.equal(needs(19_456, 3), true)
})

test('PW-04: a hash of a weaker kind is made again', () => {
  const phc = (kind: string, version: number) =>
    `$${kind}$v=${version}$m=19456,t=2,p=1$${'A'.repeat(22)}$${'A'.repeat(43)}`
  assert.equal(passwords.needsRehash(phc('argon2id', 19)), false)
  assert.equal(passwords.needsRehash(phc('argon2i', 19)), true)
  assert.equal(passwords.needsRehash(phc('argon2d', 19)), true)
  assert.equal(passwords.needsRehash(phc('argon2id', 16)), true)
})

test('RC-03: under one salt the same code has the same 32 bytes, under another it has others', async () => {
  const salt = random(32)
  const [first, again, other, elsewhere] = await Promise.all([
    passwords.hashWithSalt('ABCDEFGHIJKLMNOP', salt),
    passwords.hashWithSalt('ABCDEFGHIJKLMNOP', salt),
    passwords.hashWithSalt('ABCDEFGHIJKLMNOQ', salt),
    passwords.hashWithSalt('ABCDEFGHIJKLMNOP', random(32)),
  ])
  assert.ok(Buffer.isBuffer(first) && first.length === 32)
  assert.deepEqual(again, first)
  assert.notDeepEqual(other, first)
  assert.notDeepEqual(elsewhere, first)
})

test('RC-03: a salt below 32 bytes is refused', async () => {
  await assert.rejects(passwords.hashWithSalt('ABCDEFGHIJKLMNOP', random(31)), RangeError)
})

test('PW-04: what neither runs nor may wait is told to come back, and the others are served', async () => {
  const narrow = createPasswords(light, 1, 2)
  const answers = await Promise.all(
    ['one', 'two', 'three', 'four', 'five'].map((password) => narrow.hash(password)),
  )
  assert.deepEqual(
    answers.map((answer) => answer === 'busy'),
    [false, false, false, true, true],
  )
  assert.notEqual(await narrow.hash('six'), 'busy')
})

test('PW-04: all kinds of hashing share one queue', async () => {
  const narrow = createPasswords(light, 1, 1)
  const phc = await narrow.hash('a password')
  const answers = await Promise.all([
    narrow.hash('a password'),
    narrow.verify(phc, 'a password'),
    narrow.verify(phc, 'a password'),
    narrow.verify(null, 'a password'),
    narrow.hashWithSalt('a code', random(32)),
  ])
  assert.deepEqual(answers.slice(1), ['right', 'busy', 'busy', 'busy'])
})

test('PW-04: a run that fails gives its place back', async () => {
  const narrow = createPasswords(light, 1, 1)
  for (let round = 0; round < 5; round += 1) {
    await assert.rejects(narrow.verify('no PHC string', 'a password'))
  }
  assert.notEqual(await narrow.hash('a password'), 'busy')
})

test('PW-04: while passwords are hashed the program goes on answering', async () => {
  let turns = 0
  let over = false
  const count = () => {
    turns += 1
    if (!over) setImmediate(count)
  }
  const phc = await hashed('a password')
  setImmediate(count)
  const answers = await Promise.all(
    Array.from({ length: 10 }, () => passwords.verify(phc, 'a password')),
  )
  over = true
  assert.ok(answers.every((answer) => answer === 'right'))
  // Hashing on the program's own thread would leave it one turn a hash at most.
  assert.ok(turns > 100, `${turns} turns`)
})

import assert from 'node:assert/strict'
import { scryptSync } from 'node:crypto'
import { test } from 'node:test'
import { hashSync } from '@node-rs/bcrypt'
import { isForeign, readHash } from '../../src/crypto/foreign-hashes.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'

const passwords = createPasswords({ passwordHashMemoryKib: 256, passwordHashPasses: 1 }, 2)

/** The form to store; throws when it is refused. */
function stored(text: string): string {
  const read = readHash(text)
  assert.ok(read.ok, read.ok ? '' : read.why)
  return read.stored
}

const bare = (bytes: Buffer) => bytes.toString('base64').replace(/=+$/, '')

test('PW-04: bcrypt of crypt_blowfish’s own vectors is verified, in all three spellings', async () => {
  const vectors = [
    ['U*U', 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'],
    ['U*U*', 'CCCCCCCCCCCCCCCCCCCCC.VGOzA784oUp/Z0DY336zx7pLYAy0lwK'],
    ['', 'CCCCCCCCCCCCCCCCCCCCC.7uG0VCzI2bS7j6ymqJi9CdcdxiRTWNy'],
  ] as const
  for (const [password, tail] of vectors) {
    for (const version of ['2a', '2b', '2y']) {
      const hash = stored(`$${version}$05$${tail}`)
      assert.equal(await passwords.verify(hash, password), 'right', `${version} ${password}`)
      assert.equal(await passwords.verify(hash, `${password}x`), 'wrong')
      assert.ok(passwords.needsRehash(hash))
    }
  }
})

test('PW-04: scrypt of RFC 7914, section 12, is verified as a PHC string', async () => {
  const [salt, key] = [
    Buffer.from('SodiumChloride'),
    '7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2' +
      'd5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887',
  ]
  const hash = stored(`$scrypt$ln=14,r=8,p=1$${bare(salt)}$${bare(Buffer.from(key, 'hex'))}`)
  assert.equal(await passwords.verify(hash, 'pleaseletmein'), 'right')
  assert.equal(await passwords.verify(hash, 'pleaseletmeim'), 'wrong')
})

test('PW-04: Node’s own form, salt:hash, is verified with the salt as text', async () => {
  const salt = '00112233445566778899aabbccddeeff'
  const hash = scryptSync('correct horse', salt, 64).toString('hex')
  const phc = stored(`${salt}:${hash}`)
  assert.match(phc, /^\$scrypt\$ln=14,r=8,p=1\$/)
  assert.equal(await passwords.verify(phc, 'correct horse'), 'right')
  assert.equal(await passwords.verify(phc, 'correct horses'), 'wrong')
})

test('PW-04: argon2id is stored as it is, and made again when it is weaker than ours', async () => {
  const ours = await passwords.hash('correct horse')
  assert.equal(stored(ours), ours)
  assert.ok(!isForeign(ours))
  const strict = createPasswords({ passwordHashMemoryKib: 1024, passwordHashPasses: 1 }, 2)
  assert.ok(strict.needsRehash(ours))
})

test('PW-04: hashes that cost too much, are too short or are of another kind are refused, each with its reason', () => {
  const salt = bare(Buffer.alloc(16, 1))
  const hash = bare(Buffer.alloc(32, 2))
  const tail = 'CCCCCCCCCCCCCCCCCCCCC.E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW'
  for (const [text, says] of [
    [`$2a$15$${tail}`, /cost: 4 to 14 are taken, not 15/],
    [`$2a$31$${tail}`, /cost/],
    [`$2x$05$${tail}`, /old form of bcrypt/],
    [`$2a$05$${tail}x`, /not known/],
    [`$scrypt$ln=18,r=8,p=1$${salt}$${hash}`, /ln: 10 to 17/],
    [`$scrypt$ln=17,r=9,p=1$${salt}$${hash}`, /too much memory/],
    [`$scrypt$ln=17,r=8,p=3$${salt}$${hash}`, /too much memory or time/],
    [`$scrypt$ln=14,r=0,p=1$${salt}$${hash}`, /1 or more/],
    [`$scrypt$ln=14,r=8,p=1$${salt}$YWI`, /bytes of hash: 16 to 64/],
    [`$scrypt$ln=14,r=8,p=1$YWI$${hash}`, /bytes of salt/],
    [`$argon2id$v=19$m=131073,t=1,p=1$${salt}$${hash}`, /too much memory/],
    [`$argon2id$v=19$m=4096,t=17,p=1$${salt}$${hash}`, /passes/],
    [`$argon2id$v=19$m=16,t=1,p=16$${salt}$${hash}`, /too little memory/],
    [`$argon2id$v=19$m=4096,t=1,p=1$${salt}$YQ`, /bytes of hash/],
    [`$argon2i$v=19$m=4096,t=1,p=1$${salt}$${hash}`, /only argon2id/],
    ['$1$salt$qJH7.N4xYta3aEG/dfqo/0', /not known/],
    ['5f4dcc3b5aa765d61d8327deb882cf99', /no password hash/],
    ['correct horse battery staple', /no password hash/],
    ['', /no password hash/],
  ] as const) {
    const read = readHash(text)
    assert.ok(!read.ok, text)
    assert.match(read.why, says)
  }
})

test('PW-04: hashes of other programs wait in the same queue', async () => {
  const narrow = createPasswords({ passwordHashMemoryKib: 256, passwordHashPasses: 1 }, 1, 1)
  const hash = hashSync('correct horse', 10)
  const verdicts = await Promise.all([1, 2, 3, 4].map(() => narrow.verify(hash, 'correct horse')))
  assert.deepEqual(verdicts.toSorted(), ['busy', 'busy', 'right', 'right'])
})

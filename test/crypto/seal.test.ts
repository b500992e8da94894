import assert from 'node:assert/strict'
import { test } from 'node:test'
import { toBase32 } from '../../src/crypto/base32.ts'
import { random } from '../../src/crypto/random.ts'
import { open, seal } from '../../src/crypto/seal.ts'
import { keyText, someKeys } from './some-keys.ts'

const keys = someKeys()
const secret = random(20)

test('TOTP-06: what was sealed for an account and method opens for them', () => {
  assert.deepEqual(open(keys, seal(keys, secret, 'ann:app'), 'ann:app'), secret)
  assert.deepEqual(open(keys, seal(keys, Buffer.alloc(0), 'ann:app'), 'ann:app'), Buffer.alloc(0))
})

test('TOTP-06: two users’ secrets swapped in the database open for neither', () => {
  const anns = seal(keys, secret, 'ann:app')
  const bobs = seal(keys, random(20), 'bob:app')
  assert.throws(() => open(keys, bobs, 'ann:app'))
  assert.throws(() => open(keys, anns, 'bob:app'))
})

test('TOTP-06: no stored byte shows the secret, raw or in base32', () => {
  const sealed = seal(keys, secret, 'ann:app')
  assert.equal(sealed.includes(secret), false)
  assert.equal(sealed.includes(toBase32(secret)), false)
})

test('TOTP-06: a change of any one byte is refused', () => {
  const sealed = seal(keys, secret, 'ann:app')
  for (let at = 0; at < sealed.length; at += 1) {
    const changed = Buffer.from(sealed)
    changed[at] = changed.readUInt8(at) ^ 1
    assert.throws(() => open(keys, changed, 'ann:app'), `byte ${at}`)
  }
})

test('TOTP-06: a cut or lengthened value is refused', () => {
  const sealed = seal(keys, secret, 'ann:app')
  for (let length = 0; length < sealed.length; length += 1) {
    assert.throws(() => open(keys, sealed.subarray(0, length), 'ann:app'), `length ${length}`)
  }
  assert.throws(() => open(keys, Buffer.concat([sealed, Buffer.alloc(1)]), 'ann:app'))
})

test('CRY-03: each sealing has a nonce of its own', () => {
  const nonces = Array.from({ length: 1000 }, () =>
    seal(keys, secret, 'ann:app').toString('hex', 5, 17),
  )
  assert.equal(new Set(nonces).size, 1000)
})

test('CRY-03: after a rotation old secrets open, new ones carry the new key’s id', () => {
  const [first, second, third] = [keyText(), keyText(), keyText()]
  const before = someKeys(first)
  const after = someKeys(`${second},${first}`)
  const later = someKeys(`${third},${second},${first}`)
  const old = seal(before, secret, 'ann:app')
  const young = seal(after, secret, 'ann:app')
  assert.deepEqual(open(after, old, 'ann:app'), secret)
  assert.deepEqual(open(later, old, 'ann:app'), secret)
  assert.deepEqual(open(later, young, 'ann:app'), secret)
  assert.equal(old.toString('hex', 1, 5), before.secrets.current.id)
  assert.equal(young.toString('hex', 1, 5), after.secrets.current.id)
  assert.notEqual(before.secrets.current.id, after.secrets.current.id)
})

test('CRY-03: without its old key a secret stays shut, and the error names only the key’s id', () => {
  const before = someKeys()
  const sealed = seal(before, secret, 'ann:app')
  const id = before.secrets.current.id
  assert.throws(() => open(someKeys(), sealed, 'ann:app'), {
    message: `A stored secret needs the key ${id}, which is not there`,
  })
})

import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import '../support/chance.ts'
import { sameBytes } from '../../src/crypto/equal.ts'
import { newId, random } from '../../src/crypto/random.ts'
import {
  antiForgeryToken,
  antiForgeryTokenFits,
  deriveToken,
  deviceToken,
  hashToken,
  keyedDigest,
  linkToken,
  newToken,
  readDeviceToken,
  readLinkToken,
} from '../../src/crypto/tokens.ts'
import { someKeys } from './some-keys.ts'

const keys = someKeys()
const others = someKeys()
const now = new Date('2026-11-24T12:00:00Z')
const id = newId(now, random)
const base64url = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'

test('SES-01, CRY-01: a token has 256 random bits and is stored as their SHA-256', () => {
  const { token, hash } = newToken(random)
  assert.match(token, /^[A-Za-z0-9_-]{43}$/)
  const bytes = Buffer.from(token, 'base64url')
  assert.deepEqual(hash, createHash('sha256').update(bytes).digest())
  assert.deepEqual(hashToken(token), hash)
  const tokens = Array.from({ length: 1000 }, () => newToken(random).token)
  assert.equal(new Set(tokens).size, 1000)
})

test('SES-01: a text that has not the form of a token has no hash', () => {
  const { token } = newToken(random)
  for (const text of [
    '',
    token.slice(1),
    `${token}A`,
    `${token}=`,
    ` ${token}`,
    `${token.slice(0, 42)}+`,
    `${token.slice(0, 42)}/`,
    `${token.slice(0, 42)}é`,
    `${token.slice(0, 20)}\u0000${token.slice(21)}`,
    'a'.repeat(10_000),
  ]) {
    assert.equal(hashToken(text), null, text.slice(0, 50))
  }
})

test('a token has one spelling: stray last bits are refused', () => {
  const { token } = newToken(random)
  const spellings = [...base64url].map((last) => token.slice(0, 42) + last)
  const read = spellings.filter((text) => hashToken(text) !== null)
  assert.equal(read.length, 16)
  assert.equal(new Set(read.map((text) => hashToken(text)?.toString('hex'))).size, 16)
})

test('a derived token is the same again, and another for each purpose, id, part and key', () => {
  const token = deriveToken(keys, 'form', id, 'a', 'b')
  assert.equal(deriveToken(keys, 'form', id, 'a', 'b'), token)
  assert.match(token, /^[A-Za-z0-9_-]{43}$/)
  for (const other of [
    deriveToken(keys, 'other', id, 'a', 'b'),
    deriveToken(keys, 'form', newId(now, random), 'a', 'b'),
    deriveToken(keys, 'form', id, 'ab'),
    deriveToken(keys, 'form', id, 'a', 'b', ''),
    deriveToken(others, 'form', id, 'a', 'b'),
  ]) {
    assert.notEqual(other, token)
  }
  assert.throws(() => deriveToken(keys, 'form', '1'), TypeError)
})

test('a link’s token names its link for its own purpose only', () => {
  const token = linkToken(keys, id, 'sign-up')
  assert.match(token, /^[A-Za-z0-9_-]{43}$/)
  assert.equal(readLinkToken(keys, token, 'sign-up'), id)
  assert.equal(readLinkToken(keys, token, 'verify-email'), null)
  assert.equal(readLinkToken(others, token, 'sign-up'), null)
})

test('a link’s token with another link’s id, or any character changed, is refused', () => {
  const mine = Buffer.from(linkToken(keys, id, 'sign-up'), 'base64url')
  const yours = Buffer.from(linkToken(keys, newId(now, random), 'sign-up'), 'base64url')
  const mixed = Buffer.concat([yours.subarray(0, 16), mine.subarray(16)]).toString('base64url')
  assert.equal(readLinkToken(keys, mixed, 'sign-up'), null)
  for (const changed of withOneCharacterChanged(mine.toString('base64url'))) {
    assert.equal(readLinkToken(keys, changed, 'sign-up'), null)
  }
})

test('TD-02, TD-07: a trusted device’s token names its device and generation', () => {
  for (const generation of [0, 1, 255, 2 ** 31 - 1, 2 ** 32 - 1]) {
    const token = deviceToken(keys, id, generation)
    assert.match(token, /^[A-Za-z0-9_-]{48}$/)
    assert.deepEqual(readDeviceToken(keys, token), { id, generation })
    assert.equal(readDeviceToken(others, token), null)
  }
})

test('TD-07: the token of the next generation does not follow from the present one', () => {
  const present = Buffer.from(deviceToken(keys, id, 1), 'base64url')
  present.writeUInt32BE(2, 16)
  assert.equal(readDeviceToken(keys, present.toString('base64url')), null)
  assert.notEqual(deviceToken(keys, id, 1), deviceToken(keys, id, 2))
})

test('TD-02: a device’s token with any character changed, cut or lengthened is refused', () => {
  const token = deviceToken(keys, id, 3)
  for (const changed of [...withOneCharacterChanged(token), token.slice(4), `${token}AAAA`, '']) {
    assert.equal(readDeviceToken(keys, changed), null)
  }
})

test('a generation that 32 bits do not hold is refused', () => {
  for (const generation of [-1, 2 ** 32, NaN]) {
    assert.throws(() => deviceToken(keys, id, generation))
  }
})

test('tokens of one kind are worth nothing as another', () => {
  const link = linkToken(keys, id, 'sign-up')
  const device = deviceToken(keys, id, 0)
  assert.equal(readDeviceToken(keys, link), null)
  assert.equal(readLinkToken(keys, device, 'sign-up'), null)
  assert.equal(antiForgeryTokenFits(keys, 'a cookie', deriveToken(keys, 'a cookie', id)), false)
  assert.equal(antiForgeryTokenFits(keys, 'a cookie', keyedDigest(keys, 'a', 'cookie')), false)
})

test('whatever arrives as a token is read or refused, never an error', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
      assert.equal(readLinkToken(keys, text, 'sign-up'), null)
      assert.equal(readDeviceToken(keys, text), null)
      assert.equal(antiForgeryTokenFits(keys, 'a cookie', text), false)
    }),
  )
})

test('FLOW-10, WEB-01: an anti-forgery token fits the cookie it was made for only', () => {
  const token = antiForgeryToken(keys, 'my cookie')
  assert.equal(antiForgeryTokenFits(keys, 'my cookie', token), true)
  assert.equal(antiForgeryTokenFits(keys, 'your cookie', token), false)
  assert.equal(antiForgeryTokenFits(keys, '', token), false)
  assert.equal(antiForgeryTokenFits(others, 'my cookie', token), false)
  for (const changed of [...withOneCharacterChanged(token), '', `${token}A`]) {
    assert.equal(antiForgeryTokenFits(keys, 'my cookie', changed), false)
  }
})

test('a keyed digest stays the same for a value and hides it from who lacks the key', () => {
  const digest = keyedDigest(keys, 'destination', '+447700900123')
  assert.equal(keyedDigest(keys, 'destination', '+447700900123'), digest)
  assert.match(digest, /^[A-Za-z0-9_-]{43}$/)
  assert.notEqual(keyedDigest(keys, 'source', '+447700900123'), digest)
  assert.notEqual(keyedDigest(keys, 'destination', '+447700900124'), digest)
  assert.notEqual(keyedDigest(others, 'destination', '+447700900123'), digest)
})

test('bytes are the same only when all are', () => {
  assert.equal(sameBytes(Buffer.from('abc'), Buffer.from('abc')), true)
  assert.equal(sameBytes(Buffer.from('abc'), Buffer.from('abd')), false)
  assert.equal(sameBytes(Buffer.from('abc'), Buffer.from('ab')), false)
})

function withOneCharacterChanged(token: string): string[] {
  return [...token].map((character, at) => {
    const other = character === 'A' ? 'Q' : 'A'
    return token.slice(0, at) + other + token.slice(at + 1)
  })
}

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import '../support/chance.ts'
import { fromBase32, toBase32 } from '../../src/crypto/base32.ts'

// RFC 4648, section 10.
const vectors = [
  ['', ''],
  ['f', 'MY======'],
  ['fo', 'MZXQ===='],
  ['foo', 'MZXW6==='],
  ['foob', 'MZXW6YQ='],
  ['fooba', 'MZXW6YTB'],
  ['foobar', 'MZXW6YTBOI======'],
] as const

test('TOTP-10: base32 gives the published values, without padding', () => {
  for (const [plain, encoded] of vectors) {
    assert.equal(toBase32(Buffer.from(plain)), encoded.replaceAll('=', ''))
  }
})

test('base32 reads the published values back, padded or not, in either case', () => {
  for (const [plain, encoded] of vectors) {
    for (const text of [encoded, encoded.replaceAll('=', ''), encoded.toLowerCase()]) {
      assert.equal(fromBase32(text)?.toString(), plain)
    }
  }
})

test('base32 keeps any bytes', () => {
  const bytes = fc.uint8Array({ maxLength: 200 }).map((each) => Buffer.from(each))
  fc.assert(fc.property(bytes, (each) => fromBase32(toBase32(each))?.equals(each) === true))
})

test('base32 refuses foreign characters, impossible lengths and stray last bits', () => {
  for (const text of [
    'M0',
    'M1',
    'M8',
    'MZ-W',
    'MZXW6 YQ',
    'A',
    'AAA',
    'MZ',
    'ſſ',
    '=',
    '========',
    'MY=',
    'ＭＹ',
  ]) {
    assert.equal(fromBase32(text), null, text)
  }
})

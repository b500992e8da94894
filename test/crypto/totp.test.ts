import assert from 'node:assert/strict'
import { createSecretKey } from 'node:crypto'
import { test } from 'node:test'
import fc from 'fast-check'
import '../support/chance.ts'
import { fromBase32, toBase32 } from '../../src/crypto/base32.ts'
import { random } from '../../src/crypto/random.ts'
import { findStep, keyUri, newSecret, stepAt, totpCode } from '../../src/crypto/totp.ts'

const secret = Buffer.from('12345678901234567890')

test('TOTP-01: the ten values of RFC 4226, appendix D', () => {
  const codes = '755224 287082 359152 969429 338314 254676 287922 162583 399871 520489'.split(' ')
  assert.deepEqual(
    codes.map((_, counter) => totpCode(secret, counter)),
    codes,
  )
})

test('TOTP-01: the SHA-1 values of RFC 6238, appendix B, cut to six digits', () => {
  const vectors = [
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ] as const
  for (const [seconds, eightDigits] of vectors) {
    const step = stepAt(new Date(seconds * 1000))
    assert.equal(totpCode(secret, step), eightDigits.slice(2))
  }
})

test('TOTP-01: counters beyond 32 bits give what oathtool gives', () => {
  assert.equal(totpCode(secret, 2 ** 32 - 1), '117190')
  assert.equal(totpCode(secret, 2 ** 32), '999456')
  assert.equal(totpCode(secret, 2 ** 32 + 5), '250721')
  assert.equal(totpCode(secret, 2 ** 40), '445672')
  assert.equal(totpCode(secret, Number.MAX_SAFE_INTEGER), '891307')
})

test('a key object and its bytes give the same code', () => {
  assert.equal(totpCode(createSecretKey(secret), 7), totpCode(secret, 7))
})

test('a step that is no whole number is refused', () => {
  for (const step of [-1, 0.5, NaN, Infinity, 2 ** 53]) {
    assert.throws(() => totpCode(secret, step), RangeError)
  }
})

test('a step lasts from its half-minute to a millisecond before the next', () => {
  assert.equal(stepAt(new Date(0)), 0)
  assert.equal(stepAt(new Date(29_999)), 0)
  assert.equal(stepAt(new Date(30_000)), 1)
})

test('TOTP-02: a thousand secrets are a thousand values of 160 bits', () => {
  const secrets = Array.from({ length: 1000 }, () => toBase32(newSecret(random)))
  assert.equal(new Set(secrets).size, 1000)
  assert.ok(secrets.every((each) => /^[A-Z2-7]{32}$/.test(each)))
})

test('TOTP-03: the present step and one on either side are found, no more', () => {
  const at = new Date('2026-11-24T12:00:15Z')
  const present = stepAt(at)
  for (const away of [-1, 0, 1]) {
    assert.equal(findStep(secret, totpCode(secret, present + away), at, 1), present + away)
  }
  for (const away of [-3, -2, 2, 3]) {
    assert.equal(findStep(secret, totpCode(secret, present + away), at, 1), null)
  }
})

test('TOTP-03: with none around only the present step is found', () => {
  const at = new Date('2026-11-24T12:00:15Z')
  const present = stepAt(at)
  assert.equal(findStep(secret, totpCode(secret, present), at, 0), present)
  assert.equal(findStep(secret, totpCode(secret, present - 1), at, 0), null)
  assert.equal(findStep(secret, totpCode(secret, present + 1), at, 0), null)
})

test('TOTP-03: a window wider than one step is refused', () => {
  for (const around of [2, -1, 0.5, NaN, Infinity]) {
    assert.throws(() => findStep(secret, '000000', new Date(0), around), RangeError)
  }
})

test('TOTP-04: of two steps with one code the newer is spent, so it never works twice', () => {
  // Found by trying: this secret has one code for both steps.
  const older = 910_737
  const code = '911617'
  assert.deepEqual([totpCode(secret, older), totpCode(secret, older + 1)], [code, code])
  assert.equal(findStep(secret, code, new Date(older * 30_000), 1), older + 1)
  assert.equal(findStep(secret, code, new Date((older + 1) * 30_000), 1), older + 1)
})

test('codes of another form fit no step', () => {
  const at = new Date('2026-11-24T12:00:15Z')
  for (const code of ['', '1', '0000000', '______', '１２３４５６', 'abcdef']) {
    assert.equal(findStep(secret, code, at, 1), null)
  }
})

test('a clock at its very beginning has no step before it', () => {
  assert.equal(findStep(secret, '755224', new Date(0), 1), 0)
})

const name = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom('A & B + C', 'a+b@example.com', 'Ünïcode 🙂🙂', 'a:b', '::x', '100%', '?=#/\\"'),
)
const named = name.filter((text) => clean(text) !== '')

/** What a name must read as: a colon separates issuer and account, so none stays inside. */
function clean(text: string): string {
  return text
    .toWellFormed()
    .replace(/\s*:\s*/g, ' ')
    .trim()
}

test('TOTP-10: whatever the names, an app reads back the same values', () => {
  fc.assert(
    fc.property(named, named, (issuer, account) => {
      const uri = keyUri({ issuer, account, secret })
      const parts = /^otpauth:\/\/totp\/([^:?]+):([^:?]+)\?([^?]*)$/.exec(uri)
      assert.ok(parts)
      assert.equal(decodeURIComponent(parts[1] ?? ''), clean(issuer))
      assert.equal(decodeURIComponent(parts[2] ?? ''), clean(account))
      const read = new URLSearchParams(parts[3])
      assert.deepEqual([...read.keys()], ['secret', 'issuer', 'algorithm', 'digits', 'period'])
      assert.equal(read.get('issuer'), clean(issuer))
      assert.deepEqual(fromBase32(read.get('secret') ?? ''), secret)
      assert.deepEqual(
        ['algorithm', 'digits', 'period'].map((each) => read.get(each)),
        ['SHA1', '6', '30'],
      )
      assert.doesNotMatch(uri, /[+\s]|%3A/i)
    }),
  )
})

test('TOTP-10: the address is the one of the key URI format, letter for letter', () => {
  assert.equal(
    keyUri({ issuer: 'Acme: Sales & Co', account: 'a+b@example.com', secret }),
    'otpauth://totp/Acme%20Sales%20%26%20Co:a%2Bb%40example.com' +
      '?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Acme%20Sales%20%26%20Co' +
      '&algorithm=SHA1&digits=6&period=30',
  )
})

test('TOTP-10: a name of nothing but colons and spaces is refused', () => {
  assert.throws(() => keyUri({ issuer: ' : ', account: 'a', secret }), RangeError)
  assert.throws(() => keyUri({ issuer: 'a', account: '', secret }), RangeError)
})

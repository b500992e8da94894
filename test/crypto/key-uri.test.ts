import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readKeyUri } from '../../src/crypto/key-uri.ts'
import { keyUri } from '../../src/crypto/totp.ts'

const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

test('TOTP-11: what our own addresses say is read back', () => {
  const bytes = Buffer.from('12345678901234567890')
  for (const algorithm of ['SHA1', 'SHA256', 'SHA512'] as const) {
    const parameters = { algorithm, digits: 6, period: 45 }
    const uri = keyUri(
      { issuer: 'Acme & Co', account: 'ada@example.com', secret: bytes },
      parameters,
    )
    assert.deepEqual(readKeyUri(uri), { ok: true, secret: bytes, parameters })
  }
})

test('TOTP-11: what is not named is as usual; spaces, hyphens, padding and small letters do not count', () => {
  for (const written of [secret, secret.toLowerCase(), 'gezd gnbv-gy3t qojq gezd gnbv gy3t qojq']) {
    const read = readKeyUri(`otpauth://totp/Acme:ada?secret=${encodeURIComponent(written)}`)
    assert.ok(read.ok, written)
    assert.deepEqual(read.parameters, { algorithm: 'SHA1', digits: 6, period: 30 })
  }
})

test('TOTP-11, TOTP-02, AUD-02: what cannot be used is named, without a part of the secret', () => {
  for (const [uri, says] of [
    [`otpauth://hotp/a?secret=${secret}&counter=1`, /no counters/],
    [`https://totp/a?secret=${secret}`, /no otpauth/],
    [secret, /no otpauth/],
    [`otpauth://totp/a?secret=${secret}&algorithm=MD5`, /algorithm/],
    [`otpauth://totp/a?secret=${secret}&digits=8`, /6 digits/],
    [`otpauth://totp/a?secret=${secret}&period=300`, /15 to 60 seconds/],
    [`otpauth://totp/a?secret=${secret}&period=30.5`, /seconds/],
    [`otpauth://totp/a?secret=${secret}&encoder=steam`, /encoder/],
    [`otpauth://totp/a?secret=${secret}&secret=${secret}`, /twice/],
    ['otpauth://totp/a?secret=GEZDGNBVGY3TQOJQ', /80 bits; 128 are needed/],
    ['otpauth://totp/a?secret=18901890189018901890', /no base32/],
    ['otpauth://totp/a', /missing/],
  ] as const) {
    const read = readKeyUri(uri)
    assert.ok(!read.ok, uri)
    assert.match(read.why, says)
    assert.ok(!read.why.includes(secret.slice(0, 8)))
  }
})

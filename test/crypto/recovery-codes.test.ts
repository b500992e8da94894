import assert from 'node:assert/strict'
import { test } from 'node:test'
import { random } from '../../src/crypto/random.ts'
import {
  newRecoveryCodes,
  normaliseRecoveryCode,
  showRecoveryCode,
} from '../../src/crypto/recovery-codes.ts'

test('RC-02: 10,000 codes of 80 bits have no repeats', () => {
  const codes = newRecoveryCodes(10_000, 16, random)
  assert.equal(new Set(codes).size, 10_000)
  assert.ok(codes.every((code) => /^[A-Z2-7]{16}$/.test(code)))
})

test('RC-02: every character is as likely as another in every place', () => {
  const codes = newRecoveryCodes(20_000, 16, random)
  for (let place = 0; place < 16; place += 1) {
    const counts = new Map<string, number>()
    for (const code of codes)
      counts.set(code.charAt(place), (counts.get(code.charAt(place)) ?? 0) + 1)
    const expected = codes.length / 32
    const chi = [...counts.values()].reduce((sum, n) => sum + (n - expected) ** 2 / expected, 0)
    assert.equal(counts.size, 32)
    // A fair source passes this bound but once in ten million runs.
    assert.ok(chi < 95, `place ${place}: ${chi}`)
  }
})

test('RC-02: fewer than 64 bits a code are refused', () => {
  assert.throws(() => newRecoveryCodes(10, 12, random), RangeError)
  assert.equal(newRecoveryCodes(1, 13, random)[0]?.length, 13)
})

test('a code is shown in groups of four', () => {
  assert.equal(showRecoveryCode('ABCDEFGHIJKLMNOP'), 'ABCD-EFGH-IJKL-MNOP')
  assert.equal(showRecoveryCode('ABCDEFGHIJKLM'), 'ABCD-EFGH-IJKL-M')
})

test('RC-02: case, spaces and hyphens do not count', () => {
  for (const typed of [
    'ABCDEFGHIJKLMNOP',
    'abcd-efgh-ijkl-mnop',
    'abcd efgh ijkl mnop',
    ' AbCd-EfGh IJKL–MNOP\n',
    'abcd\u00a0efgh\u2011ijkl\u2212mnop',
  ]) {
    assert.equal(normaliseRecoveryCode(typed), 'ABCDEFGHIJKLMNOP', JSON.stringify(typed))
  }
})

test('RC-02: what is shown is read back as what was made', () => {
  for (const code of newRecoveryCodes(100, 16, random)) {
    assert.equal(normaliseRecoveryCode(showRecoveryCode(code)), code)
  }
})

test('RC-02, FLOW-14: another length or alphabet is refused', () => {
  for (const typed of [
    '',
    'ABCDEFGHIJKLMNO',
    'ABCDEFGHIJKLMNOPQ',
    'ABCDEFGHIJKLMNO0',
    'ABCDEFGHIJKLMNO1',
    'ABCDEFGHIJKLMNO8',
    'ABCDEFGHIJKLMNO=',
    'ABCDEFGHIJKLMNO\u200b',
    'ABCDEFGH\u200bIJKLMNOP',
    'abcdefghijklmnoſ',
    'abcdefghijklmnoı',
    'ＡＢＣＤＥＦＧＨＩＪＫＬＭＮＯＰ',
    `${' '.repeat(10_000)}ABCDEFGHIJKLMNOP`,
  ]) {
    assert.equal(normaliseRecoveryCode(typed), null, JSON.stringify(typed.slice(0, 30)))
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { codesEqual, deriveCode, firstFairCode, normaliseCode } from '../../src/crypto/codes.ts'
import { mac } from '../../src/crypto/mac.ts'
import { random } from '../../src/crypto/random.ts'
import { someKeys } from './some-keys.ts'

const keys = someKeys()
const asked = {
  seed: Buffer.from('000102030405060708090a0b0c0d0e0f', 'hex'),
  methodId: '01900000-0000-7000-8000-000000000001',
  destination: '+447700900123',
  purpose: 'sign-in',
}

test('CODE-01, CODE-05: 100,000 derived codes are uniform in every digit, leading zeros too', () => {
  const samples = 100_000
  const codes = Array.from({ length: samples }, () =>
    deriveCode(keys, { ...asked, seed: random(16) }),
  )
  assert.ok(codes.every((code) => /^[0-9]{6}$/.test(code)))
  const leadingZero = codes.filter((code) => code.startsWith('0')).length
  assert.ok(leadingZero > 9000 && leadingZero < 11_000)
  // A fair source passes each bound but once in a million runs.
  for (let place = 0; place < 6; place += 1) {
    assert.ok(
      chiSquare(
        codes.map((code) => Number(code[place])),
        10,
      ) < 45,
    )
  }
  assert.ok(
    chiSquare(
      codes.map((code) => Math.floor(Number(code) / 1000)),
      1000,
    ) < 1230,
  )
  assert.ok(
    chiSquare(
      codes.map((code) => Number(code) % 1000),
      1000,
    ) < 1230,
  )
})

function chiSquare(values: readonly number[], bins: number): number {
  const counts = Array.from({ length: bins }, () => 0)
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1
  const expected = values.length / bins
  return counts.reduce((sum, count) => sum + (count - expected) ** 2 / expected, 0)
}

test('CODE-01: words that would favour low codes are passed over', () => {
  const words = (...values: number[]) =>
    Buffer.concat(
      values.map((value) => {
        const word = Buffer.alloc(4)
        word.writeUInt32BE(value)
        return word
      }),
    )
  assert.equal(firstFairCode(words(4_293_999_999)), '999999')
  assert.equal(firstFairCode(words(4_294_000_000, 7)), '000007')
  assert.equal(firstFairCode(words(2 ** 32 - 1, 4_294_000_000)), null)
})

test('CODE-04: the same challenge gives the same code again', () => {
  assert.equal(
    deriveCode(keys, asked),
    deriveCode(keys, { ...asked, seed: Buffer.from(asked.seed) }),
  )
})

test('CODE-05, FLOW-04: another challenge, method, destination, purpose or key has another code', () => {
  const others = (index: number) => ({
    seed: { ...asked, seed: random(16) },
    methodId: { ...asked, methodId: `${asked.methodId}${index}` },
    destination: { ...asked, destination: `${asked.destination}${index}` },
    purpose: { ...asked, purpose: `${asked.purpose}${index}` },
  })
  const code = deriveCode(keys, asked)
  for (const field of ['seed', 'methodId', 'destination', 'purpose'] as const) {
    const codes = Array.from({ length: 50 }, (_, at) => deriveCode(keys, others(at)[field]))
    assert.ok(new Set(codes).size > 45, field)
    assert.ok(codes.filter((each) => each === code).length <= 1, field)
  }
  const underOthers = Array.from({ length: 50 }, () => deriveCode(someKeys(), asked))
  assert.ok(new Set(underOthers).size > 45)
})

test('CODE-05: moving a letter from one field to the next gives another input', () => {
  const key = keys.codes
  assert.notDeepEqual(mac(key, 'label', ['ab', 'c']), mac(key, 'label', ['a', 'bc']))
  assert.notDeepEqual(mac(key, 'label', ['ab']), mac(key, 'label', ['ab', '']))
  assert.notDeepEqual(mac(key, 'labela', ['b']), mac(key, 'label', ['ab']))
})

test('CODE-01: a seed below 128 bits is refused', () => {
  assert.throws(() => deriveCode(keys, { ...asked, seed: random(15) }), RangeError)
})

test('CODE-08: spaces and inner hyphens in all their kinds are dropped', () => {
  for (const typed of [
    '123456',
    ' 123456',
    '123456\n',
    '\t123456\r\n',
    '123 456',
    '1 2 3 4 5 6',
    '123\u00a0456',
    '123\u202f456',
    '123\u2007456',
    '123-456',
    '12-34-56',
    '123 - 456',
    '123\u2010456',
    '123\u2011456',
    '123\u2013456',
    '123\u2014456',
    '123\u2212456',
  ]) {
    assert.equal(normaliseCode(typed, 6), '123456', JSON.stringify(typed))
  }
})

test('CODE-08, FLOW-14: anything but six ASCII digits is refused', () => {
  for (const typed of [
    '',
    ' ',
    '12345',
    '1234567',
    '-123456',
    '123456-',
    '+123456',
    '１２３４５６',
    '١٢٣٤٥٦',
    '123\u200b456',
    '123\u200d456',
    '123\u2060456',
    '\ufeff123456',
    '123456\u00ad',
    '123.456',
    '123,456',
    '12345a',
    '0x1234',
    '1e5000',
    '123456%',
    '______',
    '%%%%%%',
    '123456\u0000',
    '²³¹²³¹',
    '𝟏𝟐𝟑𝟒𝟓𝟔',
    `${' '.repeat(10_000)}123456`,
    '1'.repeat(10_000),
  ]) {
    assert.equal(normaliseCode(typed, 6), null, JSON.stringify(typed.slice(0, 20)))
  }
})

test('CODE-08: leading zeros stay', () => {
  assert.equal(normaliseCode('000 042', 6), '000042')
})

test('CODE-08: codes are equal only when every character is', () => {
  assert.equal(codesEqual('123456', '123456'), true)
  assert.equal(codesEqual('123456', '123457'), false)
  assert.equal(codesEqual('123456', '12345'), false)
  assert.equal(codesEqual('', '123456'), false)
})

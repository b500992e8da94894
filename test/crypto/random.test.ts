import assert from 'node:assert/strict'
import { test } from 'node:test'
import { newId, random } from '../../src/crypto/random.ts'

test('CRY-01: random bytes come in the length asked for and do not repeat', () => {
  const values = Array.from({ length: 1000 }, () => random(16).toString('hex'))
  assert.equal(new Set(values).size, 1000)
  assert.equal(random(32).length, 32)
})

test('an id is the published UUIDv7 for its time and chance', () => {
  // RFC 9562, appendix A.6.
  const chance = () => Buffer.from('0cc318c4dc0c0c07398f', 'hex')
  const id = newId(new Date('2022-02-22T19:22:22.000Z'), chance)
  assert.equal(id, '017f22e2-79b0-7cc3-98c4-dc0c0c07398f')
})

test('ids of different milliseconds sort by age, those of one millisecond differ', () => {
  const ids = [1, 2, 255, 256, 65_536, 1_800_000_000_000].map((ms) => newId(new Date(ms), random))
  assert.deepEqual(ids, ids.toSorted())
  const now = new Date('2026-11-24T12:00:00Z')
  assert.equal(new Set(Array.from({ length: 10_000 }, () => newId(now, random))).size, 10_000)
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { checkNewPassword } from '../../src/accounts/check-new-password.ts'
import { defaults } from '../../src/config.ts'

const world = { config: { ...defaults(), productName: 'Northwind' } }
const reason = (password: string, words: string[] = []) =>
  checkNewPassword(world, password, words)?.reason ?? 'taken'

test('PW-01: 14 characters are refused, 15, 64 and 128 taken, and 257 refused; none is cut', () => {
  const many = 'plum river candle Ostrich 47 velvet '.repeat(8)
  assert.equal(reason('plum river cand'.slice(0, 14)), 'password-too-short')
  assert.equal(reason('plum river cand'), 'taken')
  assert.equal(reason(many.slice(0, 64)), 'taken')
  assert.equal(reason(many.slice(0, 128)), 'taken')
  assert.equal(reason(many.slice(0, 257)), 'password-too-long')
  assert.deepEqual(checkNewPassword(world, 'short', []), {
    ok: false,
    reason: 'password-too-short',
    details: { min: 15, max: 256 },
    fields: { password: 'password-too-short' },
  })
})

test('PW-02: fifteen lower-case letters pass', () => {
  assert.equal(reason('plumrivercandle'), 'taken')
})

test('PW-03: common passwords and those made of one’s own words are refused with the reason', () => {
  assert.equal(reason('passwordpassword'), 'password-too-common')
  assert.equal(reason('qwertyuiopasdfgh'), 'password-too-common')
  assert.equal(reason('ada@example.com', ['ada@example.com']), 'password-too-personal')
  assert.equal(reason('NorthwindNorthwind'), 'password-too-personal')
})

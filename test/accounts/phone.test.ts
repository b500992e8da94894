import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import '../support/chance.ts'
import { phoneInGroups, readPhone } from '../../src/accounts/phone.ts'

const reasonOf = (typed: string) => {
  const read = readPhone(typed)
  return read.ok ? read.e164 : read.reason
}

test('SMS-01: a mobile number of any country is stored in E.164 form', () => {
  const numbers: Record<string, string> = {
    '+44 7400 123456': '+447400123456',
    '+44 (0)7400 123456': '+447400123456',
    '0044 7400 123456': '+447400123456',
    '+49 151-2345.6789': '+4915123456789',
    '+33 6 12 34 56 78': '+33612345678',
    '+1 (202) 555-0143': '+12025550143',
    '+52 55 1234 5678': '+525512345678',
    '+91 98765 43210': '+919876543210',
    '+86 138 0013 8000': '+8613800138000',
    '+55 11 91234-5678': '+5511912345678',
    '+234 803 123 4567': '+2348031234567',
    '＋４４ 7400 123456': '+447400123456',
    '  +61 491 570 006 ': '+61491570006',
  }
  for (const [typed, e164] of Object.entries(numbers)) assert.equal(reasonOf(typed), e164, typed)
})

test('SMS-01: a range the metadata does not know yet is left to the carrier', () => {
  assert.equal(reasonOf('+44 7700 900123'), '+447700900123')
})

test('SMS-01: what no country has as a number is refused', () => {
  const typed = [
    '',
    '+',
    '+44',
    '07400 123456',
    '7400123456',
    '+44 113',
    '+1 555 0100',
    '+999 123456789',
    '+1234567890123456789',
    'tel:+447400123456',
    '+447400123456 ext. 5',
    '+447400123456;ext=5',
    '+44 7400 123456 or so',
    '+44 7400 123456, +44 7400 123457',
    '++44 7400 123456',
    '+44\u00007400123456',
    'phone',
  ]
  for (const one of typed) assert.equal(reasonOf(one), 'not-a-phone', one)
})

test('SMS-04: numbers that texts do not reach or that cost extra are refused', () => {
  const typed = {
    'a fixed line': '+44 20 7946 0958',
    'premium rate': '+1 900 555 0123',
    'toll free': '+1 800 555 0199',
    'shared cost': '+808 1234 5678',
    personal: '+44 70 1234 5678',
    satellite: '+881 612345678',
    'an international network': '+882 16 1234567',
  }
  for (const [what, one] of Object.entries(typed))
    assert.equal(reasonOf(one), 'phone-not-mobile', what)
})

test('FLOW-14: any text is a number or refused, and a number reads back as itself', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789 -()'), maxLength: 20 })
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        digits.map((text) => `+${text}`),
      ),
      (typed) => {
        const read = readPhone(typed)
        if (!read.ok) return
        assert.match(read.e164, /^\+[1-9][0-9]{6,14}$/)
        assert.equal(reasonOf(phoneInGroups(read.e164)), read.e164)
      },
    ),
    { numRuns: 2000 },
  )
})

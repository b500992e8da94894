import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import '../support/chance.ts'
import { emailKey, readEmail } from '../../src/accounts/email.ts'

test('EML-03: an address is taken as people write it', () => {
  const taken: Record<string, string> = {
    'ada@example.com': 'ada@example.com',
    '  Ada.Lovelace+team@Example.COM ': 'Ada.Lovelace+team@example.com',
    "o'brien@mail.example.co.uk": "o'brien@mail.example.co.uk",
    'zoë@bücher.example': 'zoë@bücher.example',
    'zoe\u0308@bu\u0308cher.example': 'zoë@bücher.example',
    'someone@例え。jp': 'someone@例え.jp',
    'someone@xn--bcher-kva.example': 'someone@bücher.example',
    [`${'a'.repeat(64)}@example.com`]: `${'a'.repeat(64)}@example.com`,
  }
  for (const [typed, stored] of Object.entries(taken)) assert.equal(readEmail(typed), stored)
})

test('EML-06: what is no address, or hides something, is refused', () => {
  const refused = [
    '',
    'ada',
    'ada@',
    '@example.com',
    'ada@localhost',
    'ada@127.0.0.1',
    'ada@[127.0.0.1]',
    'ada@example',
    'ada@.example.com',
    'ada@example..com',
    'ada@-example.com',
    'ada@example.com.',
    'ada@exam_ple.com',
    'ada@example.com:25',
    'ada@example.com/path',
    'ada@exa%6dple.com',
    'ada@example.123',
    '.ada@example.com',
    'ada.@example.com',
    'a..da@example.com',
    'ada lovelace@example.com',
    'ada@example.com, eve@example.com',
    'Ada <ada@example.com>',
    '"ada"@example.com',
    'ada@evil.example@example.com',
    'ada\\@example.com',
    'ada\r\nBcc: eve@example.com',
    'ada\0@example.com',
    'ada\u202e@example.com',
    'ada\u200b@example.com',
    'ada@example.com\u0085eve',
    `${'a'.repeat(65)}@example.com`,
    `ada@${'a.'.repeat(125)}com`,
  ]
  for (const typed of refused) assert.equal(readEmail(typed), null, typed)
})

test('EML-03: one mailbox has one key, however it is typed', () => {
  const same = ['ada@bücher.example', ' ADA@BÜCHER.example ', 'Ada@xn--bcher-kva.example']
  assert.equal(new Set(same.map(emailKey)).size, 1)
})

test('EML-03: attack: a look-alike domain gets the key of the domain it is mailed to', () => {
  assert.equal(readEmail('ada@ﬁrm.example'), 'ada@firm.example')
  assert.equal(emailKey('ada@ﬁrm.example'), 'ada@firm.example')
  // The Kelvin sign becomes a K before it is stored, not only in the key.
  assert.equal(readEmail('\u212aate@example.com'), 'Kate@example.com')
  assert.notEqual(emailKey('аda@example.com'), emailKey('ada@example.com'))
})

test('FLOW-14: the key of any text can be looked up and never fails', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('', '@', '@a.example'),
      (text, end) => {
        const typed = text + end
        const key = emailKey(typed)
        assert.ok(key.isWellFormed())
        assert.ok(!key.includes('\0'))
      },
    ),
  )
})

test('EML-03: an address that is stored has the key of what was typed, and stays itself', () => {
  const part = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 8 })
  const typed = fc.tuple(part, part, fc.constantFrom('com', 'example', 'рф', 'xn--p1ai'))
  fc.assert(
    fc.property(
      fc.oneof(
        typed.map(([a, b, c]) => `${a}@${b}.${c}`),
        fc.emailAddress(),
      ),
      (text) => {
        const stored = readEmail(text)
        if (stored === null) return
        assert.equal(emailKey(stored), emailKey(text))
        assert.equal(readEmail(stored), stored)
      },
    ),
    { numRuns: 500 },
  )
})

/** What people type cannot become a header, a receiver, markup or a link of a message. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { maskDestination } from '../../src/delivery/mask.ts'
import { plain, said } from '../../src/delivery/words.ts'
import { mail, settings, text } from './readable.ts'

const evil = 'https://evil.example/a?b=1'
const attacks = [
  'Ann\r\nBcc: everybody@evil.example',
  '<a href="https://evil.example">click</a>',
  '<img src=//evil.example/x onerror=alert(1)>',
  `Log in at ${evil} now`,
  'www.evil.example',
  'write to ann@evil.example',
  'h\u200bttps:/\u200b/evil.ex\u00adample',
  'right\u202eelpmaxe.live//:sptth',
  'HTTPS:\\\\EVIL.EXAMPLE',
  'evil\u3002example',
]
/** What mail programs make links of by themselves. */
const linked = /[a-z]:[/\\]|[\p{L}\p{N}]\.[\p{L}]{2}|[\p{L}\p{N}]。[\p{L}]{2}|\S@\S/iu

const tags = /<[^>]*>/g

for (const attack of attacks) {
  test(`EML-06: ${JSON.stringify(attack)} stays words`, () => {
    const words = said(attack)
    assert.doesNotMatch(words, linked)
    assert.doesNotMatch(words, /[\p{Cc}\p{Cf}\u2028\u2029]/u)
    const notice = (words: string) => {
      const parameters = { event: 'method-removed', method: words, browser: words, source: words }
      return mail({ template: 'notice', parameters }, config)
    }
    const config = settings({ supportEmail: null, supportChatUrl: null })
    const letter = notice(attack)
    assert.equal(letter.to, 'ann@example.com')
    assert.doesNotMatch(letter.subject, /[\r\n]/)
    assert.doesNotMatch(letter.subject, /evil/i)
    assert.doesNotMatch(letter.text, linked)
    assert.deepEqual(letter.html.match(tags), notice('Email').html.match(tags))
  })
}

test('EML-06: an action with a link in it gives a code message without one', () => {
  const code = { digits: '012345', minutes: 10 }
  const parameters = { purpose: 'step-up', action: `remove ${evil}\n@evil.example #012345` }
  const { body } = text({ template: 'code', code, parameters })
  assert.equal(body.split('\n').length, 3)
  assert.ok(body.endsWith('\n@accounts.example.com #012345'))
  assert.doesNotMatch(body.split('\n')[0] ?? '', linked)
  assert.doesNotMatch(mail({ template: 'code', code, parameters }).text, linked)
})

test('EML-06: a product name with line breaks makes no second header', () => {
  const config = settings({ productName: 'Acme\r\nBcc: everybody@evil.example' })
  for (const template of ['sign-up-existing', 'notice'] as const) {
    const { subject } = mail({ template, parameters: { event: 'device-trusted' } }, config)
    assert.match(subject, /Acme Bcc/)
    assert.doesNotMatch(subject, /[\r\n]/)
  }
})

test('honest names stay as they are', () => {
  for (const name of [
    'J. R. R. Tolkien',
    'Zoë O’Neill',
    'محمد',
    '王小明',
    'Pixel 9 (work)',
    'C3.5',
  ]) {
    assert.equal(said(name), name)
  }
})

test('long text is cut at whole characters', () => {
  assert.equal(plain('😀'.repeat(100), 10), `${'😀'.repeat(9)}…`)
  assert.equal(plain('  a \t b\n', 10), 'a b')
})

test('PRV-02: of a number the last two digits are shown, of an address first letter and domain', () => {
  assert.equal(maskDestination('+447700900112'), '••• ••• 12')
  assert.equal(maskDestination('ann.lee@example.com'), 'a•••@example.com')
  assert.equal(maskDestination('a@example.com'), 'a•••@example.com')
  assert.equal(maskDestination('"a@b"@example.com'), '"•••@example.com')
  assert.equal(maskDestination('😀nn@example.com'), '😀•••@example.com')
  assert.equal(maskDestination('0770 0900112'), '•••')
  assert.equal(maskDestination('@example.com'), '•••')
  assert.equal(maskDestination(''), '•••')
})

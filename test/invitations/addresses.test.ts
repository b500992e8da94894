import assert from 'node:assert/strict'
import { test } from 'node:test'
import { readAddresses } from '../../src/invitations/addresses.ts'

const emails = (typed: string | string[]) => {
  const read = readAddresses(typed)
  assert.ok(read.ok, JSON.stringify(read))
  return read.all.map(({ email }) => email)
}
const refusal = (typed: string | string[]) => {
  const read = readAddresses(typed)
  assert.ok(!read.ok)
  return read
}

test('TEAM-10: addresses come one a line, with commas or with semicolons, with names or without', () => {
  const typed = `ada@example.com
    Grace Hopper <grace@example.com>; "Turing, Alan" <alan@example.com>,\tmary@example.com,
    ;;<kay@example.com>\r\n`
  const [ada, grace, alan, mary, kay] = ['ada', 'grace', 'alan', 'mary', 'kay'].map(
    (name) => `${name}@example.com`,
  )
  assert.deepEqual(emails(typed), [ada, grace, alan, mary, kay])
  assert.deepEqual(emails(['ada@example.com', 'Grace <grace@example.com>']), [ada, grace])
})

test('TEAM-10: each that is no address is named, and each that stands there twice', () => {
  const { reason, details } = refusal('ada@example.com, not one\nADA@Example.com; x@y')
  assert.equal(reason, 'addresses-not-right')
  assert.equal(
    details?.['problems'],
    'No email address: not one, x@y. More than once in the list: ADA@example.com.',
  )
})

test('EML-06: no second receiver and no header hides in an address', () => {
  for (const typed of [
    'Ada <ada@example.com> <eve@example.com>',
    '<ada@example.com',
    'ada@example.com eve@example.com',
    'Ada <ada@example.com>>',
    'ada@example.com\u0000',
    'a<b@example.com>c',
  ]) {
    assert.equal(refusal(typed).reason, 'addresses-not-right', typed)
  }
})

test('TEAM-10: none is a field left empty; more than a hundred are too many', () => {
  for (const none of ['', ' ,;\n ', []]) {
    assert.deepEqual(refusal(none).fields, { addresses: 'field-missing' })
  }
  const many = (count: number) => Array.from({ length: count }, (_, i) => `p${i}@example.com`)
  assert.equal(emails(many(100).join('\n')).length, 100)
  const { reason, details } = refusal(many(101).join('\n'))
  assert.deepEqual([reason, details], ['too-many-addresses', { max: 100, count: 101 }])
})

test('TEAM-10: what is named stays short, whatever was pasted', () => {
  const wrong = Array.from({ length: 90 }, (_, i) => `${'x'.repeat(3000)}${i}`)
  const problems = String(refusal(wrong).details?.['problems'])
  assert.match(problems, / and 70 more\.$/)
  assert.ok(problems.length < 2500, String(problems.length))
})

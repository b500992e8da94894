import assert from 'node:assert/strict'
import { test } from 'node:test'
import { groupNames, groups, kindsIn } from '../../src/audit/groups.ts'
import { kinds } from '../../src/audit/kinds.ts'
import { sentenceOf, spoken } from '../../src/audit/words.ts'
import type { Told } from '../../src/audit/words.ts'

function say(kind: string, more: Partial<Told> = {}): string {
  return spoken(sentenceOf({ kind, details: {}, method: null, parties: null, ...more }))
}

const ada = { actor: 'Ada', account: 'Ada' }
const adaOnAlan = { actor: 'Ada', account: 'Alan' }
const nobodyAtAlan = { actor: null, account: 'Alan' }

test('AUD-01: one phrase reads for its own person and, with names in front, for others', () => {
  const method = 'Authenticator app'
  assert.equal(say('method.confirmed', { method }), 'Turned on Authenticator app')
  assert.equal(say('method.confirmed', { method, parties: ada }), 'Ada turned on Authenticator app')
  assert.equal(say('sign-in.code-wrong'), 'Wrong code at sign-in')
  assert.equal(
    say('sign-in.code-wrong', { parties: nobodyAtAlan }),
    'Wrong code at sign-in for Alan',
  )
  assert.equal(say('code.sent', { parties: ada }), 'Verification code sent to Ada')
  assert.equal(say('device.all-forgotten'), 'Removed all your trusted devices')
  assert.equal(
    say('device.all-forgotten', { parties: ada }),
    'Ada removed all their trusted devices',
  )
  const details = { changes: 'Required from 12 December' }
  assert.equal(
    say('policy.changed', { parties: ada, details }),
    'Ada changed the policy: Required from 12 December',
  )
})

test('AUD-01: what somebody else did says who and to whom, and to its person without the name', () => {
  const details = { from: 'member', to: 'admin' }
  assert.equal(
    say('member.role-changed', { parties: adaOnAlan, details }),
    'Ada changed Alan’s role from member to admin',
  )
  assert.equal(
    say('member.role-changed', { byOther: true, details }),
    'An administrator changed your role from member to admin',
  )
  const until = { until: '2026-12-12T23:59:59.999Z' }
  assert.equal(
    say('member.exempted', { parties: adaOnAlan, details: until }),
    'Ada exempted Alan from the team’s requirement until 12 December 2026',
  )
})

test('WEB-07: a name stands apart in a sentence, whatever it holds', () => {
  const evil = '{method} {for} \u05d0 <b>'
  const pieces = sentenceOf({
    kind: 'api-key.made',
    details: { key: evil },
    method: null,
    parties: { actor: '{key}', account: '{key}' },
  })
  assert.deepEqual(
    pieces.filter(({ name }) => name).map(({ text }) => text),
    ['{key}', evil],
  )
  assert.equal(spoken(pieces), `{key} made the API key “${evil}”`)
})

test('AUD-01: every kind of event reads whole in all three ways', () => {
  const details = new Proxy({}, { get: () => 'x' })
  for (const kind of Object.keys(kinds)) {
    for (const more of [{}, { byOther: true }, { parties: adaOnAlan }, { parties: nobodyAtAlan }]) {
      const sentence = say(kind, { details, method: 'Email', ...more })
      assert.match(sentence, /^[\p{Lu}“]/u, kind)
      assert.doesNotMatch(sentence, /[{}]|undefined|null| {2}|\.$/, kind)
    }
  }
  assert.equal(say('of.tomorrow', { parties: ada }), 'Something new happened for Ada')
})

test('AUD-01: every kind of event is in a group that can be asked for', () => {
  const found = new Set(groupNames.flatMap(kindsIn))
  assert.deepEqual(
    Object.keys(kinds).filter((kind) => !found.has(kind)),
    [],
  )
  assert.ok(kindsIn('warnings').includes('sign-in.code-wrong'))
  assert.ok(
    groups['admin-acts'].test('member.removed') && !groups['admin-acts'].test('member.left'),
  )
})

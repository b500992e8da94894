import assert from 'node:assert/strict'
import { test } from 'node:test'
import { acts, may } from '../../src/members/may.ts'
import type { Act, Pair } from '../../src/members/may.ts'
import { statusOf } from '../../src/members/status.ts'
import type { Facts } from '../../src/members/status.ts'
import type { Policy, Role } from '../../src/policy/policy.ts'
import { strengths } from '../../src/policy/strength.ts'
import type { Reason } from '../../src/reasons.ts'

const now = new Date('2026-11-24T12:00:00Z')
const day = (days: number) => new Date(now.getTime() + days * 86_400_000)

const bare: Facts = { kinds: [], locked: false, exempt_until: null, first_joined_at: day(-100) }
const required: Policy = {
  version: 1,
  required: true,
  bites: 'next-login',
  since: day(-1),
  bites_at: null,
  joiner_days: 0,
  strengths,
  trust_days: 14,
  paused_until: null,
}
const off: Policy = { ...required, required: false, since: null }
const strict: Policy = { ...required, strengths: ['phishing-resistant', 'good'] }
const dated: Policy = { ...required, bites: 'date', bites_at: new Date('2026-12-12T00:00:00Z') }

/** What it is about, the member, the policy, and the words. */
const table: readonly (readonly [string, Partial<Facts>, Policy | null, string])[] = [
  ['an app', { kinds: ['totp'] }, required, 'On'],
  ['an app where nothing is required', { kinds: ['totp'] }, null, 'On'],
  ['an app and SMS', { kinds: ['sms', 'totp'] }, required, 'On'],
  ['SMS', { kinds: ['sms'] }, required, 'On, weak only'],
  ['SMS and email', { kinds: ['email', 'sms'] }, null, 'On, weak only'],
  ['nothing, and nothing is required', {}, null, 'Not set up'],
  ['nothing, and the rule is off', {}, off, 'Not set up'],
  [
    'SMS, and the rule that forbade it is off',
    { kinds: ['sms'] },
    { ...strict, required: false },
    'On, weak only',
  ],
  ['nothing, at the next login', {}, required, 'Due at next login'],
  ['nothing, now', {}, { ...required, bites: 'now' }, 'Due at next login'],
  ['nothing, from a day on', {}, dated, 'Due 12 Dec'],
  ['nothing, from a day that has come', {}, { ...dated, bites_at: day(-1) }, 'Due at next login'],
  [
    'a day of another year',
    {},
    { ...dated, bites_at: new Date('2027-01-03T00:00:00Z') },
    'Due 3 Jan 2027',
  ],
  [
    'joined later, with days',
    { first_joined_at: day(0) },
    { ...required, joiner_days: 10 },
    'Due 4 Dec',
  ],
  ['only a forbidden method', { kinds: ['sms'] }, strict, 'Due at next login'],
  [
    'only a forbidden method, from a day on',
    { kinds: ['email'] },
    { ...dated, strengths: ['good'] },
    'Due 12 Dec',
  ],
  ['a forbidden and an allowed one', { kinds: ['email', 'totp'] }, strict, 'On'],
  [
    'only weak ones allowed',
    { kinds: ['sms', 'totp'] },
    { ...required, strengths: ['restricted'] },
    'On, weak only',
  ],
  ['paused', {}, { ...required, paused_until: day(3) }, 'Not set up'],
  ['exempt', { exempt_until: new Date('2026-12-12T23:59:59Z') }, required, 'Exempt until 12 Dec'],
  ['exempt, but on', { exempt_until: day(9), kinds: ['totp'] }, required, 'On'],
  ['exempt, but weak', { exempt_until: day(9), kinds: ['sms'] }, required, 'On, weak only'],
  [
    'exempt, with a forbidden method',
    { exempt_until: day(1), kinds: ['sms'] },
    strict,
    'Exempt until 25 Nov',
  ],
  ['exempt until a moment ago', { exempt_until: day(-1) }, required, 'Due at next login'],
  ['locked', { locked: true }, required, 'Locked'],
  ['locked, with a method', { locked: true, kinds: ['totp'] }, required, 'Locked'],
  ['locked and exempt', { locked: true, exempt_until: day(9) }, required, 'Locked'],
]

for (const [what, facts, policy, words] of table) {
  test(`A8: the status of a member: ${what}: ${words}`, () => {
    assert.equal(statusOf({ ...bare, ...facts }, policy, now).words, words)
  })
}

const roles: readonly Role[] = ['owner', 'admin', 'member']

/** What a pair may do, in short: o yes, - role, s shared, x self. */
const short: Readonly<Record<string, string>> = {
  'own-account': 'x',
  'role-not-higher': '-',
  'owner-required': '-',
  'shared-account': 's',
  'support-account': 'p',
}

function line(pair: Pair): string {
  const allowed = may(pair)
  return acts.map((act: Act) => short[allowed[act] ?? ''] ?? 'o').join('')
}

test('TEAM-07: who may do what for whom, as a table', () => {
  const rows = roles.flatMap((actor) =>
    roles.flatMap((target) =>
      [false, true].map((shared) => [
        `${actor} on ${target}${shared ? ', shared' : ''}`,
        line({ actor, target, self: false, shared, support: false }),
      ]),
    ),
  )
  // remind, forget-devices, end-sessions, unlock, reset, pass, exempt, change-role, remove
  assert.deepEqual(Object.fromEntries(rows), {
    'owner on owner': 'ooo------',
    'owner on owner, shared': 'ooo------',
    'owner on admin': 'ooooooooo',
    'owner on admin, shared': 'ooosssooo',
    'owner on member': 'ooooooooo',
    'owner on member, shared': 'ooosssooo',
    'admin on owner': '---------',
    'admin on owner, shared': '---------',
    'admin on admin': 'ooo------',
    'admin on admin, shared': 'ooo------',
    'admin on member': 'ooooooo-o',
    'admin on member, shared': 'ooossso-o',
    'member on owner': '---------',
    'member on owner, shared': '---------',
    'member on admin': '---------',
    'member on admin, shared': '---------',
    'member on member': '---------',
    'member on member, shared': '---------',
  })
})

test('TEAM-07, REC-06: how people of support sign in is no team’s to change', () => {
  for (const shared of [false, true]) {
    const pair = { actor: 'owner', target: 'member', self: false, shared, support: true } as const
    assert.equal(line(pair), 'ooopppooo')
  }
})

test('TEAM-07: nobody acts on themselves', () => {
  for (const role of roles) {
    const allowed = may({ actor: role, target: role, self: true, shared: false, support: false })
    const reasons = new Set<Reason | null>(Object.values(allowed))
    assert.deepEqual([...reasons], ['own-account'])
  }
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { demand, satisfies, standing, trustDays } from '../../src/policy/policy.ts'
import type { Membership, Policy } from '../../src/policy/policy.ts'
import { strengths } from '../../src/policy/strength.ts'

const day = (number: number) => new Date(Date.UTC(2026, 10, number, 12))

const required = (given: Partial<Policy> = {}): Policy => ({
  version: 1,
  required: true,
  bites: 'next-login',
  since: day(10),
  bites_at: null,
  joiner_days: 0,
  strengths,
  trust_days: 14,
  paused_until: null,
  ...given,
})

const inTeam = (policy: Policy | null, given: Partial<Membership> = {}): Membership => ({
  team_id: 'a',
  name: 'Acme',
  role: 'member',
  joined_at: day(1),
  first_joined_at: day(1),
  sessions_from: null,
  exempt_until: null,
  policy,
  ...given,
})

test('TEAM-01: at the next login: a session from before is left alone, one from after is not', () => {
  const teams = [inTeam(required())]
  assert.equal(demand(teams, day(12), day(9)).due, false)
  assert.equal(demand(teams, day(12), day(10)).due, true)
  assert.equal(demand(teams, day(12), day(11)).due, true)
  assert.deepEqual(demand(teams, day(12), day(9)).teams, ['Acme'])
})

test('TEAM-01: from a date: every session on that date, none before', () => {
  const teams = [inTeam(required({ bites: 'date', bites_at: day(20) }))]
  const before = demand(teams, day(19), day(19))
  assert.deepEqual([before.due, before.due_at], [false, day(20)])
  assert.equal(demand(teams, day(20), day(9)).due, true)
})

test('TEAM-01: asked for more at the next login: sessions from before that are left alone', () => {
  const policy = required({ bites_at: day(15) })
  for (const first_joined_at of [day(1), day(12)]) {
    const member = inTeam(policy, { first_joined_at })
    assert.equal(demand([member], day(16), day(13)).due, false)
    assert.equal(demand([member], day(16), day(16)).due, true)
  }
})

test('TEAM-01: now: also the sessions that are open', () => {
  assert.equal(demand([inTeam(required({ bites: 'now' }))], day(10), day(2)).due, true)
})

test('TEAM-03: who joins later has the days given, counted from the first joining', () => {
  const policy = required({ joiner_days: 7 })
  const later = inTeam(policy, { first_joined_at: day(12), joined_at: day(17) })
  assert.deepEqual(demand([later], day(18), day(18)).due_at, day(19))
  assert.equal(demand([later], day(18), day(18)).due, false)
  assert.equal(demand([later], day(19), day(18)).due, true, 'also in the midst of a session')
  assert.equal(demand([inTeam(policy)], day(18), day(18)).due, true, 'not for those who were there')
})

test('TEAM-03: no more than 30 days, whatever is stored', () => {
  const policy = required({ joiner_days: 90 })
  const member = inTeam(policy, { first_joined_at: day(11) })
  assert.equal(demand([member], new Date(day(11).getTime() + 30 * 86_400_000), day(12)).due, true)
})

test('TEAM-01: exempt until a day, paused until a day, turned off: nothing is asked', () => {
  const teams = [
    inTeam(required(), { exempt_until: day(13) }),
    inTeam(required({ paused_until: day(13) })),
    inTeam(required({ required: false, since: null })),
    inTeam(null),
  ]
  for (const team of teams) assert.deepEqual(demand([team], day(12), day(12)).teams, [])
  assert.equal(demand(teams.slice(0, 1), day(13), day(13)).due, true, 'the exemption has ended')
  assert.equal(demand(teams.slice(1, 2), day(13), day(13)).due, true, 'the pause has ended')
  assert.deepEqual(standing(teams, day(12)), [])
})

test('TEAM-05: of several teams the strictest holds, and each that asks is named', () => {
  const strict = inTeam(required({ strengths: ['phishing-resistant', 'good'], trust_days: 0 }))
  const lax = inTeam(required({ trust_days: 7 }), { name: 'Initech' })
  const asked = demand([lax, strict], day(12), day(12))
  assert.deepEqual(asked.strengths, ['phishing-resistant', 'good'])
  assert.deepEqual(asked.teams, ['Initech', 'Acme'])
  assert.equal(satisfies(['restricted'], asked), false)
  assert.equal(satisfies(['restricted', 'good'], asked), true)
  assert.equal(trustDays([lax, strict]), 0)
  assert.equal(trustDays([lax]), 7)
  assert.equal(trustDays([]), 14)
})

test('TEAM-05: a team whose requirement does not bite yet weakens nothing and hurries nobody', () => {
  const due = inTeam(required({ strengths: ['good'] }))
  const coming = inTeam(required({ bites: 'date', bites_at: day(25), strengths: ['weakest'] }))
  const asked = demand([due, coming], day(12), day(12))
  assert.deepEqual([asked.due, asked.strengths], [true, ['good']])
})

const anyDay = fc.integer({ min: 1, max: 28 }).map(day)
const anyPolicy = fc.record({
  version: fc.constant(1),
  required: fc.boolean(),
  bites: fc.constantFrom('next-login' as const, 'date' as const, 'now' as const),
  since: anyDay,
  bites_at: anyDay,
  joiner_days: fc.integer({ min: 0, max: 30 }),
  strengths: fc.subarray([...strengths], { minLength: 1 }),
  trust_days: fc.integer({ min: 0, max: 14 }),
  paused_until: fc.option(anyDay),
})
const anyTeam = fc.record({
  policy: fc.option(anyPolicy),
  first_joined_at: anyDay,
  exempt_until: fc.option(anyDay),
})

test('TEAM-05: one more team never lowers what is asked, lets in sooner or trusts longer', () => {
  fc.assert(
    fc.property(
      fc.array(anyTeam, { maxLength: 3 }),
      anyTeam,
      anyDay,
      anyDay,
      (some, one, now, start) => {
        const before = some.map((given) => inTeam(given.policy, given))
        const after = [...before, inTeam(one.policy, one)]
        const [less, more] = [demand(before, now, start), demand(after, now, start)]
        assert.ok(!less.due || more.due)
        assert.ok(trustDays(after) <= trustDays(before))
        if (less.due === more.due)
          for (const kind of more.strengths) assert.ok(less.strengths.includes(kind))
      },
    ),
    { seed: 7, numRuns: 2000 },
  )
})

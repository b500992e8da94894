import assert from 'node:assert/strict'
import { test } from 'node:test'
import { strengths } from '../../src/policy/strength.ts'
import { check } from '../../src/sessions/check.ts'
import { apply } from '../../src/teams/apply.ts'
import { coverageOf } from '../../src/teams/coverage-store.ts'
import { workForTeams } from '../../src/teams/daily.ts'
import { lookAtPanel } from '../../src/teams/look-at-policy.ts'
import { remindMembers } from '../../src/teams/remind.ts'
import { newId } from '../../src/crypto/random.ts'
import { newToken } from '../../src/crypto/tokens.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { addSomebody } from '../support/people.ts'
import { join, ownTeam } from '../support/teams.ts'
import { testWorld } from '../support/world.ts'

test('on the embedded database too: shown, switched on, everybody mailed, reminded, covered', async () => {
  const world = testWorld(await memoryDatabase())
  const owner = await addSomebody(world, ['totp'])
  const member = await addSomebody(world)
  const team = await ownTeam(world, owner.id)
  await join(world, team, member.id)
  const { token, hash } = newToken(world.random)
  const now = world.clock()
  await world.sql.query(
    `INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at,
       password_at, second_step_at, second_step_kind, source, browser)
     VALUES ($1, $2, $3, 1, $4, $4, $5, $4, $4, 'totp', '127.0.0.1', 'test')`,
    [newId(now, world.random), hash, owner.id, now, new Date(now.getTime() + 8.64e8)],
  )
  const who = async () => {
    const session = await check(world, token)
    const place = session?.teams[0]
    assert.ok(session && place)
    return { requestId: 'r', source: '127.0.0.1', browser: 'b', session, team: place }
  }
  const panel = await lookAtPanel(world, await who())
  assert.ok(panel.ok && panel.impact.ready === 1 && panel.impact.not_ready === 1)
  const wanted = {
    required: true,
    bites: 'date',
    date: '2026-12-02',
    joiner_days: 0,
    strengths,
    trust_days: 14,
    paused_until: null,
    words: null,
    version: 0,
  } as const
  assert.deepEqual(await apply(world, await who(), wanted), { ok: true, version: 1, mailed: 2 })
  const again = await apply(world, await who(), { ...wanted, bites: 'now' })
  assert.equal(!again.ok && again.reason, 'changed-by-another')
  assert.deepEqual(await remindMembers(world, await who(), 'all-not-ready'), {
    ok: true,
    reminded: 1,
  })
  world.time.pass({ days: 1 })
  await workForTeams(world)
  const subjects = (await world.letters()).flatMap((letter) =>
    letter.channel === 'mail' && letter.to === member.email ? [letter.subject] : [],
  )
  assert.equal(subjects.filter((one) => one.startsWith('Reminder')).length, 2)
  assert.deepEqual(
    (await coverageOf(world.sql, team, 7)).map(({ members, ready }) => [members, ready]),
    [[2, 1]],
  )
})

import assert from 'node:assert/strict'
import { test } from 'node:test'
import { event } from '../../src/audit/event.ts'
import { record } from '../../src/audit/store.ts'
import { lookAtRemoval } from '../../src/methods/look-at.ts'
import { look as lookAtCodes } from '../../src/recovery/look.ts'
import { makeCodes, saveCodes } from '../../src/recovery/make.ts'
import { look } from '../../src/security/look.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { addSomebody } from '../support/people.ts'
import { ownTeam, setPolicy } from '../support/teams.ts'
import { sameMember, signedIn, someVisitor, testWorld } from '../support/world.ts'

const plainBrowser = someVisitor()

test('ENR-08: the overview of somebody with nothing on', async () => {
  const world = testWorld(await memoryDatabase())
  const seen = await look(world, {
    ...plainBrowser,
    ...(await signedIn(world, await addSomebody(world))),
  })
  assert.ok(seen.ok)
  const { on, methods, new_number, recovery, devices, sessions } = seen
  assert.deepEqual(
    { on, methods, new_number, recovery, devices },
    {
      on: false,
      methods: [],
      new_number: null,
      recovery: null,
      devices: [],
    },
  )
  assert.deepEqual(
    sessions.map(({ current }) => current),
    [true],
  )
})

test('A9, PRV-02: after a change of phone the overview names both numbers, masked', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['sms', 'totp'])
  await world.sql.query("UPDATE accounts SET phone = '+447700900199'")
  const seen = await look(world, { ...plainBrowser, ...(await signedIn(world, person)) })
  assert.ok(seen.ok)
  assert.deepEqual(seen.new_number, {
    method: person.methods['sms'],
    from: `••• ••• ${person.phone.slice(-2)}`,
    to: '••• ••• 99',
    kept_by: null,
  })
  assert.ok(!JSON.stringify(seen).includes(person.phone))
})

test('A9, ENR-05: of a last method the overview names the team, also when the phone was removed', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['sms'])
  await setPolicy(world, await ownTeam(world, person.id))
  await world.sql.query('UPDATE accounts SET phone = NULL')
  const who = await signedIn(world, person)
  const seen = await look(world, { ...plainBrowser, ...who })
  assert.ok(seen.ok)
  const [team = ''] = who.session.teams.map(({ name }) => name)
  assert.deepEqual(seen.new_number, {
    method: person.methods['sms'],
    from: `••• ••• ${person.phone.slice(-2)}`,
    to: null,
    kept_by: team,
  })
  assert.deepEqual(
    seen.methods.map(({ kept_by }) => kept_by),
    [team],
  )
  const asked = await lookAtRemoval(world, who, { id: person.methods['sms'] ?? '' })
  assert.deepEqual(asked, { ok: false, reason: 'last-required-method', details: { team } })
})

test('RC-06: how many codes are left, when they were made, and that they were saved', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  const made = await makeCodes(world, await signedIn(world, person))
  assert.ok(made.ok)
  const cookies = made.cookies as { session: string }
  const who = await sameMember(world, await signedIn(world, person), cookies.session)
  const before = await lookAtCodes(world, who)
  assert.ok(before.ok)
  const now = world.clock()
  const set = { codes_left: 10, codes_made: 10, made_at: now, saved_at: null }
  assert.deepEqual(before.recovery, set)
  await saveCodes(world, who)
  const after = await lookAtCodes(world, who)
  assert.ok(after.ok)
  assert.deepEqual(after.recovery, { ...set, saved_at: now })
})

test('AUD-01: recent activity is told in words, newest first, without the everyday', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  const who = await signedIn(world, person)
  const about = { account: person.id, methodKind: 'totp' }
  await record(
    world.sql,
    event(who, world.clock(), 'method.confirmed', about),
    event(who, world.clock(), 'recovery.codes-made', about),
    event(who, world.clock(), 'request.step-up-missing', { account: person.id }),
  )
  const seen = await look(world, { ...plainBrowser, ...who })
  assert.ok(seen.ok)
  assert.deepEqual(
    seen.activity.map(({ sentence, method }) => [sentence, method]),
    [
      ['Made new recovery codes', null],
      ['Turned on Authenticator app', null],
    ],
  )
})

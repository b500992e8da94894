import assert from 'node:assert/strict'
import { test } from 'node:test'
import { answer, useRecoveryCode } from '../../src/step-up/answer.ts'
import { chooseMethod } from '../../src/step-up/choose-method.ts'
import { givePassword } from '../../src/step-up/give-password.ts'
import { look } from '../../src/step-up/look.ts'
import { lookAtDelivery } from '../../src/step-up/look-at-delivery.ts'
import type { Member } from '../../src/sessions/session.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode } from '../support/steps.ts'
import { sameMember, signedIn, testWorld } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'

const here = { return_to: null }

async function proven(world: TestWorld, who: Member, person: Person): Promise<Member> {
  const given = await givePassword(world, who, { password: person.password, ...here })
  assert.ok(given.ok && !given.complete)
  return sameMember(world, who, given.cookies.session)
}

test('SES-05: a step-up asks by the method last used that still works', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp', 'sms', 'email'])
  await world.sql.query("UPDATE methods SET last_used_at = $1 WHERE kind = 'email'", [
    world.clock(),
  ])
  const first = await look(world, await proven(world, await signedIn(world, person), person), here)
  assert.ok(first.ok && first.now_asked?.kind === 'email')
  await world.sql.query("UPDATE methods SET failures = 100 WHERE kind IN ('email', 'totp')")
  world.time.pass({ minutes: 1 })
  const who = await proven(world, await signedIn(world, person), person)
  const next = await look(world, who, here)
  assert.ok(next.ok && next.now_asked?.kind === 'sms')
  const said = await lookAtDelivery(world, who)
  assert.ok(said.ok && said.state === 'accepted')
})

test('ENR-07: with every method switched off a recovery code still proves it', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  await world.sql.query('UPDATE methods SET failures = 100')
  const who = await proven(world, await signedIn(world, person), person)
  const seen = await look(world, who, here)
  assert.ok(seen.ok && seen.now_asked === null && seen.missing.second_step)
  const used = await useRecoveryCode(world, who, {
    recovery_code: person.recoveryCodes.at(-1) ?? '',
    ...here,
  })
  assert.ok(used.ok && used.complete)
  const after = await look(world, await sameMember(world, who, used.cookies.session), here)
  assert.ok(after.ok && !after.missing.password && !after.missing.second_step)
})

test('SES-05: a code is not taken when the password is too long ago, and says so', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  const who = await proven(world, await signedIn(world, person), person)
  world.time.pass({ minutes: 11 })
  const code = appCode(person, world.clock())
  const late = await answer(world, who, { code, ...here })
  assert.ok(!late.ok && late.reason === 'password-again')
  const recovery_code = person.recoveryCodes[0] ?? ''
  const also = await useRecoveryCode(world, who, { recovery_code, ...here })
  assert.ok(!also.ok && also.reason === 'password-again')
})

test('LIM-06: five wrong codes end a step-up; the method is chosen again, its count goes on', async () => {
  const world = testWorld(await memoryDatabase())
  const person = await addSomebody(world, ['totp'])
  const who = await proven(world, await signedIn(world, person), person)
  const reasons: string[] = []
  for (let i = 0; i < 5; i++) {
    const refused = await answer(world, who, { code: 'nonsense', ...here })
    reasons.push(refused.ok ? 'done' : refused.reason)
  }
  assert.equal(reasons.at(-1), 'too-many-wrong-codes')
  const right = await answer(world, who, { code: appCode(person, world.clock()), ...here })
  assert.ok(!right.ok && right.reason === 'too-many-wrong-codes')
  const over = await look(world, who, here)
  assert.ok(over.ok && over.now_asked === null && over.progress === null)
  await chooseMethod(world, who, { method: person.methods['totp'] ?? '' })
  await answer(world, who, { code: 'nonsense', ...here })
  const [method] = await world.sql.query<{ failures: number }>('SELECT failures FROM methods')
  assert.equal(method?.failures, 6)
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from './stage.ts'
import {
  tourOfDevices,
  tourOfNames,
  tourOfSecurity,
  tourOfSetUp,
  tourOfStepUp,
  tourOfUnfinished,
} from './tour-inside.ts'
import { tourOfEmail } from './tour-email.ts'
import { tourOfChange } from './tour-password.ts'
import { createWalker } from './walk.ts'

/** Inside this process, so that its clock can be moved and rare states can be reached. */
let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const { walk, leftOut } = createWalker()

test('A11Y-08, A11Y-05: setting up every method', () => walk(stage, tourOfSetUp))
test('A11Y-08, A11Y-11: the Security page and its changes', () => walk(stage, tourOfSecurity))
test('A11Y-08, A11Y-11: trusted devices', () => walk(stage, tourOfDevices))
test('A11Y-08, A11Y-05: confirming it is oneself', () => walk(stage, tourOfStepUp))
test('A11Y-08, A11Y-05: changing the password', () => walk(stage, tourOfChange))
test('A11Y-08, NTF-04: Home after sign-ins that were not finished', () =>
  walk(stage, tourOfUnfinished))
test('A11Y-08: names that are very long or run from right to left', () => walk(stage, tourOfNames))

test('A11Y-08, A11Y-11: the addresses and their change', () => walk(stage, tourOfEmail))

test('A11Y-08: no page of a session was left out', () => {
  assert.deepEqual(leftOut(['session', 'fresh']), [])
})

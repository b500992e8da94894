import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from './stage.ts'
import { tourOfInviting, tourOfJoining, tourOfRoles } from './tour-people.ts'
import { createWalker } from './walk.ts'

/** Inside this process, so that its clock can be moved and rare states can be reached. */
let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const { walk, leftOut } = createWalker()

test('A11Y-08, A11Y-05: inviting people', () => walk(stage, tourOfInviting))
test('A11Y-08, A11Y-05: coming into a team', () => walk(stage, tourOfJoining))
test('A11Y-08, A11Y-11: roles, removal, leaving, handing over', () => walk(stage, tourOfRoles))

test('A11Y-08: no page of people coming and going was left out', () => {
  assert.deepEqual(leftOut(['anyone', 'session', 'fresh'], 'people'), [])
})

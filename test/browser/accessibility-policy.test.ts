import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from './stage.ts'
import { tourOfChanging, tourOfOthers, tourOfSwitchingOn } from './tour-policy.ts'
import { createWalker } from './walk.ts'

/** Inside this process, so that its clock can be moved and rare states can be reached. */
let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const { walk, leftOut } = createWalker()

test('A11Y-08, A11Y-05: switching the requirement on', () => walk(stage, tourOfSwitchingOn))
test('A11Y-08, A11Y-11: changing, pausing, turning off', () => walk(stage, tourOfChanging))
test('A11Y-08: what members and unprotected admins see', () => walk(stage, tourOfOthers))

test('A11Y-08: no page of what a team requires was left out', () => {
  assert.deepEqual(leftOut(['session', 'fresh'], 'policy'), [])
})

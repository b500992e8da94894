import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from './stage.ts'
import { tourOfAccess, tourOfMembers } from './tour-members.ts'
import { tourOfRequirement } from './tour-requirement.ts'
import { createWalker } from './walk.ts'

/** Inside this process, so that its clock can be moved and rare states can be reached. */
let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const { walk, leftOut } = createWalker()

test('A11Y-08, A11Y-05: a method is required', () => walk(stage, tourOfRequirement))
test('A11Y-08, A11Y-05: members and what is done to one', () => walk(stage, tourOfMembers))
test('A11Y-08, A11Y-05: the security log and API keys', () => walk(stage, tourOfAccess))

test('A11Y-08: no page that a team brings was left out', () => {
  assert.deepEqual(leftOut(['session', 'fresh'], 'team'), [])
})

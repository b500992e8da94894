import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from './stage.ts'
import { tourOfAsking, tourOfDeciding, tourOfHome } from './tour-recovery.ts'
import { createWalker } from './walk.ts'

/** Inside this process, so that its clock can be moved and rare states can be reached. */
let stage: Stage
before(async () => {
  stage = await startStage({ sendPauseSeconds: 0 })
})
after(() => stage.stop())

const { walk, leftOut } = createWalker()

test('A11Y-08, A11Y-05: asking support to get back in', () => walk(stage, tourOfAsking))
test('A11Y-08, A11Y-05: deciding a case, and the way back in', () => walk(stage, tourOfDeciding))
test('A11Y-08: what Home says of a recovery', () => walk(stage, tourOfHome))

test('A11Y-08: no page of a recovery was left out', () => {
  assert.deepEqual(leftOut(['anyone', 'session', 'fresh'], 'recovery'), [])
})

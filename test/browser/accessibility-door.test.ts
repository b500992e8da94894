import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startStage, type Stage } from './stage.ts'
import {
  tourOfAppCode,
  tourOfBeginnings,
  tourOfFirstOwner,
  tourOfLeaving,
  tourOfLinks,
  tourOfPassword,
  tourOfSentCode,
} from './tour-door.ts'
import { tourOfReset } from './tour-password.ts'
import { tourOfEmailLinks } from './tour-email.ts'
import { createWalker } from './walk.ts'

/** Inside this process, so that its clock can be moved and rare states can be reached. */
let stage: Stage
before(async () => {
  stage = await startStage()
})
after(() => stage.stop())

const { walk, leftOut } = createWalker()

test('A11Y-08: the first owner’s page, help and the inbox while nobody is there', () =>
  walk(stage, tourOfFirstOwner))
test('A11Y-08, A11Y-05: the password step in every state', () => walk(stage, tourOfPassword))
test('A11Y-08, A11Y-05: the code of an app in every state', () => walk(stage, tourOfAppCode))
test('A11Y-08, A11Y-05: a code that is sent in every state', () => walk(stage, tourOfSentCode))
test('A11Y-08: signing out, and very long names at the door', () => walk(stage, tourOfLeaving))
test('A11Y-08, A11Y-05: how an account begins', () => walk(stage, tourOfBeginnings))
test('A11Y-08: what links in mails open', () => walk(stage, tourOfLinks))
test('A11Y-08, A11Y-05: a new password by a link', () => walk(stage, tourOfReset))

test('A11Y-08: what links to addresses open', () => walk(stage, tourOfEmailLinks))

test('A11Y-08: no page outside a session was left out', () => {
  assert.deepEqual(leftOut(['anyone']), [])
})

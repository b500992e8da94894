import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { peopleRoutes } from '../../src/teams/people-routes.ts'
import { invitationRoutes } from '../../src/invitations/routes.ts'
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
  const own: string[] = [...invitationRoutes, ...peopleRoutes].flatMap((route) =>
    'page' in route ? [route.get] : [],
  )
  assert.ok(own.length > 10)
  const all = [...leftOut(['anyone', 'session', 'fresh'], 'team'), ...leftOut(['session'], 'own')]
  assert.deepEqual(
    all.filter((path) => own.includes(path)),
    [],
  )
})

import type { World } from '../world.ts'
import { noteToday } from './coverage.ts'
import { remindDue } from './remind.ts'

/** What is done for teams by itself: reminders that are due, and today's coverage. */
export async function workForTeams(world: World): Promise<void> {
  await remindDue(world)
  await noteToday(world)
}

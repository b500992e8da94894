import type { World } from '../world.ts'
import { noteToday } from './coverage.ts'
import { remindDue } from './remind.ts'

/** What is done for teams by itself: reminders that are due, and today's coverage. */
export async function workForTeams(world: World): Promise<void> {
  await remindDue(world)
  await noteToday(world)
}

/** Does it now and every hour, in whichever copy; doing it twice does no harm. */
export function workForTeamsRegularly(world: World): { stop: () => void } {
  const run = () => {
    workForTeams(world).catch((error: unknown) => world.log.error({ error }, 'team work failed'))
  }
  const timer = setInterval(run, 3_600_000).unref()
  run()
  return { stop: () => clearInterval(timer) }
}

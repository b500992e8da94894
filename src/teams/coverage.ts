import type { World } from '../world.ts'
import { noteCoverage } from './coverage-store.ts'

const batch = 200

/**
 * Notes once a day (UTC) for each team how many of it are ready; for the first of any number of
 * copies that comes to it. Gives how many teams were noted.
 */
export async function noteToday(world: World): Promise<number> {
  const now = world.clock()
  let noted = 0
  for (let last = batch; last === batch; noted += last) {
    last = await noteCoverage(world.sql, now, batch)
  }
  return noted
}

import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { InTeam } from './in-team.ts'
import { showTeam } from './store.ts'

/** Shows another of the person's teams in the menu from now on, in this session. Never refused. */
export async function switchTeam(world: World, who: InTeam): Promise<Outcome<{ team: string }>> {
  await showTeam(world.sql, who.session.id, who.team.team_id)
  return done({ team: who.team.team_id })
}

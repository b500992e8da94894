import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { InTeam } from './in-team.ts'
import { removeMembership } from './people-store.ts'

/**
 * Takes the person out of the team by their own wish. The first day is remembered: coming back
 * restarts no deadline (TEAM-03). Refused: owner-stays.
 */
export async function leave(world: World, who: InTeam): Promise<Outcome<object>> {
  const { session, team } = who
  const now = world.clock()
  const about = { account: session.account_id, team: team.team_id }
  const details = { role: team.role }
  const sessionHash = session.token_hash
  const gone = await removeMembership(world.sql, {
    teamId: team.team_id,
    actorId: session.account_id,
    memberId: session.account_id,
    now,
    events: JSON.stringify([event(who, now, 'member.left', { ...about, sessionHash, details })]),
    messages: '[]',
  })
  return gone ? done({}) : refuse('owner-stays')
}

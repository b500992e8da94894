import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { about } from './invite.ts'
import { lookAt } from './look-at.ts'
import type { Named } from './look-at.ts'
import { deleteInvitation } from './store.ts'

/**
 * Withdraws an invitation; its link is void at once, also when its mail is still on the way.
 * Refused: not-found (also when it was accepted meanwhile), owner-required.
 */
export async function revoke(world: World, who: InTeam, input: Named): Promise<Outcome<object>> {
  const found = await lookAt(world, who, input)
  if (!found.ok) return found
  const { id, email, role } = found.invitation
  const now = world.clock()
  const act = {
    teamId: who.team.team_id,
    actorId: who.session.account_id,
    now,
    events: JSON.stringify([about(who, now, 'invitation.revoked', email, role)]),
    messages: '[]',
  }
  return (await deleteInvitation(world.sql, act, id)) ? done({}) : refuse('not-found')
}

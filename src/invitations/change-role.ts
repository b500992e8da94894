import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { about } from './invite.ts'
import { lookAt } from './look-at.ts'
import type { Named } from './look-at.ts'
import { updateRole } from './store.ts'
import type { InvitedRole } from './store.ts'

/**
 * The owner changes what somebody invited will be. The link mailed before stays good; its page says
 * the new role. Refused: not-found, already-done, invitation-over (expired, accepted or changed
 * meanwhile).
 */
export async function changeRole(
  world: World,
  who: InTeam,
  input: Named & { role: InvitedRole },
): Promise<Outcome<{ role: InvitedRole }>> {
  const found = await lookAt(world, who, input)
  if (!found.ok) return found
  const { id, email, role } = found.invitation
  if (role === input.role) return refuse('already-done')
  const now = world.clock()
  const act = {
    teamId: who.team.team_id,
    actorId: who.session.account_id,
    now,
    events: JSON.stringify([about(who, now, 'invitation.role-changed', email, input.role)]),
    messages: '[]',
  }
  const changed = await updateRole(world.sql, act, id, { from: role, to: input.role })
  return changed ? done({ role: input.role }) : refuse('invitation-over')
}

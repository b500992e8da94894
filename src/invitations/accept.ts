import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import { asRole } from '../teams/role.ts'
import { showTeam } from '../teams/store.ts'
import type { World } from '../world.ts'
import { acceptInvitation } from './joining-store.ts'
import type { Received } from './joining-store.ts'
import { lookAtMine } from './received.ts'

/**
 * Joins the team that invited the person's confirmed address, inside their own session: an invitation
 * gives none (TEAM-10, FLOW-08), and what the team requires holds from the next request on. Its row
 * wants fresh proof: who stands above somebody in their only team may reset their second step
 * (TEAM-07), so joining changes how the account is protected (ENR-01). The role is the invitation's
 * at that moment. Refused: not-found, also when it is over by now.
 */
export async function accept(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<{ team: string; role: string }>> {
  const found = await lookAtMine(world, who, input)
  if (!found.ok) return found
  const { team_id: team, role } = found.invitation
  // Changed or gone meanwhile: what is there now decides.
  if (!(await write(world, who, found.invitation))) return accept(world, who, input)
  await showTeam(world.sql, who.session.id, team)
  world.delivery.wake()
  return done({ team, role })
}

function write(world: World, who: Member, invitation: Received): Promise<boolean> {
  const { account_id: account, email, token_hash: sessionHash } = who.session
  const { id, role, team, team_id } = invitation
  const now = world.clock()
  const joined = { account, team: team_id, sessionHash, details: { role } }
  const words = { team, role: asRole(role) }
  return acceptInvitation(world.sql, {
    accountId: account,
    now,
    invitationId: id,
    role,
    events: JSON.stringify([event(who, now, 'member.joined', joined)]),
    messages: JSON.stringify(
      noticeMessages(world, who, { id: account, email }, 'team-joined', words),
    ),
  })
}

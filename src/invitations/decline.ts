import { event } from '../audit/event.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { declineInvitation } from './joining-store.ts'
import { lookAtMine } from './received.ts'

/** Declines an invitation to the person's confirmed address. Refused: not-found. */
export async function decline(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<object>> {
  const found = await lookAtMine(world, who, input)
  if (!found.ok) return found
  const { account_id: account, token_hash: sessionHash } = who.session
  const { id: invitationId, role, team_id: team } = found.invitation
  const now = world.clock()
  const declined = event(who, now, 'invitation.declined', { account, team, sessionHash })
  const gone = await declineInvitation(world.sql, {
    accountId: account,
    now,
    invitationId,
    role,
    events: JSON.stringify([declined]),
  })
  // Changed or gone meanwhile: what is there now decides.
  return gone ? done({}) : decline(world, who, input)
}

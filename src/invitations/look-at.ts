import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { findInvitation } from './store.ts'
import type { Invitation } from './store.ts'

/** How an act names an invitation of the team. */
export type Named = { readonly invitation: string }

/**
 * One invitation of the team, for who may act on it: the owner on any, an admin on those of members.
 * Refused: not-found, owner-required.
 */
export async function lookAt(
  world: World,
  { team }: InTeam,
  input: Named,
): Promise<Outcome<{ invitation: Invitation }>> {
  const invitation = await findInvitation(world.sql, team.team_id, input.invitation)
  if (invitation === null) return refuse('not-found')
  if (invitation.role === 'admin' && team.role !== 'owner') return refuse('owner-required')
  return done({ invitation })
}

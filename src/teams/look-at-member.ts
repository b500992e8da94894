import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import type { InTeam } from './in-team.ts'
import { findSomebody } from './people-store.ts'
import type { Somebody } from './people-store.ts'

export type OneMember = { readonly member: Somebody }

/** The member whose role the owner wants to change. Refused: not-found, owner-stays. */
export async function lookAtRole(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<OneMember>> {
  const member = await lookUp(world, who, input.member)
  if (member === null) return refuse('not-found')
  return member.role === 'owner' ? refuse('owner-stays') : done({ member })
}

/** The member whom the person wants to remove. Refused: not-found, owner-stays,
 * not-yourself, owner-required. */
export async function lookAtRemoval(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<OneMember>> {
  const member = await lookUp(world, who, input.member)
  if (member === null) return refuse('not-found')
  return refuseRemoval(who, member) ?? done({ member })
}

/** Their own place in the team, which the person wants to leave. Refused: owner-stays. */
export async function lookAtLeaving(world: World, who: InTeam): Promise<Outcome<OneMember>> {
  const member = await lookUp(world, who, who.session.account_id)
  if (member === null) return refuse('not-found')
  return member.role === 'owner' ? refuse('owner-stays') : done({ member })
}

/** The owner stays; nobody removes themselves here; an admin removes members only (TEAM-07). */
function refuseRemoval({ session, team }: InTeam, member: Somebody): Refusal | null {
  if (member.role === 'owner') return refuse('owner-stays')
  if (member.id === session.account_id) return refuse('not-yourself')
  return team.role === 'owner' || member.role === 'member' ? null : refuse('owner-required')
}

/** Why a change that was right a moment ago came to nothing: who is asked about is gone, or changed. */
export async function whyNot(world: World, who: InTeam, memberId: string): Promise<Refusal> {
  const member = await lookUp(world, who, memberId)
  return refuse(member === null ? 'not-found' : 'people-changed')
}

function lookUp(world: World, { team }: InTeam, id: string): Promise<Somebody | null> {
  return findSomebody(world.sql, team.team_id, { id }, world.clock())
}

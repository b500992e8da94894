import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { InTeam } from './in-team.ts'
import { lookAtRemoval, whyNot } from './look-at-member.ts'
import { removeMembership } from './people-store.ts'

/**
 * Takes somebody out of the team at once, also where they are signed in (TEAM-09), and tells them
 * (NTF-01). Their account stays. Refused: not-found, owner-stays, not-yourself, owner-required,
 * people-changed.
 */
export async function removeMember(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<object>> {
  const found = await lookAtRemoval(world, who, input)
  if (!found.ok) return found
  const { member } = found
  const { session, team } = who
  const now = world.clock()
  const about = { account: member.id, actor: session.account_id, team: team.team_id }
  const details = { role: member.role }
  const sessionHash = session.token_hash
  const words = { team: team.name, by: session.name }
  const gone = await removeMembership(world.sql, {
    teamId: team.team_id,
    actorId: session.account_id,
    memberId: member.id,
    now,
    events: JSON.stringify([event(who, now, 'member.removed', { ...about, sessionHash, details })]),
    messages: JSON.stringify(noticeMessages(world, who, member, 'team-removed', words)),
  })
  if (!gone) return whyNot(world, who, member.id)
  world.delivery.wake()
  return done({})
}

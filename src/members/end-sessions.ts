import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { endMemberSessions } from './act-store.ts'
import { doingOf, whyNot } from './doing.ts'
import { aimAt } from './look-at-member.ts'

/**
 * Ends a member's sessions for the team, at their next request (TEAM-09); everywhere, with pending
 * sign-ins, when the account is this team's alone and stands below. They are told. Refused: as
 * `aimAt`, member-changed.
 */
export async function endSessions(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<{ everywhere: boolean }>> {
  const aimed = await aimAt(world, who, input.member, 'end-sessions')
  if (!aimed.ok) return aimed
  const doing = doingOf(world, who, aimed.member, {
    kind: 'member.sessions-ended',
    notice: 'admin-ended-sessions',
  })
  const everywhere = await endMemberSessions(world.sql, doing)
  if (everywhere === null) return whyNot(world, who, input.member, 'end-sessions')
  world.delivery.wake()
  return done({ everywhere })
}

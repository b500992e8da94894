import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import type { InTeam } from './in-team.ts'
import { lookAtRole, whyNot } from './look-at-member.ts'
import type { OneMember } from './look-at-member.ts'
import { changeRole as write } from './people-store.ts'
import { asRole } from './role.ts'

/**
 * The owner makes a member an admin, or an admin a member, who is told (NTF-01). Who is an admin no
 * more loses the API keys they made for the team, the change of the policy they were at, and the
 * invitations they sent. Refused: not-found, owner-stays, already-done, people-changed.
 */
export async function changeRole(
  world: World,
  who: InTeam,
  input: { member: string; role: 'admin' | 'member' },
): Promise<Outcome<{ role: string }>> {
  const found = await lookAtRole(world, who, input)
  if (!found.ok) return found
  const { member } = found
  if (member.role === input.role) return refuse('already-done')
  if (!(await change(world, who, member, input.role))) return whyNot(world, who, member.id)
  world.delivery.wake()
  return done({ role: input.role })
}

function change(
  world: World,
  who: InTeam,
  member: OneMember['member'],
  role: 'admin' | 'member',
): Promise<boolean> {
  const { session, team } = who
  const now = world.clock()
  const changed = event(who, now, 'member.role-changed', {
    account: member.id,
    actor: session.account_id,
    team: team.team_id,
    sessionHash: session.token_hash,
    details: { from: member.role, to: role },
  })
  const words = { team: team.name, by: session.name, role: asRole(role) }
  return write(world.sql, {
    teamId: team.team_id,
    ownerId: session.account_id,
    memberId: member.id,
    from: member.role,
    to: role,
    now,
    events: JSON.stringify([changed]),
    messages: JSON.stringify(noticeMessages(world, who, member, 'team-role-changed', words)),
  })
}

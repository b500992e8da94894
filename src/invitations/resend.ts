import { emailKey } from '../accounts/email.ts'
import { sendWithin } from '../accounts/send-link.ts'
import { newId } from '../crypto/random.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { about, endOfLife, mail, refuseSends } from './invite.ts'
import { lookAt } from './look-at.ts'
import type { Named } from './look-at.ts'
import { inviteLimits } from './send-limits.ts'
import { renewInvitation } from './store.ts'
import type { Invitation } from './store.ts'

/**
 * Mails an invitation again, with another link and seven days more; the link before is void
 * (TEAM-10). Refused: not-found, owner-required, invited-just-now, too-many-invitations.
 */
export async function resend(
  world: World,
  who: InTeam,
  input: Named,
): Promise<Outcome<{ expires_at: Date }>> {
  const found = await lookAt(world, who, input)
  if (!found.ok) return found
  const send = inviteLimits(world, who, [emailKey(found.invitation.email)])
  const gone = new Error('the invitation is gone: roll back')
  const writing = sendWithin(world, send.limits, async (sql) => {
    if (!(await write({ ...world, sql }, who, found.invitation))) throw gone
  })
  const sent = await writing.catch((error: unknown) => {
    if (error === gone) return null
    throw error
  })
  if (sent === null) return refuse('not-found')
  if (!sent.ok) return refuseSends(world, who, sent, send.addressOf)
  world.delivery.wake()
  return done({ expires_at: endOfLife(world.clock()) })
}

function write(world: World, who: InTeam, { id, email, role }: Invitation): Promise<boolean> {
  const now = world.clock()
  const link = { id: newId(now, world.random), expiresAt: endOfLife(now) }
  const act = {
    teamId: who.team.team_id,
    actorId: who.session.account_id,
    now,
    events: JSON.stringify([about(who, now, 'invitation.sent-again', email, role)]),
    messages: JSON.stringify([mail(world, who, email, link.id, role, link.expiresAt)]),
  }
  return renewInvitation(world.sql, act, id, link)
}

import { limits } from '../config.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import type { Message, NoticeDetails } from '../delivery/outbox.ts'
import { dayInWords, momentInWords } from '../delivery/words.ts'
import { strengthsOf } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { setExemption } from './act-store.ts'
import { doingOf, whyNot } from './doing.ts'
import { aimAt } from './look-at-member.ts'
import { findOwner } from './member-store.ts'
import type { OneMember } from './member-store.ts'
import { countedStrengths } from './status.ts'

const dayMs = 86_400_000

/**
 * Exempts a member from what the team requires, to the end of a day (UTC) within 90 days, with a
 * reason. They are told, and so is the owner when an admin does it: it loosens the rule (TEAM-04).
 * Refused: as `aimAt`, protect-yourself-first, date-in-past, date-too-late, member-changed.
 */
export async function exempt(
  world: World,
  who: InTeam,
  input: { member: string; until: Date; reason: string },
): Promise<Outcome<{ exempt_until: Date }>> {
  const aimed = await aimAt(world, who, input.member, 'exempt')
  if (!aimed.ok) return aimed
  const { reason } = input
  const until = new Date(input.until.getTime() + dayMs - 1)
  const refusal = refuseLoosening(who) ?? refuseDate(input.until, world.clock())
  if (refusal) return refusal
  const words = { reason, until: momentInWords(until), member: aimed.member.name }
  const doing = doingOf(world, who, aimed.member, {
    kind: 'member.exempted',
    details: { reason, until: until.toISOString() },
    notice: 'admin-exempted',
    words,
    more: await toOwner(world, who, aimed.member, words),
  })
  if (!(await setExemption(world.sql, doing, until, reason))) {
    return whyNot(world, who, input.member, 'exempt')
  }
  world.delivery.wake()
  return done({ exempt_until: until })
}

/** Only who has what the team requires may loosen it for another (TEAM-04). */
function refuseLoosening({ session, team }: InTeam): Refusal | null {
  const counted = countedStrengths(team.policy)
  const protectedSelf = strengthsOf(session.kinds).some((one) => counted.includes(one))
  return protectedSelf ? null : refuse('protect-yourself-first')
}

/** From tomorrow on, for 90 days at most. */
function refuseDate(day: Date, now: Date): Refusal | null {
  if (day <= now) return refuse('date-in-past', undefined, { until: 'date-in-past' })
  const last = new Date(now.getTime() + limits.exemptionDaysMax * dayMs)
  if (day <= last) return null
  return refuse('date-too-late', { last: dayInWords(last) }, { until: 'date-too-late' })
}

async function toOwner(
  world: World,
  who: InTeam,
  member: OneMember,
  words: NoticeDetails,
): Promise<Message[]> {
  if (who.team.role === 'owner') return []
  const owner = await findOwner(world.sql, who.team.team_id)
  if (owner === null || owner.id === member.id) return []
  const { team, session } = who
  const all = { team: team.name, by: session.name, ...words }
  return noticeMessages(world, who, owner, 'admin-loosened', all)
}

/**
 * Ends a member's exemption: the rule holds for them from now on. They are told. Refused: as `aimAt`,
 * already-done.
 */
export async function endExemption(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome> {
  const aimed = await aimAt(world, who, input.member, 'exempt')
  if (!aimed.ok) return aimed
  const { exempt_until: until } = aimed.member
  if (until === null || until <= world.clock()) return refuse('already-done')
  const doing = doingOf(world, who, aimed.member, {
    kind: 'member.exemption-ended',
    notice: 'admin-ended-exemption',
  })
  if (!(await setExemption(world.sql, doing, null, null))) {
    return whyNot(world, who, input.member, 'exempt')
  }
  world.delivery.wake()
  return done({})
}

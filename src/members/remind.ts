import { limits } from '../config.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import { remindMembers } from '../teams/remind.ts'
import type { World } from '../world.ts'
import { aimAt } from './look-at-member.ts'

/**
 * Mails a reminder to one member. Refused: as `aimAt`, not-required, reminded-lately,
 * nothing-to-remind-of.
 */
export async function remindOne(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<{ reminded: number }>> {
  const aimed = await aimAt(world, who, input.member, 'remind')
  if (!aimed.ok) return aimed
  const sent = await remindMembers(world, who, [aimed.member.id])
  if (!sent.ok || sent.reminded > 0) return sent
  const { name, reminded_at: at } = aimed.member
  const since = world.clock().getTime() - limits.remindedPauseHours * 3_600_000
  const lately = at !== null && at.getTime() > since
  return refuse(lately ? 'reminded-lately' : 'nothing-to-remind-of', { name })
}

/**
 * Reminds those members who are ticked; those who need none, or had one today, are left out, and so is
 * whoever asks. Refused: nobody-ticked, and as `remindMembers`.
 */
export async function remindTicked(
  world: World,
  who: InTeam,
  input: { member: readonly string[] },
): Promise<Outcome<{ reminded: number }>> {
  const others = input.member.filter((one) => one !== who.session.account_id)
  return others.length === 0 ? refuse('nobody-ticked') : remindMembers(world, who, others)
}

/** Reminds the members named, or everybody who is not ready. Refused: as `remindMembers`. */
export async function remindSome(
  world: World,
  who: InTeam,
  input: { members?: readonly string[] | undefined },
): Promise<Outcome<{ reminded: number }>> {
  if (input.members?.length === 0) return done({ reminded: 0 })
  return remindMembers(world, who, input.members ?? 'all-not-ready')
}

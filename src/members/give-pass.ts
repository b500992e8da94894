import { limits } from '../config.ts'
import { newPass } from '../crypto/passes.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { insertPass } from './act-store.ts'
import { doingOf, whyNot } from './doing.ts'
import { aimAt } from './look-at-member.ts'
import type { OneMember } from './member-store.ts'

/** A pass as it is shown, this once. */
export type Given = {
  readonly member: OneMember
  readonly pass: string
  readonly expires_at: Date
}

/** Whom a pass is to be made for. Refused: as `aimAt`, nothing-to-stand-in-for. */
export async function lookAtPass(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<{ member: OneMember }>> {
  const aimed = await aimAt(world, who, input.member, 'pass')
  if (!aimed.ok) return aimed
  const { name, kinds, locked } = aimed.member
  return kinds.length === 0 && !locked ? refuse('nothing-to-stand-in-for', { name }) : aimed
}

/**
 * Makes a one-time pass for a member, in the place of the one before: it stands in for their second
 * step once, after the right password, within a day. Only its hash is stored; it is shown to who made
 * it and told to nobody. The member is told that it was made. Refused: as `lookAtPass`, member-changed.
 */
export async function givePass(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<Given>> {
  const aimed = await lookAtPass(world, who, input)
  if (!aimed.ok) return aimed
  const doing = doingOf(world, who, aimed.member, { kind: 'member.pass-made', notice: 'pass-made' })
  const { pass, hash } = newPass(world.random)
  const expiresAt = new Date(doing.now.getTime() + limits.passLifetimeHours * 3_600_000)
  if (!(await insertPass(world.sql, doing, hash, expiresAt))) {
    return whyNot(world, who, input.member, 'pass')
  }
  world.delivery.wake()
  return done({ member: aimed.member, pass, expires_at: expiresAt })
}

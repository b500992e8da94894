import { keyedDigest } from '../crypto/tokens.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { resetTwoStep } from './act-store.ts'
import { doingOf, whyNot } from './doing.ts'
import { aimAt } from './look-at-member.ts'

/**
 * Removes a member's methods, recovery codes, trusted devices, sessions and pending sign-ins, with a
 * reason they are told (product.md, Teams 5). What the team requires holds at their next login.
 * Refused: as `aimAt`, member-changed.
 */
export async function reset(
  world: World,
  who: InTeam,
  input: { member: string; reason: string },
): Promise<Outcome> {
  const aimed = await aimAt(world, who, input.member, 'reset')
  if (!aimed.ok) return aimed
  const { reason } = input
  const doing = doingOf(world, who, aimed.member, {
    kind: 'member.reset',
    details: { reason },
    notice: 'admin-reset',
    words: { reason },
  })
  const mailboxKey = keyedDigest(world.keys, 'guess-mailbox', aimed.member.id)
  if (!(await resetTwoStep(world.sql, doing, mailboxKey))) {
    return whyNot(world, who, input.member, 'reset')
  }
  world.delivery.wake()
  return done({})
}

import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { forgetDevices as write } from './act-store.ts'
import { doingOf, whyNot } from './doing.ts'
import { aimAt } from './look-at-member.ts'

/**
 * Removes all trusted devices of a member, who is told (TD-06): each is asked for a code again. Gives
 * how many. Refused: as `aimAt`, member-changed.
 */
export async function forgetDevices(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<{ forgotten: number }>> {
  const aimed = await aimAt(world, who, input.member, 'forget-devices')
  if (!aimed.ok) return aimed
  const doing = doingOf(world, who, aimed.member, {
    kind: 'member.devices-forgotten',
    notice: 'admin-forgot-devices',
  })
  const forgotten = await write(world.sql, doing)
  if (forgotten === null) return whyNot(world, who, input.member, 'forget-devices')
  if (forgotten > 0) world.delivery.wake()
  return done({ forgotten })
}

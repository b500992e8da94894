import { limits } from '../config.ts'
import { satisfies, standing } from '../policy/policy.ts'
import type { Membership } from '../policy/policy.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { strengthsOf } from './index.ts'
import type { Method } from './method.ts'
import { listConfirmed } from './store.ts'

/**
 * The names of the teams for which this is the account's last method that counts; null when it may
 * go (ENR-05). The account's epoch decides between two removals at once: what was read here still
 * holds when the statement runs, or it changes nothing.
 */
export async function requiredBy(
  world: World,
  { session }: Member,
  method: Pick<Method, 'id'>,
): Promise<string | null> {
  const asking = standing(session.teams, world.clock())
  if (asking.length === 0) return null
  return keptBy(asking, await listConfirmed(world.sql, session.account_id), method)
}

/** The same for methods that were read already, and the teams that ask (`standing`). */
export function keptBy(
  asking: readonly Membership[],
  methods: readonly Method[],
  method: Pick<Method, 'id'>,
): string | null {
  const usable = methods.filter(({ failures }) => failures < limits.methodFailuresMax)
  const all = strengthsOf(usable.map(({ kind }) => kind))
  const rest = strengthsOf(usable.filter(({ id }) => id !== method.id).map(({ kind }) => kind))
  const lost = asking.filter((team) => counts(all, team) && !counts(rest, team))
  return lost.map(({ name }) => name).join(' and ') || null
}

function counts(strengths: ReturnType<typeof strengthsOf>, { name, policy }: Membership): boolean {
  return policy === null || satisfies(strengths, { teams: [name], strengths: policy.strengths })
}

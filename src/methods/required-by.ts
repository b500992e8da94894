import { limits } from '../config.ts'
import { satisfies, standing } from '../policy/policy.ts'
import type { Membership } from '../policy/policy.ts'
import { listTeams } from '../policy/store.ts'
import type { World } from '../world.ts'
import { strengthsOf } from './index.ts'
import type { Method } from './method.ts'
import { listConfirmed } from './store.ts'

/**
 * The names of the teams for which this is the account's last method that counts; null when it may
 * go (ENR-05). Asked once more while the account and its teams are held still: nobody removes two at
 * once, and no team begins to require it in between.
 */
export async function requiredBy(
  world: Pick<World, 'sql' | 'clock'>,
  accountId: string,
  method: Pick<Method, 'id'>,
): Promise<string | null> {
  const asking = standing(await listTeams(world.sql, accountId), world.clock())
  if (asking.length === 0) return null
  return keptBy(asking, await listConfirmed(world.sql, accountId), method)
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

import { limits } from '../config.ts'
import { demand as demandOf, nothingAsked, satisfies } from '../policy/policy.ts'
import type { Demand, Membership } from '../policy/policy.ts'
import { strengthsOf } from './index.ts'

type Held = { readonly kind: string; readonly failures: number }

/**
 * What a method must satisfy wherever a second step is asked for, at the door and inside: what the
 * teams ask, once it bites, unless the account has no method that does; then any of its own counts
 * (FLOW-07, TEAM-06).
 */
export function askedOf(methods: readonly Held[], teams: readonly Membership[], now: Date): Demand {
  const asked = demandOf(teams, now, now)
  const usable = methods.filter((method) => method.failures < limits.methodFailuresMax)
  return asked.due && allowedOf(usable, asked).length > 0 ? asked : nothingAsked
}

/** Those that satisfy what the teams ask. */
export function allowedOf<M extends { readonly kind: string }>(
  methods: readonly M[],
  demand: Demand,
): M[] {
  return methods.filter(({ kind }) => satisfies(strengthsOf([kind]), demand))
}

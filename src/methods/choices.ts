import { limits } from '../config.ts'
import { maskDestination } from '../delivery/mask.ts'
import { knownKind } from './index.ts'
import type { Method } from './method.ts'
import { nothingAsked, satisfies } from '../policy/policy.ts'
import type { Demand } from '../policy/policy.ts'
import type { Strength } from '../policy/strength.ts'

/** A method as it is shown: never more of a destination than its mask (PRV-02). */
export type Choice = {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly name: string
  readonly strength: Strength
  readonly masked: string | null
  readonly sends: 'text' | 'mail' | null
  readonly last_used: boolean
  readonly locked: boolean
  /** The teams that do not allow it; null where they do. */
  readonly forbidden_by: string | null
  readonly added_at: Date
  readonly used_at: Date | null
}

/** With the teams for which it is the last that counts; null when it may be turned off (ENR-05). */
export type Kept = Choice & { readonly kept_by: string | null }

/**
 * The account's methods strongest first, the one used last marked. With what its teams ask, those
 * that do not satisfy it bear the teams' names.
 */
export function toChoices(methods: readonly Method[], asked: Demand = nothingAsked): Choice[] {
  const used = (method: Method) => method.last_used_at?.getTime() ?? 0
  const latest = Math.max(0, ...methods.map(used))
  return strongestFirst(methods).map((method) => {
    const { title, strength, sends } = knownKind(method.kind)
    return {
      id: method.id,
      kind: method.kind,
      title,
      name: method.name,
      strength,
      masked: method.destination && maskDestination(method.destination),
      sends,
      last_used: latest > 0 && used(method) === latest,
      locked: method.failures >= limits.methodFailuresMax,
      forbidden_by: satisfies([strength], asked) ? null : listOf(asked.teams),
      added_at: method.confirmed_at ?? method.created_at,
      used_at: method.last_used_at,
    }
  })
}

/** Of several teams each is named: "Acme and Initech". */
function listOf(teams: readonly string[]): string {
  return teams.join(' and ')
}

/** Strongest first; among equals the one that was added first. */
export function strongestFirst(methods: readonly Method[]): Method[] {
  return methods.toSorted((a, b) => knownKind(b.kind).rank - knownKind(a.kind).rank)
}

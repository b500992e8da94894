import { limits } from '../config.ts'
import { allowedOf } from '../methods/allowed.ts'
import { knownKind } from '../methods/index.ts'
import type { Demand } from '../policy/policy.ts'
import type { MethodFact } from './store.ts'

/** What is known once the password is proven. */
export type Facts = {
  /** Confirmed methods of the account. */
  readonly methods: readonly MethodFact[]
  /** A trusted device of this account was recognised, as young as all its teams allow. */
  readonly trusted: boolean
  /** What the account's teams ask of a session that begins now. */
  readonly demand: Demand
}

export type Next =
  | { readonly next: 'signed-in'; readonly by: 'password' | 'trusted-device' }
  /** A team requires a method and there is none: a session that opens only the set-up (A4). */
  | { readonly next: 'set-up' }
  /** Ask for the second step, first by `method`; null when every method is switched off. */
  | { readonly next: 'second-step'; readonly method: MethodFact | null }

/**
 * Decides, from facts and policies alone, what comes after a right password. Default is to ask: only
 * an account without a confirmed method, or one on a trusted device, goes through (FLOW-02, TD-04,
 * ENR-02). Who has only methods that a team forbids is asked for one of them once more, and then
 * opens nothing but the set-up of another (TEAM-06).
 */
export function step({ methods, trusted, demand }: Facts): Next {
  if (methods.length === 0) {
    return demand.due ? { next: 'set-up' } : { next: 'signed-in', by: 'password' }
  }
  const usable = methods.filter((method) => method.failures < limits.methodFailuresMax)
  const allowed = demand.due ? allowedOf(usable, demand) : usable
  if (trusted && allowed.length > 0) return { next: 'signed-in', by: 'trusted-device' }
  return { next: 'second-step', method: firstToAsk(allowed.length > 0 ? allowed : usable) }
}

/** The method last used, or the strongest when none was used yet (product.md, Signing in 3). */
function firstToAsk(usable: readonly MethodFact[]): MethodFact | null {
  return usable.toSorted(lastUsedThenStrongest)[0] ?? null
}

function lastUsedThenStrongest(a: MethodFact, b: MethodFact): number {
  const used = (method: MethodFact) => (method.last_used_at ? Date.parse(method.last_used_at) : 0)
  return used(b) - used(a) || knownKind(b.kind).rank - knownKind(a.kind).rank
}

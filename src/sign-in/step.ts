import { limits } from '../config.ts'
import { knownKind } from '../methods/index.ts'
import type { MethodFact } from './store.ts'

/** What is known once the password is proven. */
export type Facts = {
  /** Confirmed methods of the account. */
  readonly methods: readonly MethodFact[]
  /** A trusted device of this account was recognised. */
  readonly trusted: boolean
}

export type Next =
  | { readonly next: 'signed-in'; readonly by: 'password' | 'trusted-device' }
  /** Ask for the second step, first by `method`; null when every method is switched off. */
  | { readonly next: 'second-step'; readonly method: MethodFact | null }

/**
 * Decides, from facts alone, what comes after a right password. Default is to ask: only an account
 * without a confirmed method, or one on a trusted device, goes through (FLOW-02, TD-04, ENR-02).
 */
export function step(facts: Facts): Next {
  if (facts.methods.length === 0) return { next: 'signed-in', by: 'password' }
  if (facts.trusted) return { next: 'signed-in', by: 'trusted-device' }
  return { next: 'second-step', method: firstToAsk(facts.methods) }
}

/** The method last used, or the strongest when none was used yet (product.md, Signing in 3). */
function firstToAsk(methods: readonly MethodFact[]): MethodFact | null {
  const usable = methods.filter((method) => method.failures < limits.methodFailuresMax)
  return usable.toSorted(lastUsedThenStrongest)[0] ?? null
}

function lastUsedThenStrongest(a: MethodFact, b: MethodFact): number {
  const used = (method: MethodFact) => (method.last_used_at ? Date.parse(method.last_used_at) : 0)
  return used(b) - used(a) || knownKind(b.kind).rank - knownKind(a.kind).rank
}

import { limits } from '../config.ts'
import { kinds } from '../methods/index.ts'
import type { Policy } from '../policy/policy.ts'
import { kindsOf } from '../methods/index.ts'

/** Pieces of statements over the memberships `m` of a team with the policy `p`. */

const start = `CASE WHEN p.bites <> 'now' AND p.bites_at IS NOT NULL THEN p.bites_at ELSE p.since END`

/**
 * When the requirement bites for a member, as `bitingOf` in policy.ts has it, or when their exemption
 * or the team's pause ends, if that is later. In the past where it bites at the next login.
 */
export const dueAt = `greatest(CASE WHEN m.first_joined_at <= p.since THEN ${start}
  ELSE greatest(${start}, m.first_joined_at
    + make_interval(days => least(p.joiner_days, ${limits.graceDaysMax}))) END,
  p.paused_until, m.exempt_until)`

/** The kinds of method that count for the policy `p`, from two lists in parameters. */
export function countingKinds(kindNames: string, kindStrengths: string): string {
  return `ARRAY(SELECT k.kind FROM unnest(${kindNames}::text[], ${kindStrengths}::text[])
    AS k(kind, strength) WHERE k.strength = ANY(p.strengths))`
}

/** The values of those two parameters: every kind of method, and its strength. */
export function kindLists(): [names: string[], strengths: string[]] {
  return [kinds.map(({ kind }) => kind), kinds.map(({ strength }) => strength)]
}

/** The kinds of method that make a member ready under this policy. */
export function readyKinds(policy: Pick<Policy, 'strengths'>): string[] {
  return kindsOf(policy.strengths)
}

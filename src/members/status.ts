import { kindsOf, strengthsOf } from '../methods/index.ts'
import { bitingOf } from '../policy/policy.ts'
import type { Membership, Policy } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'
import type { Strength } from '../policy/strength.ts'

/** What is known of a member, as the memberships table has it. */
export type Facts = Pick<Membership, 'first_joined_at' | 'exempt_until'> & {
  /** Kinds of confirmed methods that take answers. */
  readonly kinds: readonly string[]
  /** All methods are switched off, or the password is closed. */
  readonly locked: boolean
}

export type State =
  | 'on'
  | 'weak-only'
  | 'not-set-up'
  | 'due'
  | 'due-at-next-login'
  | 'exempt'
  | 'locked'

/** How protected a member is, by name and in words; `until`: since or until when, where that matters. */
export type Status = {
  readonly state: State
  readonly until: Date | null
  readonly words: string
}

/** Strengths that count as weak where nothing better is on. */
const weak: readonly Strength[] = ['restricted', 'weakest']

/** What a team counts as a method: what it requires when it does, else anything. */
export function countedStrengths(policy: Policy | null): readonly Strength[] {
  return policy?.required ? policy.strengths : strengths
}

/** The kinds that count in a team, and those of them that are not weak: for statements. */
export function countedKinds(policy: Policy | null): { counted: string[]; strong: string[] } {
  const counted = countedStrengths(policy)
  return {
    counted: kindsOf(counted),
    strong: kindsOf(counted.filter((one) => !weak.includes(one))),
  }
}

/**
 * A member's status (product.md, Teams 4): pages, API and export all ask here. Whoever has only
 * methods that the team forbids is as one who has none. A pure function.
 */
export function statusOf(facts: Facts, policy: Policy | null, now: Date): Status {
  if (facts.locked) return { state: 'locked', until: null, words: 'Locked' }
  const counted = countedStrengths(policy)
  const own = strengthsOf(facts.kinds).filter((one) => counted.includes(one))
  if (own.some((one) => !weak.includes(one))) return { state: 'on', until: null, words: 'On' }
  if (own.length > 0) return { state: 'weak-only', until: null, words: 'On, weak only' }
  const { exempt_until: until } = facts
  if (until !== null && until > now) {
    return { state: 'exempt', until, words: `Exempt until ${shortDate(until, now)}` }
  }
  return dueOf(facts, policy, now)
}

function dueOf(facts: Facts, policy: Policy | null, now: Date): Status {
  const biting = bitingOf({ ...facts, policy }, now)
  if (biting === null) return { state: 'not-set-up', until: null, words: 'Not set up' }
  if (biting.at > now) {
    return { state: 'due', until: biting.at, words: `Due ${shortDate(biting.at, now)}` }
  }
  return { state: 'due-at-next-login', until: null, words: 'Due at next login' }
}

/** "12 Dec", with the year when it is not this one. Days are those of UTC. */
function shortDate(date: Date, now: Date): string {
  const month = months[date.getUTCMonth()]
  const year = date.getUTCFullYear()
  return `${date.getUTCDate()} ${month}${year === now.getUTCFullYear() ? '' : ` ${year}`}`
}

const months = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')

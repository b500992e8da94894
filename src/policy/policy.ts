import { limits } from '../config.ts'
import { strengths } from './strength.ts'
import type { Strength } from './strength.ts'

/** When a requirement bites: at each member's next login, from a date, or now, open sessions included. */
export const bites = ['next-login', 'date', 'now'] as const

export type Bites = (typeof bites)[number]

/** What a team requires (product.md, Teams 1). */
export type Policy = {
  readonly version: number
  readonly required: boolean
  readonly bites: Bites
  /** When it was turned on; null while it is off. */
  readonly since: Date | null
  /** With 'date': from when on. With 'next-login': for sessions that begin then or later. */
  readonly bites_at: Date | null
  /** Days for those who join later, 0 to 30. */
  readonly joiner_days: number
  /** A method counts only if it is one of these. */
  readonly strengths: readonly Strength[]
  /** For how many days a trusted device may stand in, 0 to 14; 0 forbids it. */
  readonly trust_days: number
  readonly paused_until: Date | null
}

export type Role = 'owner' | 'admin' | 'member'

/** An account's place in one team, with what that team requires; null where it requires nothing. */
export type Membership = {
  readonly team_id: string
  readonly name: string
  readonly role: Role
  readonly joined_at: Date
  readonly first_joined_at: Date
  /** Sessions opened before it open nothing of this team (TEAM-09). */
  readonly sessions_from: Date | null
  readonly exempt_until: Date | null
  readonly policy: Policy | null
}

/** What all of an account's teams together ask of it, at one moment. */
export type Demand = {
  /** Names of the teams that ask, now or soon. Empty: nobody does. */
  readonly teams: readonly string[]
  /** What a method must be to satisfy all of them (TEAM-05). */
  readonly strengths: readonly Strength[]
  /** Whether it bites now: nothing but a set-up opens to who does not satisfy it. */
  readonly due: boolean
  /** When it will bite, the earliest; null when it does, or at the next login. */
  readonly due_at: Date | null
}

/** What is asked of an account that no team asks anything of. */
export const nothingAsked: Demand = { teams: [], strengths, due: false, due_at: null }

const dayMs = 86_400_000

/**
 * What an account's teams ask of a session that began at `start` (at a sign-in: now). A pure
 * function: nothing stores its answer (product.md, Signing in 1; TEAM-01, TEAM-05). The strictest
 * holds: a method must be allowed by every team that asks; teams whose requirement bites count alone
 * when there is one.
 */
export function demand(memberships: readonly Membership[], now: Date, start: Date): Demand {
  const asking = memberships.flatMap((membership) => {
    const biting = bitingOf(membership, now)
    if (biting === null || membership.policy === null) return []
    const due = biting.at <= now && (!biting.atNextLogin || start >= biting.at)
    return [{ name: membership.name, policy: membership.policy, due, at: biting.at }]
  })
  const due = asking.some((one) => one.due)
  const counting = asking.filter((one) => one.due === due)
  const later = counting.map(({ at }) => at.getTime()).filter((at) => at > now.getTime())
  return {
    teams: counting.map(({ name }) => name),
    strengths: strengths.filter((one) =>
      counting.every(({ policy }) => policy.strengths.includes(one)),
    ),
    due,
    due_at: due || later.length === 0 ? null : new Date(Math.min(...later)),
  }
}

/** What the teams will ask for in the end, whether it bites yet or not (ENR-05). */
export function standing(memberships: readonly Membership[], now: Date): readonly Membership[] {
  return memberships.filter((membership) => bitingOf(membership, now) !== null)
}

/** When a team's requirement bites for one member; null when nothing is required of them. */
export function bitingOf(
  {
    policy,
    exempt_until,
    first_joined_at,
  }: Pick<Membership, 'policy' | 'exempt_until' | 'first_joined_at'>,
  now: Date,
): { at: Date; atNextLogin: boolean } | null {
  if (policy === null || !policy.required || policy.since === null) return null
  if (isAhead(policy.paused_until, now) || isAhead(exempt_until, now)) return null
  const { since, bites_at } = policy
  const start = policy.bites !== 'now' && bites_at !== null ? bites_at : since
  const atNextLogin = policy.bites === 'next-login'
  if (first_joined_at <= since) return { at: start, atNextLogin }
  const days = Math.min(policy.joiner_days, limits.graceDaysMax)
  const grace = new Date(first_joined_at.getTime() + days * dayMs)
  // Who joined later had their days: asked for more since then, they too have until the next login.
  return grace < start ? { at: start, atNextLogin } : { at: grace, atNextLogin: false }
}

function isAhead(moment: Date | null, now: Date): boolean {
  return moment !== null && moment > now
}

/** For how many days a trusted device may stand in: the least that any of the teams allows (TD-08). */
export function trustDays(memberships: readonly Membership[]): number {
  const allowed = memberships.flatMap(({ policy }) => (policy ? [policy.trust_days] : []))
  return Math.min(limits.trustLifetimeDays, ...allowed)
}

/** Whether methods of these strengths satisfy what is asked; true when nothing is. */
export function satisfies(
  usable: readonly Strength[],
  { teams, strengths: wanted }: Pick<Demand, 'teams' | 'strengths'>,
): boolean {
  return teams.length === 0 || usable.some((one) => wanted.includes(one))
}

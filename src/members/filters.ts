import { limits } from '../config.ts'
import type { Policy } from '../policy/policy.ts'
import { countedKinds } from './status.ts'

/** Which members a list shows. */
export const shows = [
  'all',
  'ready',
  'not-ready',
  'due-this-week',
  'weak-only',
  'exempt',
  'locked',
  'never',
  'unreachable',
] as const

export type Show = (typeof shows)[number]

/** How a list is sorted: by name, by address, or by who joined last. */
export const sorts = ['name', 'email', 'joined'] as const

export type Sort = (typeof sorts)[number]

/** What the conditions below compare with, from policy and time alone. */
export type Measures = {
  readonly now: Date
  /** Kinds that count in the team, and the strong ones of them. */
  readonly counted: readonly string[]
  readonly strong: readonly string[]
  /** Whoever joined by then is due within a week; null: nobody is. */
  readonly joinedBy: Date | null
}

const notOn = 'NOT m.locked AND NOT m.kinds && $counted'
const notExempt = '(m.exempt_until IS NULL OR m.exempt_until <= $now)'

/**
 * Conditions on `memberships m`; those that are statuses hold exactly where `statusOf` says so. Ready
 * is who has a method that counts, as on the General page, whatever else stands in the way.
 */
export const conditions: Readonly<Record<Show, string>> = {
  all: 'true',
  ready: 'm.kinds && $counted',
  'not-ready': 'NOT m.kinds && $counted',
  'due-this-week': `${notOn} AND ${notExempt} AND m.first_joined_at <= $joinedBy`,
  'weak-only': 'NOT m.locked AND m.kinds && $counted AND NOT m.kinds && $strong',
  exempt: `${notOn} AND m.exempt_until > $now`,
  locked: 'm.locked',
  never: 'm.never_signed_in',
  unreachable: 'm.unreachable',
}

const names = ['now', 'counted', 'strong', 'joinedBy'] as const

type Name = (typeof names)[number]

const types: Readonly<Record<Name, string>> = {
  now: 'timestamptz',
  counted: 'text[]',
  strong: 'text[]',
  joinedBy: 'timestamptz',
}

/** A text with its `$names` as numbered parameters, and which they are. */
export type Numbered = { readonly text: string; readonly takes: readonly Name[] }

/** Numbers the names in a text, from `first` on. */
export function number(text: string, first: number): Numbered {
  const takes = names.filter((name) => text.includes(`$${name}`))
  const numbered = takes.reduce(
    (so, name, i) => so.replaceAll(`$${name}`, `$${first + i}::${types[name]}`),
    text,
  )
  return { text: numbered, takes }
}

const dayMs = 86_400_000

/** The measures of a team's policy at one moment. */
export function measuresOf(policy: Policy | null, now: Date): Measures {
  return { now, ...countedKinds(policy), joinedBy: dueIfJoinedBy(policy, now) }
}

/** As `bitingOf` decides, turned around: by when must one have joined to be due within a week? */
function dueIfJoinedBy(policy: Policy | null, now: Date): Date | null {
  if (!policy?.required || policy.since === null) return null
  if (policy.paused_until !== null && policy.paused_until > now) return null
  const end = now.getTime() + 7 * dayMs
  const start = policy.bites !== 'now' && policy.bites_at ? policy.bites_at : policy.since
  if (start.getTime() > end) return null
  const days = Math.min(policy.joiner_days, limits.graceDaysMax)
  return new Date(Math.max(policy.since.getTime(), end - days * dayMs))
}

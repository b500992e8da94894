import { limits } from '../config.ts'
import { dayInWords } from '../delivery/words.ts'
import type { Bites, Policy } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'
import type { Strength } from '../policy/strength.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'

/** A policy as an admin says it: dates are days of UTC, "2026-12-12". */
export type Wanted = {
  readonly required: boolean
  readonly bites: Bites
  /** With 'date': the day from whose beginning on. */
  readonly date: string | null
  readonly joiner_days: number
  readonly strengths: readonly Strength[]
  readonly trust_days: number
  /** The day on which a pause ends, at its beginning. */
  readonly paused_until: string | null
  /** The admin's own words in the mail to the members. */
  readonly words: string | null
}

/** What no policy may forbid: with less nobody could comply. */
export const alwaysAllowed: readonly Strength[] = ['phishing-resistant', 'good']

/** What holds in a team without a policy. */
export const noPolicy: Policy = {
  version: 0,
  required: false,
  bites: 'next-login',
  since: null,
  bites_at: null,
  joiner_days: 0,
  strengths,
  trust_days: limits.trustLifetimeDays,
  paused_until: null,
}

const dayMs = 86_400_000

/** A policy as it would be said now: the start of every change. */
export function toWanted(policy: Policy, now: Date): Wanted {
  const { bites, bites_at, paused_until, required, joiner_days, trust_days } = policy
  return {
    required,
    bites,
    date: bites === 'date' && bites_at !== null ? dayOf(bites_at) : null,
    joiner_days,
    strengths: policy.strengths,
    trust_days,
    paused_until: paused_until !== null && paused_until > now ? dayOf(paused_until) : null,
    words: null,
  }
}

/**
 * The policy that `wanted` makes of the one before (TEAM-03). A date that stands already may stay.
 * Refused: field-missing (no date), date-in-past, date-too-late (more than 30 days after it was or
 * is turned on; a pause: from now), field-not-right (a method that must stay allowed is not).
 */
export function toPolicy(before: Policy, wanted: Wanted, now: Date): Outcome<{ policy: Policy }> {
  const allowed = strengths.filter((one) => wanted.strengths.includes(one))
  if (!alwaysAllowed.every((one) => allowed.includes(one))) return wrong('strengths')
  const { bites, joiner_days, trust_days, required } = wanted
  const version = before.version + 1
  const base = { version, required, bites, strengths: allowed, joiner_days, trust_days }
  if (!required) {
    const nothing = { since: null, bites_at: null, paused_until: null } as const
    return done({ policy: { ...base, ...nothing } })
  }
  const since = (before.required && before.since) || now
  const standing = before.required ? before.bites_at : null
  const start = bites === 'date' ? readDay('date', wanted.date, standing, now, since) : null
  if (start !== null && !start.ok) return start
  const paused = before.paused_until !== null && before.paused_until > now
  const pause =
    wanted.paused_until === null
      ? null
      : readDay('paused_until', wanted.paused_until, paused ? before.paused_until : null, now, now)
  if (pause !== null && !pause.ok) return pause
  const bites_at = bites === 'next-login' ? loginsFrom(before, allowed, now) : (start?.day ?? null)
  return done({ policy: { ...base, since, bites_at, paused_until: pause?.day ?? null } })
}

/** Sessions that begin from then on are held to it; asking for more leaves those open alone. */
function loginsFrom(before: Policy, allowed: readonly Strength[], now: Date): Date | null {
  const more = before.strengths.some((one) => !allowed.includes(one))
  const stays = before.required && before.bites === 'next-login' && !more
  return stays ? before.bites_at : now
}

/** The beginning of that day: not over yet, at most 30 days after `from`, or as it stands. */
function readDay(
  field: 'date' | 'paused_until',
  given: string | null,
  standing: Date | null,
  now: Date,
  from: Date,
): Outcome<{ day: Date }> {
  if (given === null) return wrong(field, 'field-missing')
  const day = new Date(`${given}T00:00:00.000Z`)
  if (Number.isNaN(day.getTime()) || dayOf(day) !== given) return wrong(field)
  if (standing !== null && dayOf(standing) === given) return done({ day })
  if (day <= now) return wrong(field, 'date-in-past')
  const last = latestDay(from)
  return day > last ? wrong(field, 'date-too-late', { last: dayInWords(last) }) : done({ day })
}

/** The last day that may be named for something that began then. */
export function latestDay(from: Date): Date {
  return new Date(from.getTime() + limits.graceDaysMax * dayMs)
}

/** "2026-12-12": the day of UTC. */
export function dayOf(moment: Date): string {
  return moment.toISOString().slice(0, 10)
}

function wrong(
  field: string,
  reason:
    | 'field-missing'
    | 'field-not-right'
    | 'date-in-past'
    | 'date-too-late' = 'field-not-right',
  details?: { last: string },
): Refusal {
  return refuse('bad-input', details, { [field]: reason })
}

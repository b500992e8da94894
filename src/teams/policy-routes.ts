import { z } from 'zod'
import { limits } from '../config.ts'
import { day, dayOrNone, digits, id, ownWords, whole } from '../http/field.ts'
import { called } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { bites } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'
import { apply } from './apply.ts'
import { lookAtImpact, lookAtPolicy } from './look-at-policy.ts'
import { impactShape, policyShape } from './shapes.ts'

/** A policy as the API takes it, whole. */
const wantedFields = z.object({
  team: id,
  version: whole(1_000_000_000),
  required: z.boolean(),
  bites: z.enum(bites),
  date: day.nullable().optional().default(null),
  joiner_days: whole(limits.graceDaysMax),
  strengths: z.array(z.enum(strengths)).max(strengths.length),
  trust_days: whole(limits.trustLifetimeDays),
  paused_until: day.nullable().optional().default(null),
  words: ownWords(limits.ownWordsCharactersMax).nullable().optional().default(null),
})

/** Strengths in a query: "good,restricted". */
const listed = z
  .string()
  .max(200)
  .transform((text) => text.split(',').filter(Boolean))
  .pipe(z.array(z.enum(strengths)))

/** A wanted policy as a query: what is left out stays as it is. */
const wantedQuery = z.object({
  team: id,
  required: z.enum(['true', 'false']).optional(),
  bites: z.enum(bites).optional(),
  date: dayOrNone.optional(),
  joiner_days: digits(limits.graceDaysMax).optional(),
  strengths: listed.optional(),
  trust_days: digits(limits.trustLifetimeDays).optional(),
  paused_until: dayOrNone.optional(),
})

/** What a team requires, for programs: looked at, tried out, changed (TEAM-01 to TEAM-06). */
export const policyRoutes: readonly Route[] = [
  called({
    api: 'GET /teams/:team/policy',
    who: 'session',
    team: 'member',
    input: z.object({ team: id }),
    output: policyShape,
    summary: 'What the team requires of its members.',
    run: lookAtPolicy,
  }),
  called({
    api: 'GET /teams/:team/policy/impact',
    who: 'session',
    team: 'admin',
    input: wantedQuery,
    output: impactShape,
    summary: 'Whom a policy would concern, in numbers; what is left out stays as it is.',
    run: (world, who: Parameters<typeof lookAtImpact>[1], input: z.infer<typeof wantedQuery>) => {
      const { team: _team, required, ...given } = input
      const said = required === undefined ? {} : { required: required === 'true' }
      return lookAtImpact(world, who, { ...withoutGaps(given), ...said })
    },
  }),
  called({
    api: 'PUT /teams/:team/policy',
    who: 'fresh',
    team: 'admin',
    input: wantedFields,
    output: z.object({ version: z.number(), mailed: z.number() }),
    summary: 'Change what the team requires; names the version that was seen.',
    run: apply,
  }),
]

/** Only the fields that were given. */
function withoutGaps<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const given = Object.entries(fields).filter(([, value]) => value !== undefined)
  return Object.fromEntries(given) as { [K in keyof T]?: Exclude<T[K], undefined> }
}

import { z } from 'zod'
import { shows } from './filters.ts'

const role = z.enum(['owner', 'admin', 'member'])

const status = z.object({
  state: z.enum(['on', 'weak-only', 'not-set-up', 'due', 'due-at-next-login', 'exempt', 'locked']),
  /** Since or until when, where the state has such a day. */
  until: z.date().nullable(),
  /** As the page says it: "Due 12 Dec". */
  words: z.string(),
})

const kind = { kind: z.string(), title: z.string(), strength: z.string() }

/** A member in a list, as the API gives it: these fields and no other (TEAM-08). */
export const memberShape = z.object({
  id: z.uuid(),
  name: z.string(),
  email: z.string(),
  role,
  status,
  methods: z.array(z.object(kind)),
  last_sign_in_at: z.date().nullable(),
  trusted_devices: z.number(),
  joined_at: z.date(),
  reachable: z.boolean(),
})

/** A team's counts by state, and its coverage day by day. */
export const coverageShape = z.object({
  counts: z.object({
    ...(Object.fromEntries(shows.map((show) => [show, z.number()])) as Record<string, z.ZodNumber>),
    pending: z.number(),
  }),
  days: z.array(z.object({ day: z.string(), members: z.number(), ready: z.number() })),
})

/** Everything an admin sees of one member, as the API gives it. */
export const oneMemberShape = z.object({
  member: z.object({
    id: z.uuid(),
    name: z.string(),
    email: z.string(),
    role,
    joined_at: z.date(),
    last_sign_in_at: z.date().nullable(),
    exempt_until: z.date().nullable(),
    exempt_reason: z.string().nullable(),
    exempt_by: z.string().nullable(),
    reminded_at: z.date().nullable(),
    /** They belong to another team too. */
    shared: z.boolean(),
    recovery_codes_left: z.number().nullable(),
    trusted_devices: z.number(),
    sessions: z.number(),
    /** Until when a one-time pass that was made for them can be used. */
    pass_until: z.date().nullable(),
  }),
  status,
  methods: z.array(
    z.object({
      ...kind,
      masked: z.string().nullable(),
      added_at: z.date(),
      used_at: z.date().nullable(),
      locked: z.boolean(),
      counts: z.boolean(),
    }),
  ),
  history: z.object({
    events: z.array(
      z.object({
        at: z.date(),
        kind: z.string(),
        sentence: z.string(),
        method: z.string().nullable(),
        actor: z.string().nullable(),
        reason: z.string().nullable(),
        source: z.string(),
        browser: z.string(),
      }),
    ),
    next: z.number().nullable(),
  }),
})

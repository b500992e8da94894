import { z } from 'zod'
import { bites } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'

/** A policy as the API gives it. */
export const policyShape = z.object({
  version: z.number(),
  required: z.boolean(),
  bites: z.enum(bites),
  date: z.string().nullable(),
  since: z.date().nullable(),
  joiner_days: z.number(),
  strengths: z.array(z.enum(strengths)),
  trust_days: z.number(),
  paused_until: z.string().nullable(),
})

/** An impact as the API gives it. */
export const impactShape = z.object({
  members: z.number(),
  ready: z.number(),
  not_ready: z.number(),
  weak_only: z.number(),
  unreachable: z.number(),
  exempt: z.number(),
  pending_invitations: z.number(),
  signed_in: z.number(),
  open_sessions: z.number(),
  never_signed_in: z.number(),
  long_ago: z.number(),
  methods: z.array(
    z.object({
      strength: z.enum(strengths),
      title: z.string(),
      allowed: z.boolean(),
      always: z.boolean(),
      members: z.number(),
      only: z.number(),
    }),
  ),
  changes: z.array(z.string()),
  loosens: z.boolean(),
})

import { z } from 'zod'

/** A method that is on, as the API gives it. */
export const methodShape = z.object({
  id: z.uuid(),
  kind: z.string(),
  title: z.string(),
  name: z.string(),
  strength: z.string(),
  masked: z.string().nullable(),
  last_used: z.boolean(),
  locked: z.boolean(),
  added_at: z.date(),
  used_at: z.date().nullable(),
})

/** A kind of method that may be set up, as the API gives it. */
export const offerShape = z.object({
  kind: z.string(),
  title: z.string(),
  strength: z.string(),
  several: z.boolean(),
  masked: z.string().nullable(),
  about: z.object({
    is: z.string(),
    know: z.string().nullable(),
    notice: z.object({ version: z.string(), sentences: z.array(z.string()) }).nullable(),
  }),
  why_not: z
    .enum([
      'texts-not-set-up',
      'phone-missing',
      'email-unverified',
      'already-on',
      'too-many',
      'not-in-recovery',
      'forbidden-by-team',
    ])
    .nullable(),
  forbidden_by: z.string().nullable(),
})

/** How far a request for a code is, as the API gives it; null when none is open. */
export const progressShape = z
  .object({
    sent_at: z.date().nullable(),
    resend_at: z.date().nullable(),
    message_state: z.enum(['waiting', 'accepted', 'failed']).nullable(),
    attempts_left: z.number(),
    wait_until: z.date().nullable(),
    expires_at: z.date(),
  })
  .nullable()

const setUpShape = z.object({
  id: z.uuid(),
  kind: z.string(),
  name: z.string(),
  masked: z.string().nullable(),
})

/** A set-up that was just started; the only reply with a key in it (TOTP-08). */
export const startedShape = setUpShape.extend({
  sent: z.enum(['waiting', 'accepted', 'failed', 'limited', 'none']),
  shown: z.object({ uri: z.string().optional(), key: z.string().optional() }),
})

/** A set-up that waits for its first code. */
export const pendingShape = setUpShape.extend({ progress: progressShape })

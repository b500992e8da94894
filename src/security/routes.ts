import { z } from 'zod'
import { shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { methodShape, offerShape } from '../methods/shapes.ts'
import { recoveryShape } from '../recovery/routes.ts'
import { sessionShape } from '../sessions/routes.ts'
import { deviceShape } from '../trusted-devices/routes.ts'
import { look } from './look.ts'
import { securityPage } from './pages.ts'

const activityShape = z.object({
  at: z.date(),
  kind: z.string(),
  sentence: z.string(),
  method: z.string().nullable(),
  source: z.string(),
  browser: z.string(),
})

/** The Security page. */
export const securityRoutes: readonly Route[] = [
  shown({
    get: '/settings/security',
    api: 'GET /security',
    who: 'session',
    input: z.object({}),
    output: z.object({
      on: z.boolean(),
      methods: z.array(methodShape.extend({ kept_by: z.string().nullable() })),
      offers: z.array(offerShape),
      new_number: z
        .object({
          method: z.uuid(),
          from: z.string(),
          to: z.string().nullable(),
          kept_by: z.string().nullable(),
        })
        .nullable(),
      recovery: recoveryShape.nullable(),
      devices: z.array(deviceShape),
      sessions: z.array(sessionShape),
      activity: z.array(activityShape),
      coming: z.object({ teams: z.array(z.string()), due_at: z.date().nullable() }).nullable(),
    }),
    summary: 'Everything of the person’s own two-step verification.',
    run: look,
    page: securityPage,
  }),
]

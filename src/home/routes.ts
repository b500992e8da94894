import { z } from 'zod'
import { moment } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { lookAtUnfinished } from '../sign-in/look-at-unfinished.ts'
import { seeUnfinished } from '../sign-in/see-unfinished.ts'
import { look } from './look.ts'
import { homePage } from './pages.ts'

const nothing = z.object({})
const unfinished = z.object({
  at: z.date(),
  why: z.enum(['not-finished', 'too-many-wrong-codes']),
  browser: z.string(),
  source: z.string(),
})

/** Where a sign-in leads when nothing else was wanted, and what it reports. */
export const homeRoutes: readonly Route[] = [
  shown({
    get: '/',
    who: 'session',
    input: nothing,
    output: nothing,
    summary: 'How protected the person is, and what to do next.',
    run: look,
    page: homePage,
  }),
  called({
    api: 'GET /unfinished-sign-ins',
    who: 'session',
    input: nothing,
    output: z.object({ unfinished: z.array(unfinished), until: z.date().nullable() }),
    summary: 'Right passwords without the second step that the person has not seen yet.',
    run: lookAtUnfinished,
  }),
  acted({
    post: '/unfinished-sign-ins/seen',
    api: 'POST /unfinished-sign-ins/seen',
    who: 'session',
    input: z.object({ until: moment }),
    output: nothing,
    summary: 'Mark those up to that time as seen; Home shows them no more.',
    run: seeUnfinished,
    then: () => '/',
    back: () => '/',
  }),
]

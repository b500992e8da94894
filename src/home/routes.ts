import { z } from 'zod'
import { shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { look } from './look.ts'
import { homePage } from './pages.ts'

const nothing = z.object({})

/** Where a sign-in leads when nothing else was wanted. */
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
]

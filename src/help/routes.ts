import { z } from 'zod'
import { places } from '../http/html/places.ts'
import { shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { look } from './look.ts'
import { helpPage } from './pages.ts'

const nothing = z.object({})

/** Help, for whoever asks: most need it when they can't sign in (PRV-04). */
export const helpRoutes: readonly Route[] = [
  shown({
    get: places.help,
    who: 'anyone',
    input: nothing,
    output: nothing,
    summary: 'How two-step verification works here, and what to do when stuck.',
    run: look,
    page: helpPage,
    openWithoutCodes: true,
  }),
]

import { z } from 'zod'
import { returnTo } from '../http/field.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { look } from './look.ts'
import { makeCodes, saveCodes } from './make.ts'
import { freshCodesPage, newCodesPage, recoveryPage } from './pages.ts'

const nothing = z.object({})
const root = '/settings/security/recovery-codes'

/** A set of recovery codes, as the API gives it: never the codes. */
export const recoveryShape = z.object({
  codes_left: z.number(),
  codes_made: z.number(),
  made_at: z.date(),
  saved_at: z.date().nullable(),
})

/** Recovery codes: how many are left, a new set, and the tick that they are saved. */
export const recoveryRoutes: readonly Route[] = [
  shown({
    get: root,
    api: 'GET /recovery-codes',
    who: 'session',
    openWithoutCodes: true,
    input: nothing,
    output: z.object({ recovery: recoveryShape.nullable() }),
    summary: 'How many recovery codes are left.',
    run: look,
    page: recoveryPage,
  }),
  shown({
    get: `${root}/new`,
    who: 'fresh',
    openWithoutCodes: true,
    input: nothing,
    output: nothing,
    summary: 'Asks before a new set of recovery codes is made.',
    run: look,
    page: newCodesPage,
  }),
  acted({
    post: root,
    api: 'POST /recovery-codes',
    who: 'fresh',
    openWithoutCodes: true,
    input: nothing,
    output: z.object({ codes: z.array(z.string()) }),
    summary: 'Make a new set of recovery codes, given this once; the old ones are void.',
    run: makeCodes,
    then:
      ({ codes }) =>
      (view) =>
        freshCodesPage(view, codes, null),
    back: () => `${root}/new`,
  }),
  acted({
    post: `${root}/saved`,
    api: 'PUT /recovery-codes/saved',
    who: 'session',
    openWithoutCodes: true,
    input: z.object({
      saved: z.union([z.literal('yes'), z.literal(true)]),
      return_to: returnTo,
    }),
    output: nothing,
    summary: 'Say that the recovery codes are saved.',
    run: async (world, who: Parameters<typeof saveCodes>[1], { return_to }) => {
      const saved = await saveCodes(world, who)
      return saved.ok ? { ...saved, return_to } : saved
    },
    then: ({ return_to }) => return_to ?? '/settings/security?notice=codes-saved',
    back: () => root,
  }),
]

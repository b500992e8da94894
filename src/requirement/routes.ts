import { z } from 'zod'
import { line, returnTo, typed } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { offerShape, progressShape } from '../methods/shapes.ts'
import { answer } from './answer.ts'
import { askMail, lookAtDelivery } from './ask-mail.ts'
import { chooseKind } from './choose-kind.ts'
import { look } from './look.ts'
import { requirementPage } from './pages.ts'

const root = '/set-up-required'
const open = { who: 'session', openInSetUp: true, openWithoutCodes: true } as const
const nothing = z.object({})
const wanted = z.object({ return_to: returnTo })

const here = (input: Readonly<Record<string, string>>): string => pathTo(input['return_to'] || null)

function pathTo(returnTo: string | null): string {
  return returnTo === null ? root : `${root}?return_to=${encodeURIComponent(returnTo)}`
}

/** What a team requires of its member at the next login: the only rows open until it is done (A4). */
export const requirementRoutes: readonly Route[] = [
  shown({
    get: root,
    api: 'GET /requirement',
    ...open,
    input: wanted,
    output: z.object({
      teams: z.array(z.string()),
      due: z.boolean(),
      due_at: z.date().nullable(),
      satisfied: z.boolean(),
      mailbox_missing: z.boolean(),
      masked: z.string(),
      progress: progressShape,
      offers: z.array(offerShape),
    }),
    summary: 'What the account’s teams require of it, and what is missing.',
    run: look,
    page: requirementPage,
  }),
  acted({
    post: `${root}/mail`,
    api: 'POST /requirement/mail',
    ...open,
    input: wanted,
    output: z.object({ state: z.enum(['waiting', 'accepted']) }),
    summary: 'Mail the code that has to be entered before a required first set-up.',
    run: askMail,
    then: (_result, input) => pathTo(input.return_to),
    back: here,
  }),
  acted({
    post: `${root}/code`,
    api: 'POST /requirement/code',
    ...open,
    input: z.object({ code: typed, return_to: returnTo }),
    output: nothing,
    summary: 'Enter the mailed code; then a first method can be set up.',
    run: answer,
    then: ({ return_to }) => pathTo(return_to),
    back: here,
  }),
  called({
    api: 'GET /requirement/delivery',
    ...open,
    input: nothing,
    output: z.object({ state: z.enum(['waiting', 'accepted', 'failed']), sentence: z.string() }),
    summary: 'How far the mail with that code has come.',
    run: lookAtDelivery,
  }),
  acted({
    post: `${root}/method`,
    ...open,
    input: z.object({ kind: line(), return_to: returnTo }),
    output: nothing,
    summary: 'Go on to the set-up of a kind of method.',
    run: chooseKind,
    then: ({ kind }) => `/settings/security/set-up/${encodeURIComponent(kind)}`,
    back: here,
  }),
]

import { z } from 'zod'
import { id } from '../http/field.ts'
import { acted, called, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { end, endOthers } from './end.ts'
import { list, lookAt } from './look-at.ts'
import { look } from './look.ts'
import { endOthersPage, endPage } from './pages.ts'

const nothing = z.object({})
const one = z.object({ id })
const root = '/settings/security/sessions'

/** An open session, as the API gives it. */
export const sessionShape = z.object({
  id: z.uuid(),
  current: z.boolean(),
  created_at: z.date(),
  seen_at: z.date(),
  expires_at: z.date(),
  second_step_kind: z.string().nullable(),
  source: z.string(),
  browser: z.string(),
})

const present = z.object({
  account: z.object({ id: z.uuid(), email: z.string(), name: z.string() }),
  teams: z.array(
    z.object({ id: z.uuid(), name: z.string(), role: z.enum(['owner', 'admin', 'member']) }),
  ),
  expires_at: z.date(),
  proofs: z.object({
    password_at: z.date().nullable(),
    second_step_at: z.date().nullable(),
    second_step_kind: z.string().nullable(),
    trusted_device: z.boolean(),
  }),
})

/** Who is signed in where, and ending it (SES-06). Signing out stands with the trusted devices. */
export const sessionRoutes: readonly Route[] = [
  called({
    api: 'GET /session',
    who: 'session',
    input: nothing,
    output: present,
    summary: 'The session check: who is signed in, until when, and what was proven.',
    run: look,
  }),
  called({
    api: 'GET /sessions',
    who: 'session',
    input: nothing,
    output: z.object({ sessions: z.array(sessionShape) }),
    summary: 'The open sessions of the person.',
    run: list,
  }),
  shown({
    get: `${root}/end-others`,
    who: 'fresh',
    input: nothing,
    output: nothing,
    summary: 'Asks before every other session is ended.',
    run: list,
    page: (view, { sessions }) => endOthersPage(view, sessions),
  }),
  acted({
    post: `${root}/end-others`,
    api: 'DELETE /sessions',
    who: 'fresh',
    input: nothing,
    output: z.object({ ended: z.number() }),
    summary: 'End every other session, pending sign-in and trusted device of the person.',
    run: endOthers,
    then: () => '/settings/security?notice=sessions-ended',
    back: () => `${root}/end-others`,
  }),
  shown({
    get: `${root}/:id/end`,
    who: 'fresh',
    input: one,
    output: nothing,
    summary: 'Asks before a session is ended.',
    run: lookAt,
    page: endPage,
  }),
  acted({
    post: `${root}/:id/end`,
    api: 'DELETE /sessions/:id',
    who: 'fresh',
    input: one,
    output: nothing,
    summary: 'End one session of the person.',
    run: end,
    then: () => '/settings/security?notice=session-ended',
    back: (input) => `${root}/${input['id']}/end`,
  }),
]

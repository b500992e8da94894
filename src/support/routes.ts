import { z } from 'zod'
import { limits } from '../config.ts'
import { id, line, tick } from '../http/field.ts'
import { places } from '../http/html/places.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { approve, cancel, decline, recordEvidence } from './decide.ts'
import { evidenceNames } from './evidence.ts'
import { lookAtCase } from './look.ts'
import { lookAtOpening, openFor } from './open.ts'
import { casePath, supportCasePage } from './pages-case.ts'
import { approvePage, cancelPage, declinePage } from './pages-decide.ts'
import { openPage, queuePage } from './pages-queue.ts'
import { lookAtQueue, queues } from './queue.ts'

const nothing = z.object({})
const one = z.object({ case: id })
const withReason = z.object({ case: id, reason: line(limits.caseContactCharactersMax) })
const page = `${places.support}/cases/:case` as const
const looks = { who: 'session', support: true } as const
/* Whoever was just recovered, or reset, may not be who they were: they decide nothing for some days. */
const acts = { who: 'fresh', support: true, protectedChange: true } as const

const stage = z.enum(['proof', 'check', 'second', 'waiting', 'done'])
const inQueue = z.object({
  id: z.uuid(),
  stage,
  name: z.string(),
  masked: z.string(),
  strict: z.boolean(),
  asked_at: z.date(),
  opens_at: z.date().nullable(),
  link_sent: z.boolean(),
  outcome: z.string().nullable(),
})
const whole = inQueue.extend({
  masked_phone: z.string().nullable(),
  phone_changed_at: z.date().nullable(),
  contact: z.string(),
  password_lost: z.boolean(),
  source: z.string(),
  browser: z.string(),
  expires_at: z.date(),
  proof: z.enum(['password', 'mailbox']).nullable(),
  proven_at: z.date().nullable(),
  evidence: z.string().nullable(),
  evidence_note: z.string().nullable(),
  evidence_name: z.string().nullable(),
  evidence_at: z.date().nullable(),
  first_name: z.string().nullable(),
  second_name: z.string().nullable(),
  approved_at: z.date().nullable(),
  closes_at: z.date().nullable(),
  closed_at: z.date().nullable(),
  reason: z.string().nullable(),
  needs_two: z.boolean(),
  own: z.boolean(),
  why_not: z.string().nullable(),
  teams: z.array(z.object({ name: z.string(), role: z.string() })),
  history: z.array(
    z.object({
      at: z.date(),
      kind: z.string(),
      words: z.string(),
      actor_name: z.string().nullable(),
      source: z.string(),
    }),
  ),
})

const back =
  (to: string) =>
  (input: Readonly<Record<string, string>>): string =>
    casePath(encodeURIComponent(input['case'] ?? ''), to)

/** The queue, a case, and opening one for somebody. */
const looking: readonly Route[] = [
  shown({
    get: places.support,
    api: 'GET /support/cases',
    ...looks,
    input: z.object({ queue: z.enum(queues).catch('open'), after: id.optional().catch(undefined) }),
    output: z.object({
      queue: z.enum(queues),
      cases: z.array(inQueue),
      next: z.uuid().nullable(),
    }),
    summary: 'Recovery cases by stage: oldest first, those that are done newest first.',
    run: lookAtQueue,
    page: queuePage,
  }),
  shown({
    get: `${places.support}/open`,
    ...looks,
    input: nothing,
    output: nothing,
    summary: 'The page to open a case for somebody.',
    run: lookAtOpening,
    page: (view) => openPage(view),
  }),
  acted({
    post: `${places.support}/open`,
    api: 'POST /support/cases',
    ...acts,
    input: z.object({
      email: line(320),
      contact: line(limits.caseContactCharactersMax),
      password_lost: tick,
    }),
    output: z.object({ id: z.uuid() }),
    summary: 'Open a case for somebody; who opens it can’t approve it.',
    run: openFor,
    then: (made) => casePath(made.id),
    back: () => `${places.support}/open`,
  }),
  shown({
    get: page,
    api: 'GET /support/cases/:case',
    ...looks,
    input: one,
    output: whole,
    summary: 'One case: who asks, the proofs, the history. Addresses and numbers are masked.',
    run: lookAtCase,
    page: supportCasePage,
  }),
]

/** What support does about a case, each with their own second step fresh (REC-06). */
const deciding: readonly Route[] = [
  acted({
    post: `${page}/evidence`,
    api: 'PUT /support/cases/:case/evidence',
    ...acts,
    input: one.extend({ kind: z.enum(evidenceNames), note: line(limits.caseNoteCharactersMax) }),
    output: nothing,
    summary: 'Note how it was checked, by a contact known before, that it is the person.',
    run: recordEvidence,
    then: (_result, input) => `${casePath(input.case)}?notice=case-evidence`,
    back: back(''),
  }),
  shown({
    get: `${page}/approve`,
    ...acts,
    input: one,
    output: nothing,
    summary: 'Asks before a case is approved.',
    run: lookAtCase,
    page: approvePage,
  }),
  acted({
    post: `${page}/approve`,
    api: 'POST /support/cases/:case/approval',
    ...acts,
    input: one,
    output: z.object({ whole: z.boolean(), opens_at: z.date().nullable() }),
    summary: 'Approve a case; of accounts that manage others, as the first or second of two.',
    run: approve,
    then: (_result, input) => `${casePath(input.case)}?notice=case-approved`,
    back: back(''),
  }),
  shown({
    get: `${page}/decline`,
    ...acts,
    input: one,
    output: nothing,
    summary: 'Asks why a case is declined.',
    run: lookAtCase,
    page: declinePage,
  }),
  acted({
    post: `${page}/decline`,
    api: 'POST /support/cases/:case/refusal',
    ...acts,
    input: withReason,
    output: nothing,
    summary: 'Decline a case that is not approved yet.',
    run: decline,
    then: (_result, input) => `${casePath(input.case)}?notice=case-declined`,
    back: back('/decline'),
  }),
  shown({
    get: `${page}/cancel`,
    ...acts,
    input: one,
    output: nothing,
    summary: 'Asks why a case is stopped.',
    run: lookAtCase,
    page: cancelPage,
  }),
  acted({
    post: `${page}/cancel`,
    api: 'DELETE /support/cases/:case',
    ...acts,
    input: withReason,
    output: nothing,
    summary: 'Stop a case, however far it has come.',
    run: cancel,
    then: (_result, input) => `${casePath(input.case)}?notice=case-cancelled`,
    back: back('/cancel'),
  }),
]

/** The console of the people with the support role: a role for recovery alone (REC-06). */
export const supportRoutes: readonly Route[] = [...looking, ...deciding]

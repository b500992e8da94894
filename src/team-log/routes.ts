import { z } from 'zod'
import { groupNames } from '../audit/groups.ts'
import { id } from '../http/field.ts'
import { called, downloaded, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { exportLog, offerExport } from './export.ts'
import { list } from './list.ts'
import { look } from './look.ts'
import { logPage } from './pages.ts'
import { exportFile, exportPage } from './pages-export.ts'

const group = z.enum(groupNames)

/** The id of an event, as it stands in an address. */
const event = z
  .string()
  .regex(/^[1-9]\d{0,14}$/)
  .transform(Number)

const none = <T extends z.ZodType>(field: T) => field.optional().transform((it) => it ?? null)

/** What an address holds that somebody may have typed: anything, put right or left out later. */
const typedIn = z
  .string()
  .max(320)
  .trim()
  .transform((text) => (text === '' ? null : text))
  .nullable()
  .catch(null)

const typed = {
  team: id,
  group: group.nullable().catch(null),
  member: typedIn,
  from: typedIn,
  to: typedIn,
}

const party = z.object({ id: z.uuid(), name: z.string().nullable() }).nullable()

const entry = z.object({
  id: z.int(),
  at: z.date(),
  kind: z.string(),
  sentence: z.string(),
  account: party,
  actor: party,
  method: z.string().nullable(),
  api_key: party,
  browser: z.string(),
  source: z.string(),
})

/** The team's security log: seen, read by programs, taken away. */
export const teamLogRoutes: readonly Route[] = [
  shown({
    get: '/teams/:team/log',
    who: 'session',
    team: 'admin',
    input: z.object({
      ...typed,
      before: event.nullable().catch(null),
      after: event.nullable().catch(null),
    }),
    output: z.object({}),
    summary: 'The team’s security log, with its filters.',
    run: look,
    page: logPage,
  }),
  called({
    api: 'GET /teams/:team/events',
    who: 'session',
    team: 'admin',
    scope: 'read-log',
    input: z.object({
      team: id,
      group: none(group),
      member: none(z.uuid()),
      from: none(z.iso.date()),
      to: none(z.iso.date()),
      before: none(event),
      after: none(event),
    }),
    output: z.object({
      events: z.array(entry),
      older: z.int().nullable(),
      newer: z.int().nullable(),
    }),
    summary: 'A page of the team’s security log, newest first; days are those of UTC.',
    run: list,
  }),
  shown({
    get: '/teams/:team/log/export',
    who: 'fresh',
    team: 'admin',
    input: z.object(typed),
    output: z.object({}),
    summary: 'Says what an export of the security log holds.',
    run: offerExport,
    page: (view, offer, { team }) => exportPage(view, offer, team),
  }),
  downloaded({
    get: '/teams/:team/log/export.csv',
    who: 'fresh',
    team: 'admin',
    input: z.object(typed),
    output: z.object({}),
    summary: 'The events of the filter as a file (CSV), 50,000 at most.',
    run: exportLog,
    file: exportFile,
  }),
]

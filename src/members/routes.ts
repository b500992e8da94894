import { z } from 'zod'
import { limits } from '../config.ts'
import { id, words } from '../http/field.ts'
import { called, downloaded, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { actRoutes } from './act-routes.ts'
import { exportMembers } from './export.ts'
import { shows, sorts } from './filters.ts'
import { coverage, list, look } from './list.ts'
import { lookAtMember } from './look-at-member.ts'
import { membersFile } from './pages-file.ts'
import { membersPage } from './pages-list.ts'
import { memberPage } from './pages-member.ts'
import { remindRoutes } from './remind-routes.ts'
import { coverageShape, memberShape, oneMemberShape } from './shapes.ts'

const admins = { who: 'session', team: 'admin' } as const
const nothing = z.object({})

const narrowed = z.object({
  team: id,
  show: z.enum(shows).default('all'),
  sort: z.enum(sorts).default('name'),
  q: words(limits.searchCharactersMax),
})

const asked = narrowed.extend({ after: z.string().default('') })

/** Where a page of events begins: an event's number. */
const before = z
  .string()
  .regex(/^\d{1,15}$/)
  .optional()
  .transform((text) => (text === undefined ? null : Number(text)))

/** The Members page, its list for programs and as a file, and one member (A8, TEAM-08). */
export const memberRoutes: readonly Route[] = [
  shown({
    get: '/teams/:team/members',
    ...admins,
    input: asked,
    output: nothing,
    summary: 'The members of a team.',
    run: look,
    page: membersPage,
  }),
  called({
    api: 'GET /teams/:team/members',
    ...admins,
    input: asked,
    output: z.object({ members: z.array(memberShape), next: z.string().nullable() }),
    summary:
      'Members of a team with their status, 50 at a time; `next` is what `after` takes for the following ones.',
    run: list,
  }),
  called({
    api: 'GET /teams/:team/coverage',
    ...admins,
    input: z.object({ team: id }),
    output: coverageShape,
    summary:
      'How many members have which status, and how many were ready on each of the last days.',
    run: coverage,
  }),
  downloaded({
    get: '/teams/:team/members.csv',
    who: 'fresh',
    team: 'admin',
    input: narrowed,
    output: nothing,
    summary: 'The members of a team as a file.',
    run: exportMembers,
    file: membersFile,
  }),
  ...remindRoutes,
  ...actRoutes,
  shown({
    get: '/teams/:team/members/:member',
    api: 'GET /teams/:team/members/:member',
    ...admins,
    input: z.object({ team: id, member: id, before }),
    output: oneMemberShape,
    summary: 'One member: status, methods, counts, and what happened to them in this team.',
    run: lookAtMember,
    page: memberPage,
  }),
]

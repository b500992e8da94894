import { z } from 'zod'
import { id, line } from '../http/field.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { lookAtGeneral, rename } from './general.ts'
import { generalPage } from './pages-general.ts'
import { panelRoutes } from './panel-routes.ts'
import { policyRoutes } from './policy-routes.ts'
import { policyShape } from './shapes.ts'
import { switchTeam } from './switch.ts'

const inTeam = z.object({ team: id })

/** A team's own settings. */
export const teamRoutes: readonly Route[] = [
  acted({
    post: '/teams/:team/switch',
    api: 'POST /teams/:team/switch',
    who: 'session',
    team: 'member',
    input: inTeam,
    output: z.object({ team: z.uuid() }),
    summary: 'Show this team in the menu from now on.',
    run: switchTeam,
    then: ({ team }) => `/teams/${team}/general`,
    back: () => '/',
  }),
  shown({
    get: '/teams/:team/general',
    api: 'GET /teams/:team',
    who: 'session',
    team: 'member',
    input: inTeam,
    output: z.object({
      team: z.uuid(),
      name: z.string(),
      role: z.enum(['owner', 'admin', 'member']),
      owner: z.string().nullable(),
      members: z.number(),
      created_at: z.date(),
      policy: policyShape,
      changed_by: z.string().nullable(),
      changed_at: z.date().nullable(),
      readiness: z
        .object({ ready: z.number(), not_ready: z.number(), exempt: z.number() })
        .nullable(),
    }),
    summary: 'A team and what it requires; for those who manage it, how many are ready.',
    run: lookAtGeneral,
    page: generalPage,
  }),
  acted({
    post: '/teams/:team/general/name',
    api: 'PATCH /teams/:team',
    who: 'session',
    team: 'admin',
    input: z.object({ team: id, name: line() }),
    output: z.object({ team: z.uuid(), name: z.string() }),
    summary: 'Name the team otherwise.',
    run: rename,
    then: ({ team }) => `/teams/${team}/general?notice=team-renamed`,
    back: (input) => `/teams/${input['team']}/general`,
  }),
  ...policyRoutes,
  ...panelRoutes,
]

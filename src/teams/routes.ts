import { z } from 'zod'
import { id } from '../http/field.ts'
import { acted } from '../http/route.ts'
import type { Route } from '../http/route.ts'
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
]

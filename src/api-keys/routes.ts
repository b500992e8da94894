import { z } from 'zod'
import { limits } from '../config.ts'
import { id, line } from '../http/field.ts'
import { acted, shown } from '../http/route.ts'
import type { Route } from '../http/route.ts'
import { list, lookAt } from './look-at.ts'
import { make } from './make.ts'
import { keysAt, keysPage, revokePage } from './pages.ts'
import { madePage, newKeyPage } from './pages-make.ts'
import { revoke } from './revoke.ts'
import { scopes } from './scopes.ts'

const inTeam = z.object({ team: id })
const one = z.object({ team: id, id })
const scope = z.enum(scopes)
const { apiKeyLifetimeDays: daysUsually, apiKeyLifetimeDaysMax: daysMax } = limits

/** A whole number of days, from a form or from JSON. */
const days = z
  .union([z.number(), z.string().regex(/^\s*\d{1,3}\s*$/)])
  .optional()
  .transform((value) => (value === undefined ? daysUsually : Number(value)))
  .pipe(z.int().min(1).max(daysMax))

const keyShape = z.object({
  id: z.uuid(),
  name: z.string(),
  scopes: z.array(scope),
  made_by: z.uuid(),
  maker: z.string(),
  created_at: z.date(),
  expires_at: z.date(),
  expired: z.boolean(),
  last_used_at: z.date().nullable(),
})

/** API keys of a team: made after a step-up, shown once, listed, revoked. None opens these rows. */
export const apiKeyRoutes: readonly Route[] = [
  shown({
    get: '/teams/:team/api-keys',
    api: 'GET /teams/:team/api-keys',
    who: 'session',
    team: 'admin',
    input: inTeam,
    output: z.object({ keys: z.array(keyShape) }),
    summary: 'The team’s API keys, never their tokens.',
    run: list,
    page: (view, { keys }, { team }) => keysPage(view, keys, team),
  }),
  shown({
    get: '/teams/:team/api-keys/new',
    who: 'fresh',
    team: 'admin',
    input: inTeam,
    output: z.object({}),
    summary: 'The form of a new API key.',
    run: list,
    page: (view, _result, { team }) => newKeyPage(view, team),
  }),
  acted({
    post: '/teams/:team/api-keys',
    api: 'POST /teams/:team/api-keys',
    who: 'fresh',
    protectedChange: true,
    team: 'admin',
    input: z.object({
      team: id,
      name: line(),
      scopes: z.union([z.array(scope).min(1).max(scopes.length), scope.transform((it) => [it])]),
      days,
    }),
    output: z.object({
      id: z.uuid(),
      name: z.string(),
      scopes: z.array(scope),
      expires_at: z.date(),
      token: z.string(),
    }),
    summary: 'Make an API key. Its token is in this answer and nowhere else.',
    run: make,
    then:
      (key, { team }) =>
      (view) =>
        madePage(view, key, team),
    back: ({ team }) => keysAt(team ?? '', '/new'),
  }),
  shown({
    get: '/teams/:team/api-keys/:id/revoke',
    who: 'session',
    team: 'admin',
    input: one,
    output: z.object({}),
    summary: 'Asks before an API key is revoked.',
    run: lookAt,
    page: (view, key, { team }) => revokePage(view, key, team),
  }),
  acted({
    post: '/teams/:team/api-keys/:id/revoke',
    api: 'DELETE /teams/:team/api-keys/:id',
    who: 'session',
    team: 'admin',
    input: one,
    output: z.object({}),
    summary: 'Revoke an API key of the team.',
    run: revoke,
    then: (_result, { team }) => `${keysAt(team)}?notice=key-revoked`,
    back: ({ team, id: key }) => keysAt(team ?? '', `/${key}/revoke`),
  }),
]

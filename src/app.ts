import { Hono } from 'hono'
import { admit } from './admit.ts'
import type { Inbox } from './delivery/inbox.ts'
import { callApi } from './http/call-api.ts'
import { loadAssets } from './http/assets.ts'
import { ownOrigins } from './http/forgery.ts'
import { commonHeaders } from './http/headers.ts'
import { nobodyHome, unexpected } from './http/last-resort.ts'
import { openApi } from './http/open-api.ts'
import { refuseJson } from './http/reply-json.ts'
import type { Route, Verb } from './http/route.ts'
import { pageFinder } from './http/site.ts'
import type { Site } from './http/site.ts'
import { visitPage } from './http/visit-page.ts'
import { inboxRoutes } from './inbox/routes.ts'
import { addInbox } from './inbox/stream.ts'
import { note } from './note.ts'
import { refuse } from './reasons.ts'
import { routes as everyday } from './routes.ts'
import type { World } from './world.ts'

/** Twostep as one handler: any server that speaks Request and Response can carry it. */
export type App = {
  /** Answers one request; `remoteAddress` is the connection's other end. Never throws. */
  readonly fetch: (request: Request, remoteAddress: string) => Response | Promise<Response>
}

type Env = { Bindings: { remoteAddress: string } }

const apiRoot = '/api/v1'

/** Makes the handler from the route table; with an inbox only outside production (OPS-01). */
export function createApp(world: World, { inbox }: { readonly inbox: Inbox | null }): App {
  const routes = inbox ? [...everyday, ...inboxRoutes(inbox)] : everyday
  const site: Site = {
    world,
    routes,
    apiRoot,
    assets: loadAssets(world.config),
    headers: commonHeaders(world),
    admit,
    note,
    findPage: pageFinder(routes),
  }
  const hono = new Hono<Env>()
  for (const route of routes) addRoute(hono, site, route)
  if (inbox) addInbox(hono, site.headers, inbox)
  hono.get(`${apiRoot}/openapi.json`, () => document(site))
  hono.notFound(({ req, env }) => nobodyHome(site, req.raw, env.remoteAddress))
  hono.onError((error, { req, env }) => unexpected(site, req.raw, env.remoteAddress, error))
  const hosts = new Set(ownOrigins(world).map((origin) => new URL(origin).host))
  return {
    fetch: (request, remoteAddress) =>
      hosts.has(hostOf(request))
        ? hono.fetch(request, { remoteAddress })
        : refuseJson(refuse('wrong-host'), '', site.headers),
  }
}

function addRoute(hono: Hono<Env>, site: Site, route: Route): void {
  if (route.api) {
    const [verb, path] = route.api.split(' ') as [Verb, string]
    hono.on(verb, apiRoot + path, ({ req, env }) =>
      callApi(site, route, req.raw, req.param(), env.remoteAddress),
    )
  }
  const page = 'get' in route ? route.get : 'post' in route ? route.post : null
  if (page === null) return
  hono.on('get' in route ? 'GET' : 'POST', page, ({ req, env }) =>
    visitPage(site, route, req.raw, req.param(), env.remoteAddress),
  )
}

/** Host must be ours: links and redirects are never made from it, and others get nothing (EML-05). */
function hostOf(request: Request): string {
  const from = request.url.indexOf('//') + 2
  const to = request.url.indexOf('/', from)
  return request.url.slice(from, to < 0 ? undefined : to)
}

function document(site: Site): Response {
  const body = JSON.stringify(openApi(site.routes, site.world.config.productName))
  return new Response(body, { headers: { ...site.headers, 'content-type': 'application/json' } })
}

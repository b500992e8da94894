import { refuse } from '../reasons.ts'
import { approach } from './asker.ts'
import { refuseJson } from './reply-json.ts'
import { refusePage } from './reply-page.ts'
import type { Site } from './site.ts'

/** A file, or that there is nothing here, or not for this verb. */
export async function nobodyHome(
  site: Site,
  request: Request,
  remoteAddress: string,
): Promise<Response> {
  const url = new URL(request.url)
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const encoding = request.headers.get('accept-encoding') ?? ''
  const file = reads ? site.assets.answer(url.pathname, encoding) : null
  if (file) return withHeaders(file, site.headers)
  const refusal = refuse(otherVerb(site, url.pathname) ? 'method-not-allowed' : 'not-found')
  const at = approach(site.world, request, remoteAddress)
  if (url.pathname.startsWith('/api/')) return refuseJson(refusal, at.asker.requestId, site.headers)
  return refusePage({ site, url, approach: at, fields: {} }, null, refusal)
}

/** A generic page with a number; the cause stands in the log only (AUD-04, FLOW-15). */
export async function unexpected(
  site: Site,
  request: Request,
  remoteAddress: string,
  error: unknown,
): Promise<Response> {
  const { world, headers } = site
  const url = new URL(request.url)
  const at = approach(world, request, remoteAddress)
  const { requestId } = at.asker
  // A mailed link's token is part of its path (AUD-02).
  const path = url.pathname.replace(/[\w-]{30,}/g, '…')
  world.log.error({ requestId, path, error }, 'a request failed')
  const refusal = refuse('unexpected', { requestId })
  try {
    await site.note(world, at.asker, refusal)
  } catch (cause) {
    world.log.error({ requestId, error: cause }, 'the security log could not be written')
  }
  if (url.pathname.startsWith('/api/')) return refuseJson(refusal, requestId, headers)
  return refusePage({ site, url, approach: at, fields: {} }, null, refusal)
}

function otherVerb(site: Site, path: string): boolean {
  const acts = site.routes.some((route) => 'post' in route && fits(route.post, path))
  const calls = site.routes.some(({ api }) => api && fits(site.apiRoot + api.split(' ')[1], path))
  return acts || calls || site.findPage(path) !== null
}

function fits(pattern: string, path: string): boolean {
  return new RegExp(`^${pattern.replace(/:\w+/g, '[^/]+')}$`).test(path)
}

function withHeaders(response: Response, headers: Record<string, string>): Response {
  for (const [name, value] of Object.entries(headers)) {
    if (!response.headers.has(name)) response.headers.set(name, value)
  }
  return response
}

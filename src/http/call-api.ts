import type { Refusal } from '../reasons.ts'
import { approachApi } from './asker.ts'
import { answer, guardForgery, isOver, whoTried } from './edge.ts'
import { collect, queryOf, readBody } from './read-input.ts'
import type { Fields } from './read-input.ts'
import { refuseJson, replyJson } from './reply-json.ts'
import type { Asker, Route } from './route.ts'
import type { Site } from './site.ts'

/** Answers one call of the API. */
export async function callApi(
  site: Site,
  route: Route,
  request: Request,
  parameters: Fields,
  remoteAddress: string,
): Promise<Response> {
  const { world, headers } = site
  const at = approachApi(world, request, remoteAddress)
  const reads = request.method === 'GET' || request.method === 'HEAD'
  const token = request.headers.get('anti-forgery-token')
  // No page of others can send a bearer token: browsers ask us first, and we say no (WEB-01).
  const unforgeable = reads || (at.bearer !== null && route.scope !== undefined)
  const forged = unforgeable ? null : guardForgery(world, request, at.bound, token)
  if (forged) return refused(site, await whoTried(site, route, at, parameters), forged)
  const read = reads ? { fields: collect(queryOf(request)) } : await readBody(request, true)
  if ('ok' in read) return refuseJson(read, at.asker.requestId, headers)
  const answered = await answer(site, route, at, { ...read.fields, ...parameters })
  const { outcome, asker } = answered
  if (!outcome.ok && reads && isOver(outcome)) return refuseJson(outcome, asker.requestId, headers)
  if (!outcome.ok) return refused(site, asker, outcome)
  return replyJson(world, route, answered, at.bound, headers)
}

async function refused(site: Site, asker: Asker, refusal: Refusal): Promise<Response> {
  await site.note(site.world, asker, refusal)
  return refuseJson(refusal, asker.requestId, site.headers)
}

import { approach } from './asker.ts'
import { answer, guardForgery, isOver, whoTried } from './edge.ts'
import { collect, readBody } from './read-input.ts'
import type { Fields } from './read-input.ts'
import { goTo, refusePage, replyPage } from './reply-page.ts'
import type { Visit } from './reply-page.ts'
import type { Route } from './route.ts'
import type { Site } from './site.ts'

/** Answers one visit of a page, or one form that was sent. */
export async function visitPage(
  site: Site,
  route: Route,
  request: Request,
  parameters: Fields,
  remoteAddress: string,
): Promise<Response> {
  const { world } = site
  const url = new URL(request.url)
  const at = approach(world, request, remoteAddress)
  const reads = 'get' in route
  const read = reads ? { fields: collect(url.searchParams) } : await readBody(request, false)
  const fields = 'ok' in read ? parameters : { ...read.fields, ...parameters }
  const visit: Visit = { site, url, approach: at, fields }
  if ('ok' in read) return refusePage(visit, null, read)
  const forged = reads ? null : guardForgery(world, request, at.bound, fields['anti_forgery'])
  if (forged) {
    await site.note(world, await whoTried(site, route, at, parameters), forged)
    return refusePage(visit, null, forged)
  }
  const elsewhere = await insteadOf(visit, route)
  if (elsewhere) return elsewhere
  const answered = await answer(site, route, at, fields)
  const { outcome, asker } = answered
  // Coming to a protected page by its link is how everybody begins; only an act looks suspicious.
  const harmless = !outcome.ok && (outcome.reason === 'step-up-required' || isOver(outcome))
  if (!outcome.ok && !(reads && harmless)) await site.note(world, asker, outcome)
  return replyPage(visit, route, answered)
}

/** The way on from a page for visitors, for somebody who has a session. */
async function insteadOf({ site, approach }: Visit, route: Route): Promise<Response | null> {
  const to = 'signedInGo' in route ? route.signedInGo : undefined
  if (to === undefined || approach.sessionCookie === null) return null
  const asSession = { ...route, who: 'session' } as const
  const { session } = await site.admit(site.world, asSession, approach, {})
  return session === null ? null : goTo(site, to, {})
}

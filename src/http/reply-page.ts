import { reasons } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { Cookies } from '../sign-in/visitor.ts'
import type { World } from '../world.ts'
import { answer } from './edge.ts'
import type { Answered } from './edge.ts'
import type { Approach } from './asker.ts'
import { setVisitor, writeCookies } from './cookies.ts'
import type { File } from './csv.ts'
import { policy } from './headers.ts'
import { refusalPage } from './html/refusal-page.ts'
import type { Html, View } from './html/view.ts'
import type { Fields } from './read-input.ts'
import { retryAfter } from './reply-json.ts'
import type { Acted, Asker, Downloaded, Route, Shown } from './route.ts'
import type { Site } from './site.ts'
import { viewOf } from './view-of.ts'

/** One request for a page. */
export type Visit = {
  readonly site: Site
  readonly url: URL
  readonly approach: Approach
  readonly fields: Fields
}

type Act = Acted<unknown, Record<string, unknown>>
type Redraw = (
  world: World,
  who: Asker,
  input: Readonly<Record<string, string>>,
) => Promise<((view: View) => Html) | null>
type Show = Shown<unknown, Record<string, unknown>>
type Load = Downloaded<unknown, Record<string, unknown>>

/** Answers a page row: the page, the way on (303), or what went wrong on the page it belongs to. */
export async function replyPage(
  visit: Visit,
  route: Route,
  { outcome, asker, input }: Answered,
): Promise<Response> {
  const here = { ...visit, approach: { ...visit.approach, asker } }
  if (!outcome.ok) return refusePage(here, route, outcome)
  const cookies = (outcome['cookies'] ?? {}) as Cookies
  if ('movesTo' in route) return goTo(visit.site, route.movesTo, cookies)
  if ('file' in route) return handOver(here, (route as unknown as Load).file(outcome, input))
  if ('get' in route) {
    const page = (route as unknown as Show).page
    return draw(here, 200, cookies, null, (view) => page(view, outcome, input))
  }
  const next = (route as unknown as Act).then(outcome, input)
  if (typeof next === 'string') return goTo(visit.site, next, cookies)
  return draw(here, 200, cookies, null, next)
}

/** A refusal: first to where it can be put right, else the page it came from, else a plain page. */
export async function refusePage(
  visit: Visit,
  route: Route | null,
  refusal: Refusal,
): Promise<Response> {
  const act = route && 'post' in route ? (route as unknown as Act) : null
  const from = act ? act.back(strings(visit.fields)) : visit.url.pathname + visit.url.search
  const away = elsewhere(refusal, from)
  if (away) return goTo(visit.site, away, {})
  const drawn = act && (await redrawn(visit, act, refusal))
  if (drawn) return drawn
  const back = act?.elsewhere?.[refusal.reason] ?? (act ? from : route ? doorFor(refusal) : null)
  return (back && (await again(visit, back, refusal))) || plain(visit, refusal)
}

/** The page that only the refused act itself may show again; null when the row has none. */
async function redrawn(visit: Visit, act: Act, refusal: Refusal): Promise<Response | null> {
  if (!act.redraw) return null
  const redraw = act.redraw as unknown as Redraw
  const page = await redraw(visit.site.world, visit.approach.asker, strings(visit.fields))
  return page && draw(visit, reasons[refusal.reason][0], {}, refusal, page)
}

/** Where a sign-in that has ended goes on: at its start. */
function doorFor(refusal: Refusal): string | null {
  const over = refusal.reason === 'sign-in-over' || refusal.reason === 'too-many-tries'
  return over ? '/sign-in' : null
}

function elsewhere(refusal: Refusal, from: string): string | null {
  const back = `return_to=${encodeURIComponent(from)}`
  if (refusal.reason === 'sign-in-required') return from === '/' ? '/sign-in' : `/sign-in?${back}`
  if (refusal.reason === 'step-up-required') return `/step-up?${back}`
  if (refusal.reason === 'set-up-required' || refusal.reason === 'mailbox-required') {
    return `/set-up-required?${back}`
  }
  if (refusal.reason === 'recovery-set-up-required') return '/recovery-set-up'
  if (refusal.reason === 'recovery-codes-required') return '/settings/security/recovery-codes'
  return null
}

/** Shows the page at `path` again with what went wrong; null when that page refuses as well. */
async function again(visit: Visit, path: string, refusal: Refusal): Promise<Response | null> {
  const url = new URL(path, visit.url)
  const found = visit.site.findPage(url.pathname)
  if (!found) return null
  const fields = { ...visit.fields, ...Object.fromEntries(url.searchParams), ...found.parameters }
  const { outcome, asker, input } = await answer(visit.site, found.route, visit.approach, fields)
  if (!outcome.ok) {
    const door = doorFor(outcome)
    return door && door !== path ? again(visit, door, outcome) : null
  }
  const here = { ...visit, url, approach: { ...visit.approach, asker } }
  const page = (found.route as unknown as Show).page
  return draw(here, reasons[refusal.reason][0], {}, refusal, (view) => page(view, outcome, input))
}

function plain(visit: Visit, refusal: Refusal): Promise<Response> {
  const { requestId } = visit.approach.asker
  const told = { ...refusal, details: { requestId, ...refusal.details } }
  return draw(visit, reasons[refusal.reason][0], {}, told, refusalPage)
}

async function draw(
  visit: Visit,
  status: number,
  cookies: Cookies,
  refusal: Refusal | null,
  page: (view: View) => Html,
): Promise<Response> {
  const { site, url, approach, fields } = visit
  const { world, assets } = site
  const fresh = cookies.session || cookies.signIn || approach.bound
  const bound = fresh ?? world.random(16).toString('base64url')
  const nonce = world.random(16).toString('base64url')
  const { asker } = approach
  const view = viewOf({ world, assets, url, asker, bound, nonce, refusal, fields })
  const headers = new Headers(site.headers)
  headers.set('content-type', 'text/html; charset=utf-8')
  headers.set('content-security-policy', policy(nonce))
  for (const [name, value] of Object.entries(refusal ? retryAfter(refusal) : {})) {
    headers.set(name, value)
  }
  for (const cookie of writeCookies(world, cookies)) headers.append('set-cookie', cookie)
  if (!fresh) headers.append('set-cookie', setVisitor(world, bound))
  return new Response((await page(view)).toString(), { status, headers })
}

/** A file to keep; the browser shows none of it. */
function handOver({ site }: Visit, { name, type, body }: File): Response {
  const headers = new Headers(site.headers)
  headers.set('content-type', type)
  headers.set('content-disposition', `attachment; filename="${name}"`)
  return new Response(body, { headers })
}

/** Sends the browser on to another page of ours (303). */
export function goTo(site: Site, path: string, cookies: Cookies): Response {
  const headers = new Headers(site.headers)
  headers.set('location', path)
  for (const cookie of writeCookies(site.world, cookies)) headers.append('set-cookie', cookie)
  return new Response(null, { status: 303, headers })
}

function strings(fields: Fields): Record<string, string> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? value : '']),
  )
}

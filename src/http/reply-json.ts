import { antiForgeryToken } from '../crypto/tokens.ts'
import { reasons } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { Cookies } from '../sign-in/visitor.ts'
import type { World } from '../world.ts'
import { writeCookies } from './cookies.ts'
import { sentence, sentenceOf } from './html/words.ts'
import type { Answered } from './edge.ts'
import type { Route } from './route.ts'

/** Answers the API: the fields of the row's output, or the refusal with its reason and sentence. */
export function replyJson(
  world: World,
  route: Route,
  { outcome, asker }: Answered,
  bound: string | null,
  headers: Record<string, string>,
): Response {
  if (!outcome.ok) return refuseJson(outcome, asker.requestId, headers)
  const cookies = (outcome['cookies'] ?? {}) as Cookies
  const now = cookies.session || cookies.signIn || bound
  const reply = {
    ...headers,
    'content-type': 'application/json',
    ...(now && { 'anti-forgery-token': antiForgeryToken(world.keys, now) }),
  }
  const body = JSON.stringify(route.output.parse(outcome))
  const lines = writeCookies(world, cookies)
  // A plain object is sent on as it is, which costs half of what a Headers object does.
  const [line] = lines
  if (line === undefined) return new Response(body, { headers: reply })
  if (lines.length === 1) return new Response(body, { headers: { ...reply, 'set-cookie': line } })
  const withCookies = new Headers(reply)
  for (const one of lines) withCookies.append('set-cookie', one)
  return new Response(body, { headers: withCookies })
}

/** A refusal as the API says it. */
export function refuseJson(
  refusal: Refusal,
  requestId: string,
  headers: Record<string, string>,
): Response {
  const { reason, details, fields } = refusal
  const body = {
    error: reason,
    message: sentence({ ...refusal, details: { requestId, ...details } }),
    request_id: requestId,
    ...(details && { details }),
    ...(fields && {
      fields: Object.fromEntries(
        Object.entries(fields).map(([name, why]) => [
          name,
          { error: why, message: sentenceOf(why, details) },
        ]),
      ),
    }),
  }
  return new Response(JSON.stringify(body), {
    status: reasons[reason][0],
    headers: { ...headers, ...retryAfter(refusal), 'content-type': 'application/json' },
  })
}

/** Retry-After, where the refusal knows when trying again is worth it (LIM-07). */
export function retryAfter(refusal: Refusal): Record<string, string> {
  const seconds = refusal.details?.['seconds']
  return typeof seconds === 'number' ? { 'retry-after': String(Math.ceil(seconds)) } : {}
}

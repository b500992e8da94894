/** Requests that no page of ours would send. */
import type { Reply, Visitor } from './visitor.ts'

export type Raw = {
  readonly body?: string
  readonly type?: string
  readonly headers?: Readonly<Record<string, string>>
  /** Put in the place of the visitor's own cookies. */
  readonly cookie?: string
  /** Whether the anti-forgery token is added as a header; the body is sent as it is. */
  readonly withToken?: boolean
}

const json = 'application/json'

/** Sends what it is told with the visitor's cookies, and keeps none that come back. */
export async function sendRaw(
  visitor: Visitor,
  verb: string,
  path: string,
  raw: Raw = {},
): Promise<Reply> {
  const reads = verb === 'GET' || verb === 'HEAD'
  const cookie = raw.cookie ?? cookiesOf(visitor)
  const response = await fetch(visitor.base + path, {
    method: verb,
    redirect: 'manual',
    headers: {
      ...(cookie && { cookie }),
      ...(!reads && { origin: visitor.base }),
      ...(raw.withToken !== false && { 'anti-forgery-token': visitor.token }),
      ...(raw.body !== undefined && { 'content-type': raw.type ?? json }),
      ...raw.headers,
    },
    ...(raw.body !== undefined && !reads && { body: raw.body }),
  })
  const text = await response.text()
  const isJson = text !== '' && response.headers.get('content-type')?.startsWith(json)
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? (JSON.parse(text) as Reply['json']) : {},
    setCookies: response.headers.getSetCookie(),
  }
}

/** The visitor's cookies as one header. */
export function cookiesOf(visitor: Visitor): string {
  return [...visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ')
}

/** A form's body with the visitor's anti-forgery token. */
export function formOf(visitor: Visitor, fields: readonly (readonly [string, string])[]): string {
  const form = new URLSearchParams({ anti_forgery: visitor.token })
  for (const [name, value] of fields) form.append(name, value)
  return form.toString()
}

export const formType = 'application/x-www-form-urlencoded'

const perReply =
  /name="anti_forgery" value="[^"]*"|nonce[-=]["']?[\w-]+["']?|"request_id":"[^"]*"|\b[0-9a-f]{16}\b/g
const perConnection = ['date', 'connection', 'keep-alive', 'anti-forgery-token', 'content-length']

/** What a reply tells: its status, text and headers without what is new in each reply. */
export function told(reply: Reply) {
  const headers = [...reply.headers]
    .filter(([name]) => !perConnection.includes(name) && name !== 'set-cookie')
    .map(([name, value]) => `${name}: ${value.replace(perReply, '…')}`)
  const cookies = reply.setCookies.map((line) => line.replace(/=[^;]*/, '=…'))
  return { status: reply.status, headers, cookies, text: reply.text.replace(perReply, '…') }
}

import { antiForgeryToken } from '../../src/crypto/tokens.ts'
import type { Keys } from '../../src/crypto/keys.ts'

export type Reply = {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  readonly json: Readonly<Record<string, unknown>>
  /** Set-Cookie headers as they came. */
  readonly setCookies: readonly string[]
}

type Extra = { readonly headers?: Record<string, string>; readonly withToken?: boolean }

/**
 * A browser as far as HTTP goes: keeps cookies, sends Origin, and makes the anti-forgery token that
 * the page would carry. Any of it can be left out or forged by `headers` and `withToken`.
 */
export class Visitor {
  readonly jar = new Map<string, string>()
  readonly #keys: Keys
  base: string

  constructor(base: string, keys: Keys) {
    this.base = base
    this.#keys = keys
  }

  /** Another browser with a copy of this one's cookies. */
  copy(base = this.base): Visitor {
    const twin = new Visitor(base, this.#keys)
    for (const [name, value] of this.jar) twin.jar.set(name, value)
    return twin
  }

  get token(): string {
    const name = ['session', 'sign-in', 'visitor'].find((one) => this.#cookie(one))
    return antiForgeryToken(this.#keys, (name && this.#cookie(name)) || '')
  }

  #cookie(name: string): string | undefined {
    return this.jar.get(`__Host-${name}`) ?? this.jar.get(name)
  }

  get(path: string, extra: Extra = {}): Promise<Reply> {
    return this.#send('GET', path, undefined, {}, extra)
  }

  /** Posts a form. */
  async post(path: string, fields: Record<string, string>, extra: Extra = {}): Promise<Reply> {
    if (!this.#cookie('visitor')) await this.get('/sign-in')
    const form = extra.withToken === false ? fields : { anti_forgery: this.token, ...fields }
    const type = { 'content-type': 'application/x-www-form-urlencoded' }
    return this.#send('POST', path, new URLSearchParams(form).toString(), type, extra)
  }

  /** Calls the API. */
  async api(verb: string, path: string, body?: unknown, extra: Extra = {}): Promise<Reply> {
    if (verb !== 'GET' && !this.#cookie('visitor')) await this.get('/sign-in')
    const headers: Record<string, string> = {
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(extra.withToken !== false && { 'anti-forgery-token': this.token }),
    }
    const text = body === undefined ? undefined : JSON.stringify(body)
    return this.#send(verb, `/api/v1${path}`, text, headers, extra)
  }

  async #send(
    method: string,
    path: string,
    body: string | undefined,
    headers: Record<string, string>,
    extra: Extra,
  ): Promise<Reply> {
    const cookie = [...this.jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const response = await fetch(this.base + path, {
      method,
      redirect: 'manual',
      headers: {
        ...(cookie && { cookie }),
        ...(method !== 'GET' && { origin: this.base }),
        ...headers,
        ...extra.headers,
      },
      ...(body !== undefined && { body }),
    })
    const setCookies = response.headers.getSetCookie()
    for (const line of setCookies) this.#keep(line)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.startsWith('application/json')
    const json = isJson ? (JSON.parse(text) as Reply['json']) : {}
    return { status: response.status, headers: response.headers, text, json, setCookies }
  }

  #keep(line: string): void {
    const [pair = ''] = line.split(';')
    const at = pair.indexOf('=')
    const name = pair.slice(0, at)
    if (/max-age=0/i.test(line)) this.jar.delete(name)
    else this.jar.set(name, pair.slice(at + 1))
  }
}

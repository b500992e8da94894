import { CarrierFailed } from './port.ts'

/** Whether a host is this machine itself, where TLS protects nothing. */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || /^127(\.\d{1,3}){3}$/.test(host) || /^\[?::1\]?$/.test(host)
}

/** The address of a provider. Refused by throwing: anything but https, save http on loopback (CRY-04). */
export function endpoint(address: string): URL {
  const url = new URL(address)
  const safe = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  if (!safe) throw new Error('a provider is reached by https only')
  return url
}

export type Reply = { readonly status: number; readonly fields: Readonly<Record<string, unknown>> }

/**
 * Posts to a configured address and gives the status and the fields of a JSON reply. Certificates
 * are verified and redirects not followed (CRY-04). Throws `CarrierFailed` when there is no reply.
 */
export async function post(
  url: URL,
  headers: Readonly<Record<string, string>>,
  body: string,
  signal: AbortSignal,
): Promise<Reply> {
  try {
    const reply = await fetch(url, { method: 'POST', headers, body, signal, redirect: 'error' })
    return { status: reply.status, fields: fieldsOf(await reply.text()) }
  } catch (error) {
    throw new CarrierFailed(wordFor(error))
  }
}

function wordFor(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined
  if (!(cause instanceof Error)) return 'network'
  if (cause.message === 'unexpected redirect') return 'redirect'
  return 'code' in cause && typeof cause.code === 'string' ? cause.code : 'network'
}

function fieldsOf(text: string): Reply['fields'] {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? (value as Reply['fields']) : {}
  } catch {
    return {}
  }
}

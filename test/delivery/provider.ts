/** A real HTTP server that a text carrier talks to, and what it was told. */
import { createServer } from 'node:http'
import type { IncomingMessage, RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { after } from 'node:test'
import type { KeyAndCertificate } from '../support/certificates.ts'

export type Answer = {
  readonly status: number
  readonly json?: object
  readonly location?: string
  /** Answers only when this is over. */
  readonly when?: Promise<unknown>
}

export type Request = Pick<IncomingMessage, 'url' | 'method' | 'headers'> & {
  readonly body: string
}

export type Provider = {
  readonly url: string
  readonly requests: Request[]
  readonly answerWith: (answer: Answer) => void
}

/** Starts it on 127.0.0.1, until the test that called it has ended. */
export async function startProvider(first: Answer, tls?: KeyAndCertificate): Promise<Provider> {
  const requests: Request[] = []
  let answer = first
  const listener: RequestListener = async (request, response) => {
    const body = Buffer.concat(await request.toArray()).toString()
    requests.push({ url: request.url, method: request.method, headers: request.headers, body })
    const { status, json, location, when } = answer
    await when
    response.writeHead(status, location ? { location } : {}).end(JSON.stringify(json ?? {}))
  }
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  after(() => (server.closeAllConnections(), server.close()))
  const { port } = server.address() as AddressInfo
  const url = `${tls ? 'https' : 'http'}://127.0.0.1:${port}`
  return { url, requests, answerWith: (next) => (answer = next) }
}

/** A real HTTP server on loopback that plays Twilio and the receiver of the text webhook. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createArrivals, type Arrivals } from './arrivals.ts'
import type { Call, Reply, Secrets, Text, TextFailure } from './text.ts'
import { twilioReply } from './twilio.ts'
import { webhookReply } from './webhook.ts'

export type TextGateway = Secrets & {
  /** In place of https://api.twilio.com. */
  readonly twilioUrl: string
  readonly webhookUrl: string
  readonly texts: Text[]
  readonly waitFor: Arrivals<Text>['waitFor']
  readonly setFailing: (mode: TextFailure) => void
  readonly stop: () => Promise<void>
}

const secrets: Secrets = {
  accountSid: 'AC00000000000000000000000000000001',
  authToken: 'an-auth-token-for-tests-only',
  webhookSecret: 'a-webhook-secret-for-tests-only-',
}

/** Starts it on a free port of 127.0.0.1. */
export async function startTextGateway(): Promise<TextGateway> {
  const { items, add, waitFor } = createArrivals<Text>((text) => `"${text.body}" to ${text.to}`)
  let mode: TextFailure = 'off'
  const server = createServer(async (request, response) => {
    const body = Buffer.concat(await request.toArray())
    if (mode === 'silent') return
    if (mode === 'drop') return request.socket.destroy()
    const reply = replyTo({ ...partsOf(request), body, failing: mode, secrets })
    if (reply.text) add(reply.text)
    send(response, reply)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    ...secrets,
    twilioUrl: url,
    webhookUrl: `${url}/texts`,
    texts: items,
    waitFor,
    setFailing: (next) => (mode = next),
    stop: () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      server.closeAllConnections()
      return closed
    },
  }
}

/** The request's line and headers. */
function partsOf({ url = '/', method, headers }: IncomingMessage) {
  return { path: `${method} ${url}`, headers }
}

function replyTo(call: Call): Reply {
  if (call.path.startsWith('POST /2010-04-01/')) return twilioReply(call)
  if (call.path === 'POST /texts') return webhookReply(call)
  return { status: 404, json: { error: 'There is nothing here.' } }
}

function send(response: ServerResponse, { status, json }: Reply): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify(json))
}

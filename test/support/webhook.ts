/** An operator's own text gateway, reading what src/delivery/webhook.ts promises to send. */
import { createHmac, randomUUID, timingSafeEqual } from 'node:crypto'
import type { Call, Reply } from './text.ts'

/**
 * Takes a text whose signature is right: 200 and an id. Else 401, 415 for another content type,
 * 400 for another form. The age of the signature is not judged, because tests move the clock.
 */
export function webhookReply(call: Call): Reply {
  if (!isSigned(call)) return refusal(401)
  if (call.headers['content-type'] !== 'application/json') return refusal(415)
  const failures = {
    off: 0,
    'invalid-number': 422,
    unauthorised: 401,
    'too-many': 429,
    broken: 500,
  }
  if (failures[call.failing] > 0) return refusal(failures[call.failing])
  const { to, body, id } = readJson(call.body)
  if (typeof to !== 'string' || typeof body !== 'string' || typeof id !== 'string') {
    return refusal(400)
  }
  const reference = randomUUID()
  const text = { by: 'webhook' as const, to, from: null, body, messageId: id, reference }
  return { status: 200, json: { id: reference }, text }
}

/** HMAC-SHA-256 in hex of the time, a full stop and the body as it came. */
function isSigned({ headers, body, secrets }: Call): boolean {
  const [, time, given] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header(headers)) ?? []
  if (time === undefined || given === undefined) return false
  const right = createHmac('sha256', secrets.webhookSecret).update(`${time}.`).update(body).digest()
  return timingSafeEqual(right, Buffer.from(given, 'hex'))
}

function header(headers: Call['headers']): string {
  return String(headers['twostep-signature'] ?? '')
}

function readJson(body: Buffer): Record<string, unknown> {
  try {
    return Object(JSON.parse(body.toString()))
  } catch {
    return {}
  }
}

function refusal(status: number): Reply {
  return { status, json: { error: status } }
}

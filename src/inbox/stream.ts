import type { Env, Hono } from 'hono'
import type { Inbox } from '../delivery/inbox.ts'
import { refuseJson } from '../http/reply-json.ts'
import { refuse } from '../reasons.ts'
import { inboxEvents } from './routes.ts'

const streamsMax = 20
const heartbeatSeconds = 15
const retrySeconds = 3

/**
 * Answers the inbox page's event stream: an empty message for each letter that arrives, and at once
 * for what came while the browser was away. It tells that there is something, never what. Refused:
 * busy above 20 open streams.
 */
export function addInbox<E extends Env>(
  hono: Hono<E>,
  headers: Readonly<Record<string, string>>,
  inbox: Inbox,
): void {
  let streams = 0
  hono.get(inboxEvents, ({ req: { raw: request } }) => {
    if (streams >= streamsMax) {
      return refuseJson(refuse('busy', { seconds: heartbeatSeconds }), '', { ...headers })
    }
    const reply = { headers: { ...headers, 'content-type': 'text/event-stream' } }
    if (request.method === 'HEAD') return new Response(null, reply)
    streams++
    return new Response(
      arrivals(inbox, request, () => streams--),
      reply,
    )
  })
}

/** The stream; it ends, once, when the request is given up or its body is no longer read. */
function arrivals(inbox: Inbox, request: Request, ended: () => void): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder()
  const stop = new AbortController()
  return new ReadableStream<Uint8Array>({
    start(stream) {
      const write = (text: string) => stream.enqueue(encoder.encode(text))
      const tell = ({ number }: { number: number }) => write(`id: ${number}\ndata: arrived\n\n`)
      const unsubscribe = inbox.subscribe(tell)
      // A proxy that sees nothing for long would close the stream.
      const heartbeat = setInterval(() => write(':\n\n'), heartbeatSeconds * 1000).unref()
      stop.signal.addEventListener('abort', () => {
        unsubscribe()
        clearInterval(heartbeat)
        ended()
      })
      request.signal.addEventListener('abort', () => stop.abort(), { once: true })
      write(`retry: ${retrySeconds * 1000}\n\n`)
      const missed = missedSince(inbox, request.headers.get('last-event-id'))
      if (missed) tell(missed)
    },
    cancel: () => stop.abort(),
  })
}

/** The newest letter, when the browser says it has seen another one last. */
function missedSince(inbox: Inbox, seen: string | null): { readonly number: number } | null {
  const newest = inbox.list()[0]
  return seen !== null && newest && String(newest.number) !== seen ? newest : null
}

import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { test } from 'node:test'
import { getRequestListener } from '@hono/node-server'
import { Hono } from 'hono'
import { createInbox } from '../../src/delivery/inbox.ts'
import type { Inbox } from '../../src/delivery/inbox.ts'
import { list } from '../../src/inbox/list.ts'
import { inboxEvents } from '../../src/inbox/routes.ts'
import { addInbox } from '../../src/inbox/stream.ts'
import { routes } from '../../src/routes.ts'

const headers = { 'cache-control': 'no-store', 'x-frame-options': 'DENY' }
const noon = new Date('2026-11-24T12:00:00Z')

test('OPS-01: the everyday routes know no inbox; it is added only where one exists', () => {
  const addresses = routes.flatMap((route) => [
    route.api?.split(' ')[1],
    'get' in route ? route.get : undefined,
  ])
  assert.deepEqual(
    addresses.filter((address) => address?.includes('inbox')),
    [],
  )
})

test('a text and a mail are listed newest first, as they would arrive', async () => {
  const inbox = createInbox(() => noon)
  await arrive(inbox, 'text')
  await arrive(inbox, 'mail')
  assert.deepEqual(
    list(inbox).map(({ number, channel, subject, body }) => [number, channel, subject, body]),
    [
      [2, 'mail', 'Hello', 'The mail'],
      [1, 'text', null, 'The text'],
    ],
  )
})

test('the open page hears of a letter, but not what is in it', async () => {
  const { inbox, url, close } = await serve()
  try {
    const stream = await openStream(url)
    assert.equal(stream.headers.get('content-type'), 'text/event-stream')
    assert.equal(stream.headers.get('x-frame-options'), 'DENY')
    assert.equal(await stream.next(), 'retry: 3000\n\n')
    await arrive(inbox, 'text')
    assert.equal(await stream.next(), 'id: 1\ndata: arrived\n\n')
    stream.leave()
  } finally {
    await close()
  }
})

test('a page that was away for a moment hears at once that it missed something', async () => {
  const { inbox, url, close } = await serve()
  try {
    await arrive(inbox, 'text')
    await arrive(inbox, 'mail')
    const missed = await openStream(url, { 'last-event-id': '1' })
    assert.match(await missed.next(), /id: 2\ndata: arrived\n\n$/)
    missed.leave()
    const current = await openStream(url, { 'last-event-id': '2' })
    assert.equal(await current.next(), 'retry: 3000\n\n')
    current.leave()
  } finally {
    await close()
  }
})

test('twenty open pages are enough; one that leaves makes room, and asking with HEAD takes none', async () => {
  const { url, close } = await serve()
  try {
    assert.equal((await fetch(url, { method: 'HEAD' })).status, 200)
    const streams = await Promise.all(Array.from({ length: 20 }, () => openStream(url)))
    const refused = await fetch(url)
    assert.equal(refused.status, 503)
    assert.equal(refused.headers.get('retry-after'), '15')
    assert.equal(refused.headers.get('x-frame-options'), 'DENY')
    await refused.text()
    streams[0]?.leave()
    const another = await untilOpen(url)
    for (const stream of [...streams, another]) stream.leave()
  } finally {
    await close()
  }
})

async function serve() {
  const inbox = createInbox(() => noon)
  const hono = new Hono()
  addInbox(hono, headers, inbox)
  const listener = getRequestListener((request) => hono.fetch(request))
  const server = createServer((incoming, outgoing) => void listener(incoming, outgoing))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  }
  return { inbox, url: `http://127.0.0.1:${port}${inboxEvents}`, close }
}

async function openStream(url: string, more: Record<string, string> = {}) {
  const stop = new AbortController()
  const reply = await fetch(url, { headers: more, signal: stop.signal })
  if (reply.status !== 200 || !reply.body) throw new Error(`status ${reply.status}`)
  const reader = reply.body.pipeThrough(new TextDecoderStream()).getReader()
  return {
    headers: reply.headers,
    next: async () => (await reader.read()).value ?? '',
    leave: () => stop.abort(),
  }
}

/** The server hears of a closed connection a moment after its client has closed it. */
async function untilOpen(url: string): Promise<Awaited<ReturnType<typeof openStream>>> {
  for (;;) {
    try {
      return await openStream(url)
    } catch (error) {
      if (!(error instanceof Error) || error.message !== 'status 503') throw error
    }
  }
}

async function arrive(inbox: Inbox, channel: 'text' | 'mail'): Promise<void> {
  const carrier = inbox.carriers.find((one) => one.channel === channel)
  const to = channel === 'text' ? '+447700900123' : 'ada@example.com'
  const letter =
    channel === 'text'
      ? { id: 'a', channel, to, body: 'The text' }
      : { id: 'b', channel, to, subject: 'Hello', text: 'The mail', html: '<p>The mail</p>' }
  await carrier?.send(letter, new AbortController().signal)
}

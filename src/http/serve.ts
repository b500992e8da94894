import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import type { App } from '../app.ts'

/** Small enough that nobody can hold a connection for nothing, large enough for a slow phone. */
const timeouts = { headersTimeout: 10_000, requestTimeout: 30_000, keepAliveTimeout: 65_000 }

/** Serves the app over HTTP and gives the server once it listens. */
export function serve(app: App, port: number, host: string): Promise<Server> {
  const listener = getRequestListener((request, { incoming }) =>
    app.fetch(request, incoming.socket.remoteAddress ?? ''),
  )
  const server = createServer({ ...timeouts, maxHeaderSize: 16_384 }, (incoming, outgoing) => {
    void listener(incoming, outgoing)
  })
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve(server))
  })
}

const graceMs = 3000

/** Stops taking requests, lets those that run finish, and cuts after a moment what does not end. */
export function stopServing(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeIdleConnections()
    setTimeout(() => server.closeAllConnections(), graceMs).unref()
  })
}

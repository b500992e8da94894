import { connect, createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { TLSSocket } from 'node:tls'
import type { KeyAndCertificate } from '../support/certificates.ts'

export type TlsInFront = {
  readonly port: number
  /** How many bytes came over TLS. */
  readonly heard: () => number
  readonly stop: () => void
}

/** What a PostgreSQL client sends first when it wants TLS. */
const sslRequestBytes = 8

/** Puts TLS with that certificate in front of a PostgreSQL server, as its own would be. */
export async function putTlsInFront(
  url: string,
  certificate: KeyAndCertificate,
): Promise<TlsInFront> {
  const { hostname, port } = new URL(url)
  let heard = 0
  const server = createServer((socket) => {
    socket.on('error', () => {})
    socket.once('readable', () => {
      socket.read(sslRequestBytes)
      socket.write('S')
      const inside = new TLSSocket(socket, { isServer: true, ...certificate })
      inside.on('data', (bytes) => (heard += bytes.length))
      join(inside, connect(Number(port), hostname))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address() as AddressInfo
  return { port: address.port, heard: () => heard, stop: () => void server.close() }
}

function join(one: Socket, other: Socket): void {
  one.pipe(other).pipe(one)
  for (const socket of [one, other]) {
    socket.on('error', () => {})
    socket.on('close', () => (one.destroy(), other.destroy()))
  }
}

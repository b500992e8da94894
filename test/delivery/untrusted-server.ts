/** A server that speaks just enough SMTP to be asked for TLS, and listens to what it is told then. */
import { createServer } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createServer as createTlsServer } from 'node:tls'
import type { KeyAndCertificate } from '../support/certificates.ts'

export type UntrustedServer = {
  readonly port: number
  /** All that came over TLS. */
  readonly heard: () => string
  readonly stop: () => void
}

/** Starts it on 127.0.0.1: TLS from the first byte, or raised by STARTTLS. */
export async function startUntrustedServer(
  certificate: KeyAndCertificate,
  tls: 'implicit' | 'raised',
): Promise<UntrustedServer> {
  let heard = ''
  const inTls = createTlsServer(certificate, (socket) => {
    socket.on('error', () => {})
    socket.on('data', (bytes) => (heard += String(bytes)))
    socket.write('220 come in\r\n')
  })
  const inTheClear = createServer((socket) => {
    askForTls(socket, () => inTls.emit('connection', socket))
  })
  const server = tls === 'implicit' ? inTls : inTheClear
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { port, heard: () => heard, stop: () => void server.close() }
}

function askForTls(socket: Socket, raise: () => void): void {
  socket.on('error', () => {})
  socket.write('220 good day\r\n')
  const listen = (bytes: Buffer) => {
    const [command] = String(bytes).split(/[ \r]/)
    if (command !== 'STARTTLS') return void socket.write('250-here\r\n250 STARTTLS\r\n')
    socket.off('data', listen)
    socket.write('220 go on\r\n', raise)
  }
  socket.on('data', listen)
}

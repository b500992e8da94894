/** A real SMTP server on loopback that keeps the mails it is given. */
import type { AddressInfo, Socket } from 'node:net'
import { simpleParser, type Headers } from 'mailparser'
import {
  SMTPServer,
  type SMTPServerAuthentication,
  type SMTPServerDataStream,
  type SMTPServerSession,
} from 'smtp-server'
import { createArrivals, type Arrivals } from './arrivals.ts'

export type Mail = {
  /** The envelope's sender and receivers: who it really goes to. */
  readonly from: string
  readonly to: readonly string[]
  readonly subject: string
  readonly text: string
  readonly html: string
  /** Names in lower case. */
  readonly headers: Headers
  /** The message as it came. */
  readonly raw: string
  /** Whether it came over TLS. */
  readonly secure: boolean
  /** The user name it was sent under, if any. */
  readonly user: string | null
}

/**
 * `refuse`: 550 to every receiver, for good. `tempfail`: 451, try again later. `drop`: the
 * connection is cut after the message, before the answer. In all three nothing is kept.
 */
export type MailFailure = 'off' | 'refuse' | 'tempfail' | 'drop'

export type MailServer = {
  /** `smtp://` or `smtps://`, with user and password when the server asks for them. */
  readonly url: string
  readonly mails: Mail[]
  readonly waitFor: Arrivals<Mail>['waitFor']
  readonly setFailing: (mode: MailFailure) => void
  readonly stop: () => Promise<void>
}

export type MailServerChoices = {
  /** PEM. With it STARTTLS is offered, or TLS is spoken from the first byte (`implicit`). */
  readonly tls?: { readonly key: string; readonly cert: string; readonly implicit?: boolean }
  /** Refuse everybody else. */
  readonly login?: { readonly user: string; readonly password: string }
}

/** Starts it on a free port of 127.0.0.1. */
export async function startMailServer(choices: MailServerChoices = {}): Promise<MailServer> {
  const { items, add, waitFor } = createArrivals<Mail>(
    (mail) => `"${mail.subject}" to ${String(mail.to)}`,
  )
  let mode: MailFailure = 'off'
  const server = new SMTPServer({
    ...connectionOptions(choices),
    onAuth: (given, _session, answer) => answer(...authentication(choices, given)),
    onRcptTo: (_address, _session, answer) => answer(refusal(mode)),
    onData: (stream, session, answer) => {
      read(stream, session).then((mail) => {
        if (mode === 'drop') return cut(sockets, session)
        add(mail)
        answer()
      }, answer)
    },
  })
  const sockets = socketsOf(server)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    url: urlOf(server, choices),
    mails: items,
    waitFor,
    setFailing: (next) => (mode = next),
    stop: () => {
      for (const socket of sockets) socket.destroy()
      return new Promise((resolve) => server.close(resolve))
    },
  }
}

/** The connections that are open, kept up to date. What goes wrong on one is the client's to tell. */
function socketsOf(server: SMTPServer): Set<Socket> {
  const sockets = new Set<Socket>()
  server.on('error', () => {})
  server.server.on('connection', (socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
  })
  return sockets
}

function cut(sockets: Iterable<Socket>, { remotePort }: SMTPServerSession): void {
  for (const socket of sockets) if (socket.remotePort === remotePort) socket.destroy()
}

function authentication(
  { login }: MailServerChoices,
  given: SMTPServerAuthentication,
): [Error | null, { user?: string }] {
  const right = login?.user === given.username && login?.password === given.password
  return right ? [null, { user: given.username ?? '' }] : [withCode(535, 'Not right'), {}]
}

/** Without a certificate no STARTTLS: smtp-server would offer a published key of its own. */
function connectionOptions({ tls, login }: MailServerChoices) {
  return {
    ...(tls && { key: tls.key, cert: tls.cert }),
    secure: tls?.implicit ?? false,
    disabledCommands: [...(tls ? [] : ['STARTTLS']), ...(login ? [] : ['AUTH'])],
    allowInsecureAuth: !tls,
    disableReverseLookup: true,
    closeTimeout: 0,
  }
}

function urlOf(server: SMTPServer, { tls, login }: MailServerChoices): string {
  const { port } = server.server.address() as AddressInfo
  const scheme = tls?.implicit ? 'smtps' : 'smtp'
  const who = login
    ? `${encodeURIComponent(login.user)}:${encodeURIComponent(login.password)}@`
    : ''
  return `${scheme}://${who}127.0.0.1:${port}`
}

function refusal(mode: MailFailure): Error | null {
  if (mode === 'refuse') return withCode(550, '5.1.1 No such mailbox')
  if (mode === 'tempfail') return withCode(451, '4.3.0 Try again later')
  return null
}

function withCode(responseCode: number, message: string): Error {
  return Object.assign(new Error(message), { responseCode })
}

async function read(stream: SMTPServerDataStream, session: SMTPServerSession): Promise<Mail> {
  const raw = Buffer.concat(await stream.toArray()).toString()
  const { mailFrom, rcptTo } = session.envelope
  const { subject = '', text = '', html, headers } = await simpleParser(raw)
  return {
    from: mailFrom ? mailFrom.address : '',
    to: rcptTo.map(({ address }) => address),
    subject,
    text,
    html: html || '',
    headers,
    raw,
    secure: session.secure,
    user: session.user ?? null,
  }
}

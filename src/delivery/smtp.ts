import { createTransport } from 'nodemailer'
import type { Config } from '../config.ts'
import { isLoopback } from './endpoint.ts'
import { CarrierFailed, CarrierRefused } from './port.ts'
import type { Carrier, Letter } from './port.ts'

/**
 * Mails by an SMTP server, over connections that are kept. smtps:// speaks TLS from the start,
 * smtp:// must be raised to it by STARTTLS; certificates are verified (CRY-04). Only to this machine
 * itself smtp:// goes in the clear. Options in the address are not read: none can weaken this.
 * `from` is an address, or a name and an address: "Twostep <codes@example.com>".
 */
export function smtpCarrier(
  smtpUrl: string,
  from: string,
  config: Pick<Config, 'carrierTimeoutSeconds'>,
): Carrier {
  const transport = createTransport(transportOptions(smtpUrl, config.carrierTimeoutSeconds * 1000))
  const domain = /@([\w.-]+)>?\s*$/.exec(from)?.[1]
  if (domain === undefined) throw new Error('the sender of mails is not an email address')
  return {
    name: 'smtp',
    channel: 'mail',
    async send(letter, signal) {
      if (letter.channel !== 'mail') throw new CarrierRefused('not-a-mail')
      const mail = { ...mailOf(letter), from, messageId: `<${letter.id}@${domain}>`, signal }
      const { messageId } = await transport.sendMail(mail).catch(explain)
      return { reference: messageId }
    },
    close: () => transport.close(),
  }
}

function transportOptions(smtpUrl: string, timeoutMs: number) {
  const url = new URL(smtpUrl)
  const secure = url.protocol === 'smtps:'
  if (!secure && url.protocol !== 'smtp:') throw new Error('mail goes by smtp:// or smtps://')
  const host = url.hostname.replace(/^\[|\]$/g, '')
  const user = decodeURIComponent(url.username)
  return {
    pool: true as const,
    maxConnections: 5,
    /** Once: a kept connection may have been closed by the other side. Then the outbox waits. */
    maxRequeues: 1,
    host,
    port: url.port ? Number(url.port) : secure ? 465 : 587,
    secure,
    ...(secure || !isLoopback(host) ? { requireTLS: true } : { ignoreTLS: true }),
    tls: { rejectUnauthorized: true, minVersion: 'TLSv1.2' as const },
    ...(user !== '' && { auth: { user, pass: decodeURIComponent(url.password) } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    dnsTimeout: timeoutMs,
    disableFileAccess: true,
    disableUrlAccess: true,
    logger: false,
  }
}

/* One address, said as such: what a list or a header would be made of is refused (EML-06). */
const oneAddress = /^[^\s<>,;:"()[\]\\@\p{C}]+@[^\s<>,;:"()[\]\\@\p{C}]+$/u

function mailOf(letter: Extract<Letter, { channel: 'mail' }>) {
  if (!oneAddress.test(letter.to)) throw new CarrierRefused('not-an-address')
  return {
    to: { name: '', address: letter.to },
    subject: letter.subject,
    text: letter.text,
    html: letter.html,
    headers: { 'Auto-Submitted': 'auto-generated', 'X-Auto-Response-Suppress': 'All' },
  }
}

/** Keeps of an error what names nobody: the server's reply quotes addresses. */
function explain(error: unknown): never {
  if (!(error instanceof Error)) throw new CarrierFailed('unknown')
  const { code, responseCode, command } = error as Error & {
    code?: string
    responseCode?: number
    command?: string
  }
  const word = [code ?? error.name, ...(responseCode ? [responseCode] : [])].join('-')
  const receiverRefused = command === 'RCPT TO' && responseCode !== undefined && responseCode >= 500
  throw receiverRefused ? new CarrierRefused(word) : new CarrierFailed(word)
}

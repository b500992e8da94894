/** Mails reach a real SMTP server, and no other than the one that was meant. */
import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { CarrierFailed, CarrierRefused } from '../../src/delivery/port.ts'
import type { Carrier } from '../../src/delivery/port.ts'
import { smtpCarrier } from '../../src/delivery/smtp.ts'
import { makeCertificates } from '../support/certificates.ts'
import { startMailServer } from '../support/mail-server.ts'
import type { MailServerChoices } from '../support/mail-server.ts'
import { mail } from './readable.ts'
import { startUntrustedServer } from './untrusted-server.ts'

const letter = mail({ template: 'code', code: { digits: '012345', minutes: 10 } })
const from = '"Acme, Inc." <codes@accounts.example.com>'
const certificates = makeCertificates()
setDefaultCACertificates([...getCACertificates('default'), certificates.ca])

async function server(choices: MailServerChoices = {}) {
  const started = await startMailServer(choices)
  after(started.stop)
  return started
}

function carrierTo(url: string): Carrier {
  const carrier = smtpCarrier(url, from, { carrierTimeoutSeconds: 5 })
  after(() => carrier.close?.())
  return carrier
}

const send = (url: string, what = letter) => carrierTo(url).send(what, AbortSignal.timeout(5000))

/** By an address that is not this machine's name for itself, though it ends here. */
const asStranger = (url: string) => url.replace('127.0.0.1', '0.0.0.0')

test('a mail arrives as it was written', async () => {
  const { url, mails } = await server()
  const { reference } = await send(url)
  const [got] = mails
  assert.equal(mails.length, 1)
  assert.deepEqual(got?.to, ['ann@example.com'])
  assert.equal(got.from, 'codes@accounts.example.com')
  assert.equal(got.subject, letter.subject)
  assert.equal(got.text, letter.text)
  assert.equal(got.html.replaceAll('\r\n', '\n').trim(), letter.html.trim())
  assert.equal(got.headers.get('auto-submitted'), 'auto-generated')
  assert.equal(got.headers.get('message-id'), `<${letter.id}@accounts.example.com>`)
  assert.equal(reference, `<${letter.id}@accounts.example.com>`)
})

test('several mails go over one kept connection, and closing it lets the process end', async () => {
  const { url, mails } = await server()
  const carrier = carrierTo(url)
  for (const id of ['one', 'two', 'three']) {
    await carrier.send({ ...letter, id }, AbortSignal.timeout(5000))
  }
  assert.equal(mails.length, 3)
})

test('a server that asks for a password gets it', async () => {
  const login = { user: 'us@example.com', password: 'p:a/s@s %' }
  const { url, mails } = await server({ login })
  await send(url)
  assert.equal(mails[0]?.user, login.user)
})

test('CRY-04: TLS with a certificate we trust is used', async () => {
  const implicit = await server({ tls: { ...certificates.trusted, implicit: true } })
  await send(implicit.url)
  assert.equal(implicit.mails[0]?.secure, true)
})

for (const tls of ['implicit', 'raised'] as const) {
  const scheme = tls === 'implicit' ? 'smtps' : 'smtp'
  const wrong = [
    ['a self-signed certificate', certificates.selfSigned],
    ['a certificate for another name', certificates.trusted],
  ] as const
  for (const [name, certificate] of wrong) {
    test(`CRY-04: ${name} is refused, TLS ${tls}, whatever the address says`, async () => {
      const server = await startUntrustedServer(certificate, tls)
      after(server.stop)
      for (const options of ['', '/?tls.rejectUnauthorized=false', '/?ignoreTLS=true']) {
        const url = `${scheme}://us:secret@0.0.0.0:${server.port}${options}`
        await assert.rejects(send(url), { message: 'ESOCKET' })
      }
      assert.equal(server.heard(), '')
    })
  }
}

test('CRY-04: only to this machine itself a mail goes in the clear', async () => {
  const { url, mails } = await server()
  await assert.rejects(send(asStranger(url)), CarrierFailed)
  assert.deepEqual(mails, [])
  assert.throws(() => smtpCarrier('http://127.0.0.1', from, { carrierTimeoutSeconds: 5 }))
})

test('a receiver the server does not know is refused for good, a bad day is not', async () => {
  const { url, setFailing, mails } = await server()
  setFailing('refuse')
  await assert.rejects(send(url), CarrierRefused)
  setFailing('tempfail')
  await assert.rejects(send(url), CarrierFailed)
  setFailing('drop')
  await assert.rejects(send(url), CarrierFailed)
  assert.deepEqual(mails, [])
})

test('AUD-02: what a carrier complains of quotes no address and no text', async () => {
  const { url, setFailing } = await server()
  setFailing('refuse')
  const error = await send(url).catch((thrown: Error) => thrown)
  assert.ok(error instanceof CarrierRefused)
  assert.equal(error.message, 'EENVELOPE-550')
  assert.equal(error.cause, undefined)
})

test('EML-06: an address that is more than one address goes to nobody', async () => {
  const { url, mails } = await server()
  const addresses = [
    'ann@example.com, everybody@evil.example',
    'ann@example.com\r\nBcc: everybody@evil.example',
    'Ann <ann@example.com>',
    'ann@example.com>\r\nRCPT TO:<everybody@evil.example',
    'everybody',
  ]
  for (const to of addresses) await assert.rejects(send(url, { ...letter, to }), CarrierRefused)
  assert.deepEqual(mails, [])
})

test('EML-06: a subject with line breaks adds no header and no receiver', async () => {
  const { url, mails } = await server()
  await send(url, { ...letter, subject: 'Hello\r\nBcc: everybody@evil.example\r\n\r\n<b>body</b>' })
  assert.deepEqual(mails[0]?.to, ['ann@example.com'])
  assert.equal(mails[0].headers.has('bcc'), false)
  assert.equal(mails[0].text, letter.text)
})

test('a mail that is given up does not arrive later', async () => {
  const { url, mails } = await server()
  await assert.rejects(carrierTo(url).send(letter, AbortSignal.abort()), CarrierFailed)
  assert.deepEqual(mails, [])
})

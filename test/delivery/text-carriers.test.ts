/** Texts reach the provider that was configured, as it wants them, and no other. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { test } from 'node:test'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { CarrierFailed, CarrierRefused } from '../../src/delivery/port.ts'
import type { Carrier } from '../../src/delivery/port.ts'
import { twilioCarrier } from '../../src/delivery/twilio.ts'
import { webhookCarrier } from '../../src/delivery/webhook.ts'
import { makeCertificates } from '../support/certificates.ts'
import { startProvider } from './provider.ts'
import { text } from './readable.ts'

const letter = text({ template: 'code', code: { digits: '012345', minutes: 10 } })
const account = { accountSid: 'AC01', authToken: 'a token', from: '+15005550006' }
const secret = 'a secret for tests only'
const clock = () => new Date('2026-11-24T14:05:00.900Z')
const certificates = makeCertificates()
setDefaultCACertificates([...getCACertificates('default'), certificates.ca])

const twilio = (apiUrl: string, from = account.from) => twilioCarrier({ ...account, from, apiUrl })
const webhook = (url: string) => webhookCarrier({ url: `${url}/texts`, secret }, clock)
const send = (carrier: Carrier) => carrier.send(letter, AbortSignal.timeout(5000))

test('Twilio gets number, sender and text as a form, under the account', async () => {
  const { url, requests } = await startProvider({ status: 201, json: { sid: 'SM7' } })
  assert.deepEqual(await send(twilio(url)), { reference: 'SM7' })
  const [request] = requests
  assert.equal(`${request?.method} ${request?.url}`, 'POST /2010-04-01/Accounts/AC01/Messages.json')
  const login = Buffer.from('AC01:a token').toString('base64')
  assert.equal(request?.headers.authorization, `Basic ${login}`)
  assert.deepEqual(Object.fromEntries(new URLSearchParams(request.body)), {
    To: letter.to,
    From: account.from,
    Body: letter.body,
  })
})

test('Twilio is told a messaging service as such', async () => {
  const { url, requests } = await startProvider({ status: 201, json: { sid: 'SM7' } })
  await send(twilio(`${url}/`, 'MG0123'))
  const form = new URLSearchParams(requests[0]?.body)
  assert.equal(form.get('MessagingServiceSid'), 'MG0123')
  assert.equal(form.has('From'), false)
})

test('what Twilio will never take is refused for good', async () => {
  for (const code of [21211, 21214, 21408, 21610, 21612, 21614]) {
    const { url } = await startProvider({ status: 400, json: { code, message: `To ${letter.to}` } })
    const error = await send(twilio(url)).catch((thrown: Error) => thrown)
    assert.ok(error instanceof CarrierRefused)
    assert.equal(error.message, `400-${code}`)
  }
})

test('what Twilio does not take now may be tried again', async () => {
  for (const [status, code] of [
    [401, 20003],
    [429, 20429],
    [500, 20500],
    [503, 0],
    [400, 21606],
  ]) {
    const { url } = await startProvider({ status: status ?? 0, json: { code } })
    await assert.rejects(send(twilio(url)), CarrierFailed)
  }
})

test('the webhook gets a signed text with an id of its own', async () => {
  const { url, requests } = await startProvider({ status: 202, json: { id: 'abc' } })
  assert.deepEqual(await send(webhook(url)), { reference: 'abc' })
  const [request] = requests
  assert.deepEqual(JSON.parse(request?.body ?? ''), {
    to: letter.to,
    body: letter.body,
    id: letter.id,
  })
  const time = Date.parse('2026-11-24T14:05:00Z') / 1000
  const signature = createHmac('sha256', secret).update(`${time}.${request?.body}`).digest('hex')
  assert.equal(request?.headers['twostep-signature'], `t=${time},v1=${signature}`)
  assert.equal(request.headers['content-type'], 'application/json')
})

test('the webhook refuses for good with 422 and needs no reply in words', async () => {
  await assert.rejects(send(webhook((await startProvider({ status: 422 })).url)), CarrierRefused)
  await assert.rejects(send(webhook((await startProvider({ status: 404 })).url)), CarrierFailed)
  assert.deepEqual(await send(webhook((await startProvider({ status: 204 })).url)), {
    reference: null,
  })
})

for (const [name, carrier] of Object.entries({ twilio, webhook })) {
  test(`CRY-04: ${name} does not follow a redirect`, async () => {
    const other = await startProvider({ status: 201 })
    for (const status of [301, 302, 303, 307, 308]) {
      const { url, requests } = await startProvider({ status, location: `${other.url}/` })
      const error = await send(carrier(url)).catch((thrown: Error) => thrown)
      assert.ok(error instanceof CarrierFailed)
      assert.equal(error.message, 'redirect')
      assert.equal(requests.length, 1)
    }
    assert.deepEqual(other.requests, [])
  })

  test(`CRY-04: ${name} refuses a self-signed certificate and one for another name`, async () => {
    const trusted = await startProvider({ status: 201 }, certificates.trusted)
    const selfSigned = await startProvider({ status: 201 }, certificates.selfSigned)
    await send(carrier(trusted.url))
    assert.equal(trusted.requests.length, 1)
    await assert.rejects(send(carrier(selfSigned.url)), CarrierFailed)
    await assert.rejects(send(carrier(trusted.url.replace('127.0.0.1', '0.0.0.0'))), CarrierFailed)
    assert.equal(trusted.requests.length + selfSigned.requests.length, 1)
  })

  test(`CRY-04: ${name} speaks plain http to this machine only`, () => {
    for (const host of ['api.example.com', '127.0.0.1.example.com', '192.0.2.7', '0.0.0.0']) {
      assert.throws(() => carrier(`http://${host}`), /https only/)
    }
    carrier('http://[::1]:8080')
    carrier('http://localhost:8080')
  })

  test(`AUD-02: ${name} complains without number, text or login`, async () => {
    const { url } = await startProvider({
      status: 500,
      json: { message: `${letter.to} ${letter.body}` },
    })
    await assert.rejects(send(carrier(url)), /^CarrierFailed: 500$/)
    await assert.rejects(send(carrier('http://127.0.0.1:1')), /^CarrierFailed: (network|E[A-Z]+)$/)
  })
}

/** The stand-in for the carriers answers as they document it. */
import assert from 'node:assert/strict'
import { createHmac } from 'node:crypto'
import { after, test } from 'node:test'
import { startTextGateway, type TextGateway } from './text-gateway.ts'

const form = { To: '+447700900123', From: '+447700900000', Body: 'Your code is 123456' }

function toTwilio(gateway: TextGateway, fields: Record<string, string>, token?: string) {
  const { accountSid, authToken, twilioUrl } = gateway
  const login = Buffer.from(`${accountSid}:${token ?? authToken}`).toString('base64')
  return fetch(`${twilioUrl}/2010-04-01/Accounts/${accountSid}/Messages.json`, {
    method: 'POST',
    headers: { authorization: `Basic ${login}` },
    body: new URLSearchParams(fields),
  })
}

test('Twilio queues a text', async () => {
  const gateway = await startTextGateway()
  after(gateway.stop)
  const reply = await toTwilio(gateway, form)
  assert.equal(reply.status, 201)
  const { sid, status, error_code } = (await reply.json()) as Record<string, unknown>
  assert.deepEqual([status, error_code], ['queued', null])
  assert.match(String(sid), /^SM[0-9a-f]{32}$/)
  assert.deepEqual(gateway.texts, [
    {
      by: 'twilio',
      to: form.To,
      from: form.From,
      body: form.Body,
      messageId: null,
      reference: sid,
    },
  ])
})

test('Twilio refuses with its error codes and keeps nothing then', async () => {
  const gateway = await startTextGateway()
  after(gateway.stop)
  const code = async (fields: Record<string, string>, token?: string) => {
    const reply = await toTwilio(gateway, fields, token)
    const json = (await reply.json()) as { code: number; status: number }
    assert.equal(json.status, reply.status)
    return [reply.status, json.code]
  }
  assert.deepEqual(await code(form, 'wrong'), [401, 20003])
  assert.deepEqual(await code({ ...form, To: '12345' }), [400, 21211])
  assert.deepEqual(await code({ ...form, Body: '' }), [400, 21602])
  assert.deepEqual(await code({ ...form, From: '' }), [400, 21603])
  gateway.setFailing('invalid-number')
  assert.deepEqual(await code(form), [400, 21211])
  gateway.setFailing('too-many')
  assert.deepEqual(await code(form), [429, 20429])
  gateway.setFailing('broken')
  assert.deepEqual(await code(form), [500, 20500])
  gateway.setFailing('drop')
  await assert.rejects(toTwilio(gateway, form))
  assert.deepEqual(gateway.texts, [])
})

function toWebhook(gateway: TextGateway, body: string, signature: string) {
  return fetch(gateway.webhookUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'twostep-signature': signature },
    body,
  })
}

function sign(secret: string, body: string): string {
  return `t=1800000000,v1=${createHmac('sha256', secret).update(`1800000000.${body}`).digest('hex')}`
}

test('the webhook takes a signed text', async () => {
  const gateway = await startTextGateway()
  after(gateway.stop)
  const body = JSON.stringify({ to: form.To, body: form.Body, id: 'message-1' })
  const reply = await toWebhook(gateway, body, sign(gateway.webhookSecret, body))
  assert.equal(reply.status, 200)
  const { id } = (await reply.json()) as { id: string }
  const text = await gateway.waitFor(({ by }) => by === 'webhook')
  assert.deepEqual([text.to, text.body], [form.To, form.Body])
  assert.deepEqual([text.messageId, text.reference], ['message-1', id])
})

test('the webhook refuses a text that is altered, unsigned or not one', async () => {
  const gateway = await startTextGateway()
  after(gateway.stop)
  const body = JSON.stringify({ to: form.To, body: form.Body, id: 'message-1' })
  const signature = sign(gateway.webhookSecret, body)
  const altered = body.replace('123456', '654321')
  assert.equal((await toWebhook(gateway, altered, signature)).status, 401)
  assert.equal((await toWebhook(gateway, body, sign('another', body))).status, 401)
  assert.equal((await toWebhook(gateway, body, '')).status, 401)
  assert.equal((await toWebhook(gateway, '[]', sign(gateway.webhookSecret, '[]'))).status, 400)
  gateway.setFailing('invalid-number')
  assert.equal((await toWebhook(gateway, body, signature)).status, 422)
  assert.deepEqual(gateway.texts, [])
})

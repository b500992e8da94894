import { createHmac, createSecretKey } from 'node:crypto'
import { endpoint, post } from './endpoint.ts'
import { CarrierFailed, CarrierRefused } from './port.ts'
import type { Carrier } from './port.ts'

/**
 * Texts by a server of the operator's own: POST of `{"to", "body", "id"}` as JSON. `id` is the same
 * at every try of one message. The header `twostep-signature: t=<unix seconds>,v1=<hex>` carries
 * HMAC-SHA-256, under the secret, of `t`, a full stop and the body.
 * 2xx takes it (an `id` in the reply is kept as reference), 422 refuses it for good, all else is
 * tried again.
 */
export function webhookCarrier(
  webhook: { readonly url: string; readonly secret: string },
  clock: () => Date,
): Carrier {
  const url = endpoint(webhook.url)
  const key = createSecretKey(webhook.secret, 'utf8')
  return {
    name: 'webhook',
    channel: 'text',
    async send(letter, signal) {
      if (letter.channel !== 'text') throw new CarrierRefused('not-a-text')
      const body = JSON.stringify({ to: letter.to, body: letter.body, id: letter.id })
      const time = Math.floor(clock().getTime() / 1000)
      const signature = createHmac('sha256', key).update(`${time}.${body}`).digest('hex')
      const headers = {
        'content-type': 'application/json',
        'twostep-signature': `t=${time},v1=${signature}`,
      }
      const { status, fields } = await post(url, headers, body, signal)
      if (status === 422) throw new CarrierRefused('422')
      if (status < 200 || status >= 300) throw new CarrierFailed(String(status))
      return { reference: typeof fields['id'] === 'string' ? fields['id'] : null }
    },
  }
}

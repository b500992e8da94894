import { endpoint, post } from './endpoint.ts'
import type { Reply } from './endpoint.ts'
import { CarrierFailed, CarrierRefused } from './port.ts'
import type { Carrier } from './port.ts'

/**
 * Twilio's error codes that stay as they are however often one tries: not a number, not a mobile,
 * a country not allowed, a person who opted out, no route.
 */
const forGood = new Set([21211, 21214, 21408, 21610, 21612, 21614])

/**
 * Texts by Twilio's Messages resource. `from` is a number, a sender name, or the SID of a messaging
 * service ("MG…"). `apiUrl` is https://api.twilio.com or the region's own.
 */
export function twilioCarrier(account: {
  readonly accountSid: string
  readonly authToken: string
  readonly from: string
  readonly apiUrl: string
}): Carrier {
  const sid = encodeURIComponent(account.accountSid)
  const base = account.apiUrl.replace(/\/+$/, '')
  const url = endpoint(`${base}/2010-04-01/Accounts/${sid}/Messages.json`)
  const login = Buffer.from(`${account.accountSid}:${account.authToken}`).toString('base64')
  const headers = {
    authorization: `Basic ${login}`,
    'content-type': 'application/x-www-form-urlencoded',
  }
  const sender = account.from.startsWith('MG') ? 'MessagingServiceSid' : 'From'
  return {
    name: 'twilio',
    channel: 'text',
    async send(letter, signal) {
      if (letter.channel !== 'text') throw new CarrierRefused('not-a-text')
      const form = new URLSearchParams({
        To: letter.to,
        [sender]: account.from,
        Body: letter.body,
      })
      return readReply(await post(url, headers, form.toString(), signal))
    },
  }
}

function readReply({ status, fields }: Reply): { reference: string | null } {
  const { sid, code } = fields
  if (status >= 200 && status < 300) return { reference: typeof sid === 'string' ? sid : null }
  const word = typeof code === 'number' ? `${status}-${code}` : String(status)
  if (typeof code === 'number' && forGood.has(code)) throw new CarrierRefused(word)
  throw new CarrierFailed(word)
}

/**
 * Twilio's Messages endpoint, as its documentation describes it
 * (https://www.twilio.com/docs/messaging/api/message-resource and /docs/api/errors).
 */
import { randomUUID } from 'node:crypto'
import type { Call, Reply } from './text.ts'

const e164 = /^\+[1-9]\d{6,14}$/

const errors = {
  authenticate: [401, 20003, 'Authenticate'],
  notFound: [404, 20404, 'The requested resource was not found'],
  tooMany: [429, 20429, 'Too Many Requests'],
  broken: [500, 20500, 'An internal server error has occurred'],
  noBody: [400, 21602, 'Message body is required.'],
  noFrom: [400, 21603, "A 'From' phone number is required."],
  noTo: [400, 21604, "A 'To' phone number is required."],
  badTo: [400, 21211, "The 'To' number is not a valid phone number."],
  tooLong: [400, 21617, 'The concatenated message body exceeds the 1600 character limit.'],
} as const

/** Takes a text: 201 with status "queued". Or refuses it as Twilio does, with its error code. */
export function twilioReply(call: Call): Reply {
  const form = formOf(call)
  const wrong = accountProblem(call) ?? setFailure(call) ?? formProblem(form)
  if (wrong) return refusal(wrong)
  const sid = `SM${randomUUID().replaceAll('-', '')}`
  const text = {
    by: 'twilio' as const,
    to: form.get('To') ?? '',
    from: form.get('From') ?? form.get('MessagingServiceSid'),
    body: form.get('Body') ?? '',
    messageId: null,
    reference: sid,
  }
  return { status: 201, text, json: messageResource(call.secrets.accountSid, sid, form) }
}

function formOf({ headers, body }: Call): URLSearchParams {
  const isForm = headers['content-type']?.startsWith('application/x-www-form-urlencoded')
  return new URLSearchParams(isForm ? body.toString() : '')
}

function accountProblem({ path, headers, secrets }: Call): keyof typeof errors | null {
  const { accountSid, authToken } = secrets
  const login = Buffer.from(`${accountSid}:${authToken}`).toString('base64')
  if (headers.authorization !== `Basic ${login}`) return 'authenticate'
  return path === `POST /2010-04-01/Accounts/${accountSid}/Messages.json` ? null : 'notFound'
}

function setFailure({ failing }: Call): keyof typeof errors | null {
  const means = {
    off: null,
    'invalid-number': 'badTo',
    unauthorised: 'authenticate',
    'too-many': 'tooMany',
    broken: 'broken',
  } as const
  return means[failing]
}

function formProblem(form: URLSearchParams): keyof typeof errors | null {
  const to = form.get('To')
  const body = form.get('Body')
  if (!to) return 'noTo'
  if (!e164.test(to)) return 'badTo'
  if (!form.get('From') && !form.get('MessagingServiceSid')) return 'noFrom'
  if (!body) return 'noBody'
  return body.length > 1600 ? 'tooLong' : null
}

function refusal(problem: keyof typeof errors): Reply {
  const [status, code, message] = errors[problem]
  const more_info = `https://www.twilio.com/docs/errors/${code}`
  return { status, json: { code, message, more_info, status } }
}

function messageResource(accountSid: string, sid: string, form: URLSearchParams): object {
  const uri = `/2010-04-01/Accounts/${accountSid}/Messages/${sid}`
  const now = new Date(Date.now()).toUTCString().replace('GMT', '+0000')
  return {
    account_sid: accountSid,
    api_version: '2010-04-01',
    body: form.get('Body'),
    date_created: now,
    date_sent: null,
    date_updated: now,
    direction: 'outbound-api',
    error_code: null,
    error_message: null,
    from: form.get('From'),
    messaging_service_sid: form.get('MessagingServiceSid'),
    num_media: '0',
    num_segments: '1',
    price: null,
    price_unit: null,
    sid,
    status: 'queued',
    subresource_uris: { media: `${uri}/Media.json` },
    to: form.get('To'),
    uri: `${uri}.json`,
  }
}

import { isIP } from 'node:net'
import type { Config } from '../config.ts'
import { cut, segmentCharacters, toGsm } from './gsm.ts'
import { mailLetter } from './mail.ts'
import type { Ready } from './messages.ts'
import type { Letter } from './port.ts'
import { minutesInWords, plain, said } from './words.ts'

/** What a code is for, where the challenge does not name the action itself. */
const actions: Readonly<Record<string, string>> = {
  'sign-in': 'sign in',
  reset: 'choose a new password',
  'step-up': 'confirm that it’s you',
  'set-up': 'turn on two-step verification',
  'new-number': 'use this number from now on',
  case: 'get back into your account',
  mailbox: 'set up two-step verification',
}

/** What it means, and what to do, when the owner did not ask for a code that came by mail. */
const unasked: Readonly<Record<string, string>> = {
  'step-up':
    'If you did not ask for it, somebody may be in your account: sign in, end all other sessions and change your password.',
  case: 'If you did not ask for it, somebody else may read your mail: secure your mailbox, then sign in with your second step. That stops the request to get into your account.',
}

/**
 * The message with a verification code: product name, code, what it is for, how long it lives and
 * a warning; no link and nothing personal (CODE-07). The subject holds no code.
 */
export function codeLetter(ready: Ready, config: Config): Letter {
  if (ready.code === null) throw new Error('a code message needs its code')
  const { purpose, action } = ready.parameters
  const words = typeof action === 'string' ? said(action) : (actions[String(purpose)] ?? 'go on')
  const facts = { ...ready.code, action: words }
  if (ready.channel === 'mail') return codeMail(ready, facts, config)
  return {
    id: ready.id,
    channel: 'text',
    to: ready.destination,
    body: codeText({ ...facts, product: plain(config.productName), baseUrl: config.baseUrl }),
  }
}

type Facts = { readonly digits: string; readonly minutes: number; readonly action: string }

/* The most of the product's name and of the action, and the noun; the first that fits is taken. */
const measures = [
  [40, 70, 'verification code'],
  [24, 40, 'verification code'],
  [12, 24, 'verification code'],
  [12, 24, 'code'],
] as const

/**
 * The text message: one segment of 160 GSM characters, ending with the origin-bound line (SMS-05).
 * A long product name or action is cut; only a host that leaves no room for them is left out.
 */
export function codeText(facts: Facts & { product: string; baseUrl: string }): string {
  const bound = originLine(facts.baseUrl, facts.digits)
  const product = toGsm(facts.product)
  const action = toGsm(facts.action)
  const texts = [bound, ''].flatMap((line) =>
    measures.map(([productMax, actionMax, noun]) => {
      const name = cut(product, productMax)
      const what = cut(action, actionMax)
      const { digits, minutes } = facts
      const sense = `${digits} is your ${noun} to ${what}. Valid ${minutes} min. Never share it.`
      return `${name ? `${name}: ` : ''}${sense}${line}`
    }),
  )
  const text = texts.find((each) => each.length <= segmentCharacters)
  if (text === undefined) throw new Error('no measure of a code text fits one segment')
  return text
}

/**
 * The last line that binds a code to our host: `@host #code`, the host without scheme, port or path
 * (SMSOTC, authoring). Nothing when the host is an IP address or a bare name.
 */
function originLine(baseUrl: string, digits: string): string {
  const host = new URL(baseUrl).hostname
  const bare = !host.includes('.') || host.startsWith('[') || isIP(host) !== 0
  return bare ? '' : `\n\n@${host} #${digits}`
}

function codeMail(ready: Ready, facts: Facts, config: Config): Letter {
  const lifetime = minutesInWords(facts.minutes)
  return mailLetter(
    {
      id: ready.id,
      to: ready.destination,
      subject: `Your ${plain(config.productName)} verification code`,
      title: 'Your verification code',
      support: false,
      blocks: [
        { is: 'paragraph', text: `Enter this verification code to ${facts.action}:` },
        { is: 'code', code: facts.digits },
        {
          is: 'paragraph',
          text: `It is valid for ${lifetime}. Never share it; we never ask for it.`,
        },
        {
          is: 'paragraph',
          text:
            unasked[String(ready.parameters['purpose'])] ??
            'If you did not ask for it, somebody may know your password: sign in and change it.',
        },
      ],
    },
    config,
  )
}

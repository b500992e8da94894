import type { Config } from '../config.ts'
import { cut, segmentCharacters, toGsm } from './gsm.ts'
import { linkAddress } from './links.ts'
import { mailLetter } from './mail.ts'
import type { Block } from './mail-html.ts'
import type { Ready } from './messages.ts'
import type { NoticeEvent } from './outbox.ts'
import type { Letter } from './port.ts'
import { operatorNotices } from './operator-notices.ts'
import { momentInWords, plain, said } from './words.ts'

/** What a notice's sentences are filled with, already made harmless. */
export type Filled = Readonly<
  Record<'method' | 'number' | 'left' | 'codes' | 'team' | 'reason', string>
>

export type Words = {
  readonly title: string
  readonly what: (filled: Filled) => string
  readonly advice?: string
  /** What to do about it, where that is not to call somebody else's act one's own or not. */
  readonly objection?: string
}

const newPassword =
  'If it was not you, somebody else knows your password: change it now, to one you use nowhere else.'

/** Every notice of a change or a danger, as its person reads it (NTF-01, NTF-03). */
const notices: Readonly<Record<NoticeEvent, Words>> = {
  'account-created': {
    title: 'Your account was created',
    what: () => 'An account was made with this email address.',
  },
  'password-changed': {
    title: 'Your password was changed',
    what: () =>
      'Your account has a new password. Everybody who was signed in elsewhere was signed out.',
  },
  'password-reset': {
    title: 'Your password was reset',
    what: () =>
      'A new password was chosen with a link that we sent to this address. Everybody was signed out.',
    advice:
      'If it was not you, somebody else can read your mail: secure your mailbox first, then choose a new password here.',
  },
  'method-added': {
    title: 'A two-step method was turned on',
    what: ({ method, codes }) => `${method} can now be used to sign in to your account.${codes}`,
  },
  'method-removed': {
    title: 'A two-step method was turned off',
    what: ({ method }) => `${method} can no longer be used to sign in to your account.`,
  },
  'method-locked': {
    title: 'A two-step method was locked',
    what: ({ method }) => `${method} was switched off after too many wrong codes.`,
    advice: newPassword,
  },
  'profile-phone-changed': {
    title: 'The phone number in your profile was changed',
    what: () =>
      'Your profile has another phone number. Verification codes keep going where they went until you change that on the Security page.',
  },
  'number-changed': {
    title: 'The number for your codes was changed',
    what: ({ number }) => `Verification codes now go to the number ${number}.`,
  },
  'recovery-codes-made': {
    title: 'New recovery codes were made',
    what: () => 'A new set of recovery codes was made. The codes before it no longer work.',
  },
  'recovery-code-used': {
    title: 'A recovery code was used',
    what: ({ left }) => `Somebody signed in to your account with a recovery code${left}.`,
  },
  'device-trusted': {
    title: 'A device was remembered',
    what: () => 'This browser will not be asked for a code for a while when it signs in.',
  },
  'device-theft': {
    title: 'A trusted device may have been copied',
    what: () =>
      'An old copy of a trusted device’s cookie came back. We removed the device; it is asked for a code again.',
    advice:
      'If you cannot explain this, change your password and check that device for unwanted software.',
  },
  'second-step-failed': {
    title: 'A sign-in with your password was stopped',
    what: () => 'The right password was given, then too many wrong codes. Nobody was let in.',
    advice: newPassword,
  },
  ...operatorNotices,
}

/**
 * A notice: what, when, which browser and from where, and what to do if it was not you (NTF-03).
 * It holds no code, no secret and no link that signs in. By text: the same in one segment.
 */
export function noticeLetter(ready: Ready, config: Config): Letter {
  const { event, ...details } = ready.parameters
  const words = notices[String(event) as NoticeEvent]
  if (words === undefined) throw new Error('this notice has no words')
  if (ready.channel === 'text') return noticeText(ready, words, config)
  const product = plain(config.productName)
  return mailLetter(
    {
      id: ready.id,
      to: ready.destination,
      subject: `${product}: ${words.title}`,
      title: words.title,
      support: true,
      blocks: [
        { is: 'paragraph', text: words.what(filled(details)) },
        { is: 'facts', rows: circumstances(ready) },
        ...(words.advice ? [{ is: 'paragraph', text: words.advice } as const] : []),
        ...objection(ready, words, config),
      ],
    },
    config,
  )
}

function filled(details: Readonly<Record<string, unknown>>): Filled {
  const { method, number, left, codes, team, reason } = details
  return {
    method: typeof method === 'string' ? said(method) : 'A method',
    number: typeof number === 'string' ? said(number) : 'in your profile',
    left: typeof left === 'number' ? `; ${left} are left` : '',
    codes: typeof codes === 'number' ? ` With it, ${codes} recovery codes were made.` : '',
    team: typeof team === 'string' ? said(team) : 'of yours',
    reason: typeof reason === 'string' ? said(reason, 200) : 'none given',
  }
}

function circumstances(ready: Ready): (readonly [string, string])[] {
  const { browser, source } = ready.parameters
  return [
    ['When', momentInWords(ready.created_at)],
    ['Browser', typeof browser === 'string' && browser !== '' ? said(browser) : 'unknown'],
    ['From', typeof source === 'string' && source !== '' ? said(source) : 'unknown'],
  ]
}

function objection(ready: Ready, words: Words, config: Config): Block[] {
  if (words.objection !== undefined) {
    const end = ready.token === null ? [] : [notMeButton(ready.token, config)]
    return [{ is: 'paragraph', text: words.objection }, ...end]
  }
  const text = 'If this was you, you need not do anything.'
  if (ready.token === null) {
    const advice = 'If it was not, sign in, end all other sessions and change your password.'
    return [{ is: 'paragraph', text: `${text} ${advice}` }]
  }
  const advice = 'If it was not, open this page: it ends every session and helps you on.'
  return [{ is: 'paragraph', text: `${text} ${advice}` }, notMeButton(ready.token, config)]
}

function notMeButton(token: string, config: Config): Block {
  const href = linkAddress(config.baseUrl, 'not-me', token)
  return { is: 'button', label: 'This was not me', href }
}

function noticeText(ready: Ready, words: Words, config: Config): Letter {
  const product = cut(toGsm(plain(config.productName)), 30)
  const start = `${product}: ${toGsm(words.title)}. Not you? Change your password now`
  const contact = toGsm(plain(config.supportEmail ?? '', 60))
  const whole = `${start} and write to ${contact}.`
  const body = contact !== '' && whole.length <= segmentCharacters ? whole : `${start}.`
  return { id: ready.id, channel: 'text', to: ready.destination, body }
}

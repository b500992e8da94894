import { limits } from '../config.ts'
import type { Config } from '../config.ts'
import { cut, segmentCharacters, toGsm } from './gsm.ts'
import { linkAddress } from './links.ts'
import { mailLetter } from './mail.ts'
import type { Block } from './mail-html.ts'
import type { Ready } from './messages.ts'
import { notices } from './notice-words.ts'
import type { Filled, Words } from './notice-words.ts'
import type { NoticeEvent } from './notice-events.ts'
import type { Letter } from './port.ts'
import { momentInWords, plain, said } from './words.ts'

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
  const { method, number, address, left, use, codes, team, by, member, reason, until, role, key } =
    details
  const text = (value: unknown, otherwise: string, max = 80) =>
    typeof value === 'string' ? said(value, max) : otherwise
  return {
    method: typeof method === 'string' ? said(method) : 'A method',
    number: typeof number === 'string' ? said(number) : 'in your profile',
    address: typeof address === 'string' ? said(address) : 'another address',
    left: typeof left === 'number' ? ` ${codesLeft(left)}` : '',
    use: uses[String(use)] ?? 'in place of a verification code',
    codes: typeof codes === 'number' ? ` With it, ${codes} recovery codes were made.` : '',
    team: text(team, 'of yours'),
    by: text(by, 'An administrator'),
    member: text(member, 'somebody'),
    reason: text(reason, 'none', limits.reasonCharactersMax),
    until: text(until, 'further notice'),
    role: text(role, 'member'),
    key: text(key, ''),
  }
}

/** What a recovery code was used for. */
const uses: Readonly<Record<string, string>> = {
  'sign-in': 'to sign in to your account, after the right password',
  'step-up': 'to confirm a change in your account, after the right password',
  reset: 'to choose a new password by a link that we mailed to you',
}

function codesLeft(left: number): string {
  if (left === 0) return 'None is left: make a new set now.'
  return left === 1 ? 'One is left: make a new set while you can.' : `${left} are left.`
}

function circumstances(ready: Ready): (readonly [string, string])[] {
  const { browser, source, at } = ready.parameters
  return [
    ['When', momentInWords(typeof at === 'string' ? new Date(at) : ready.created_at)],
    ['Browser', typeof browser === 'string' && browser !== '' ? said(browser) : 'unknown'],
    ['From', typeof source === 'string' && source !== '' ? said(source) : 'unknown'],
  ]
}

function objection(ready: Ready, words: Words, config: Config): Block[] {
  const { byAdmin } = words
  if (words.objection !== undefined) {
    const end = ready.token === null ? [] : [notMeButton(ready.token, 'This was not me', config)]
    return [{ is: 'paragraph', text: words.objection }, ...end]
  }
  const text = byAdmin
    ? 'If you expected this, all is well.'
    : 'If this was you, you need not do anything.'
  if (ready.token === null) {
    const advice = byAdmin
      ? 'If not, ask the administrators of your team.'
      : 'If it was not, sign in, end all other sessions and change your password.'
    return [{ is: 'paragraph', text: `${text} ${advice}` }]
  }
  const advice = byAdmin
    ? 'If not, ask the administrators of your team. Should something be wrong with your account, open this page: it ends every session and helps you on.'
    : 'If it was not, open this page: it ends every session and helps you on.'
  const label = byAdmin ? 'Something is wrong' : 'This was not me'
  return [{ is: 'paragraph', text: `${text} ${advice}` }, notMeButton(ready.token, label, config)]
}

function notMeButton(token: string, label: string, config: Config): Block {
  return { is: 'button', label, href: linkAddress(config.baseUrl, 'not-me', token) }
}

function noticeText(ready: Ready, words: Words, config: Config): Letter {
  const product = cut(toGsm(plain(config.productName)), 30)
  const start = `${product}: ${toGsm(words.title)}. Not you? Change your password now`
  const contact = toGsm(plain(config.supportEmail ?? '', 60))
  const whole = `${start} and write to ${contact}.`
  const body = contact !== '' && whole.length <= segmentCharacters ? whole : `${start}.`
  return { id: ready.id, channel: 'text', to: ready.destination, body }
}

import { limits } from '../config.ts'
import type { Config } from '../config.ts'
import { linkAddress } from './links.ts'
import { mailLetter } from './mail.ts'
import type { Block } from './mail-html.ts'
import type { Ready } from './messages.ts'
import type { Letter } from './port.ts'
import { momentInWords, plain, said } from './words.ts'

/** What became of a support recovery, as every address of its account reads it (REC-04). */
const stages = {
  asked: {
    title: 'Somebody asked to get back into your account',
    what: 'Somebody, most likely you, says that they can’t use their second step any more, and asks support for help. Nothing has changed: your methods work as before.',
    next: 'If it was you, open this page: we mail a code to your account’s own address, and you enter it there. Support then makes sure that it’s you, and a waiting time runs.',
  },
  'asked-again': {
    title: 'Your request to get back in is open',
    what: 'Somebody, most likely you, asked again for support’s help to get back into your account. There is a request already; nothing else was begun, and nothing has changed.',
    next: 'If it was you, open this page to see how far it is.',
  },
  approved: {
    title: 'A recovery of your account was approved',
    what: 'Support is satisfied that it was you who asked. Nothing has changed yet: your methods work as before.',
    next: 'When the waiting time is over, we mail you a link with which you set up a new method.',
  },
} as const

/** Why a recovery ended without coming to anything. */
const ends: Readonly<Record<string, string>> = {
  'signed-in':
    'Somebody signed in with your second step, so the request to get back in by support’s help was stopped.',
  'account-changed':
    'Your account was changed, or “this was not me” was reported, so the request to get back in was stopped.',
  'manages-others':
    'Your account has come to manage others since the request was approved. That takes a second approval, so the request was stopped. Please ask again.',
  'stopped-by-mail': 'The request was stopped by the link in one of our mails about it.',
  'stopped-in-session': 'The request was stopped by somebody who is signed in to your account.',
  'stopped-by-support': 'Support stopped the request.',
  declined: 'Support could not make sure that it was you who asked.',
  expired: 'The request was open for too long, so it ended by itself.',
}

/** The mail about a case: what happened, what comes next, and how to object (REC-04, NTF-03). */
export function caseLetter(ready: Ready, config: Config): Letter {
  const { event } = ready.parameters
  const stage = Object.hasOwn(stages, String(event)) ? stages[event as keyof typeof stages] : null
  const title = stage?.title ?? 'The recovery of your account was stopped'
  const blocks: readonly Block[] = stage === null ? stoppedBlocks(ready) : openBlocks(ready, stage)
  return mailLetter(
    {
      id: ready.id,
      to: ready.destination,
      subject: `${plain(config.productName)}: ${title}`,
      title,
      support: true,
      blocks: [...blocks, ...objection(ready, config)],
    },
    config,
  )
}

function openBlocks(ready: Ready, stage: (typeof stages)[keyof typeof stages]): Block[] {
  return [
    { is: 'paragraph', text: stage.what },
    { is: 'facts', rows: facts(ready) },
    { is: 'paragraph', text: stage.next },
  ]
}

function stoppedBlocks(ready: Ready): Block[] {
  const why = ends[String(ready.parameters['how'])] ?? 'The request has ended.'
  const next =
    'Nothing has changed: your methods work as before. If you did not stop it and can’t get in, ask again. If you never asked, somebody else did: write to support, and choose a new password if they may know yours.'
  return [
    { is: 'paragraph', text: why },
    { is: 'facts', rows: facts(ready) },
    { is: 'paragraph', text: next },
  ]
}

function facts({ created_at, parameters }: Ready): (readonly [string, string])[] {
  const { browser, source, opens } = parameters
  const known = (value: unknown) => (typeof value === 'string' && value !== '' ? said(value) : null)
  return [
    ['When', momentInWords(created_at)],
    ...(known(browser) ? [['Browser', known(browser) ?? ''] as const] : []),
    ...(known(source) ? [['From', known(source) ?? ''] as const] : []),
    ...(typeof opens === 'string'
      ? [['Waiting until', momentInWords(new Date(opens))] as const]
      : []),
  ]
}

/** The page of the case stops it by its button alone (EML-04). */
function objection({ token }: Ready, config: Config): Block[] {
  if (token === null) return []
  return [
    {
      is: 'paragraph',
      text: 'If it was not you, open the page and stop it there. Signing in with your second step stops it, too.',
    },
    {
      is: 'button',
      label: 'See the request, or stop it',
      href: linkAddress(config.baseUrl, 'recovery-case', token),
    },
  ]
}

/** The mail with the link to a new method, after the wait (REC-05). */
export function recoverLetter(ready: Ready, config: Config): Letter {
  if (ready.token === null) throw new Error('a link goes out whole')
  return mailLetter(
    {
      id: ready.id,
      to: ready.destination,
      subject: `${plain(config.productName)}: set up a new method`,
      title: 'Set up a new method',
      support: true,
      blocks: [
        {
          is: 'paragraph',
          text: 'The waiting time is over. Open this link, give your password, and set up a new method for your second step. Have your phone at hand: nothing else opens before that is done.',
        },
        {
          is: 'button',
          label: 'Get back in',
          href: linkAddress(config.baseUrl, 'recover-account', ready.token),
        },
        {
          is: 'paragraph',
          text: `It works once, within ${limits.recoverLinkLifetimeHours} hours. If you did not ask for this, sign in with your second step: that stops it. Never pass this link on.`,
        },
      ],
    },
    config,
  )
}

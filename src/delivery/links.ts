import { limits } from '../config.ts'
import type { Config } from '../config.ts'
import { mailLetter } from './mail.ts'
import type { Ready } from './messages.ts'
import type { Letter } from './port.ts'
import { minutesInWords, plain } from './words.ts'

/** The purposes of links that go out by mail; each is also the first part of its path. */
export type LinkPurpose =
  | 'recovery-case'
  | 'recover-account'
  | 'sign-up'
  | 'verify-email'
  | 'not-me'
  | 'reset-password'
  | 'change-email'
  | 'notify-email'
  | 'invitation'

/** The address of a link, made from the configured base alone (EML-05). */
export function linkAddress(baseUrl: string, purpose: LinkPurpose, token: string): string {
  return `${baseUrl.replace(/\/+$/, '')}/${purpose}/${encodeURIComponent(token)}`
}

const day = `${limits.linkLifetimeHours} hours`

const words = {
  'sign-up': {
    subject: (product: string) => `Create your ${product} account`,
    title: 'Create your account',
    what: 'Open this link to confirm your email address and choose a password.',
    label: 'Create account',
    lifetime: day,
    otherwise: 'If you did not ask for an account, do nothing: none will be made.',
  },
  'verify-email': {
    subject: (product: string) => `Confirm your email address for ${product}`,
    title: 'Confirm your email address',
    what: 'Open this link to confirm that this address is yours.',
    label: 'Confirm address',
    lifetime: day,
    otherwise: 'If you did not ask for this, do nothing: the address stays unconfirmed.',
  },
  'change-email': {
    subject: (product: string) => `Confirm your new address for ${product}`,
    title: 'Confirm your new address',
    what: 'Somebody, most likely you, wants to sign in with this address from now on. Open this link to put it in force.',
    label: 'Use this address',
    lifetime: day,
    otherwise: 'If you did not ask for this, do nothing: nothing will change.',
  },
  'notify-email': {
    subject: (product: string) => `Get security notices of ${product} here?`,
    title: 'Get security notices here',
    what: 'Somebody, most likely you, wants security notices about their account to go to this address as well. Open this link to agree.',
    label: 'Send them here',
    lifetime: day,
    otherwise: 'If you did not expect this, do nothing: no more mail will come.',
  },
  'reset-password': {
    subject: (product: string) => `Choose a new ${product} password`,
    title: 'Choose a new password',
    what: 'Somebody, most likely you, said that they forgot their password. Open this link to choose a new one.',
    label: 'Choose a new password',
    lifetime: minutesInWords(limits.resetLinkLifetimeMinutes),
    otherwise:
      'If you did not ask for this, do nothing: your password stays as it is. Never pass this link on.',
  },
} as const

/** The mail with a single-use link: to sign up, to confirm an address, to choose a new password. */
export function linkLetter(ready: Ready, config: Config): Letter {
  const { template, token } = ready
  if (ready.channel !== 'mail' || token === null) throw new Error('a link goes out by mail, whole')
  if (!carriesLink(template)) throw new Error('not a link message')
  const say = words[template]
  const lifetime = `It works once, within ${say.lifetime}. ${say.otherwise}`
  return mailLetter(
    {
      id: ready.id,
      to: ready.destination,
      subject: say.subject(plain(config.productName)),
      title: say.title,
      support: true,
      blocks: [
        { is: 'paragraph', text: say.what },
        { is: 'button', label: say.label, href: linkAddress(config.baseUrl, template, token) },
        { is: 'paragraph', text: lifetime },
      ],
    },
    config,
  )
}

function carriesLink(template: string): template is keyof typeof words {
  return Object.hasOwn(words, template)
}

/** Tells the owner of an address that somebody tried to sign up with it (the same page for both). */
export function existingAccountLetter(ready: Ready, config: Config): Letter {
  if (ready.channel !== 'mail') throw new Error('this message goes out by mail')
  return mailLetter(
    {
      id: ready.id,
      to: ready.destination,
      subject: `You already have a ${plain(config.productName)} account`,
      title: 'You already have an account',
      support: true,
      blocks: [
        {
          is: 'paragraph',
          text: 'Somebody asked to sign up with this address. It has an account already, so nothing was changed.',
        },
        {
          is: 'paragraph',
          text: 'If that was you, sign in as usual. If it was not, you need not do anything.',
        },
      ],
    },
    config,
  )
}

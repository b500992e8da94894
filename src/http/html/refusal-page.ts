import { html } from 'hono/html'
import { reasons } from '../../reasons.ts'
import type { Reason, Refusal } from '../../reasons.ts'
import { linkButton } from './button.ts'
import { doorPage } from './door-page.ts'
import { places } from './places.ts'
import type { Html, View } from './view.ts'
import { waysOn } from './ways-on.ts'
import type { Who } from './who.ts'

type Way = { readonly href: string; readonly label: string }

const home: Way = { href: places.home, label: 'Go to Home' }
const signIn: Way = { href: '/sign-in', label: 'Sign in' }
const security: Way = { href: places.security, label: 'Security settings' }
const newLink: Way = { href: places.forgotPassword, label: 'Ask for a new link' }
const method: Way = { href: '/settings/security/set-up', label: 'Add a method' }
const help: Way = { href: places.help, label: 'Help' }

/** What the page is called where the status says too little. */
const byReason: Readonly<Partial<Record<Reason, string>>> = {
  'forgery-suspected': 'Let’s do that once more',
  'sign-up-closed': 'Accounts are by invitation',
  'sign-in-over': 'This sign-in has ended',
  'too-many-tries': 'This sign-in has ended',
  'reset-not-confirmed': 'Please confirm it’s you',
  'reset-over': 'This link no longer works',
  'too-many-tries-to-reset': 'This link no longer works',
  'step-over': 'This step has ended',
  'too-many-wrong-codes': 'This step has ended',
  'password-again': 'Your password once more, please',
  'recovery-codes-required': 'Your recovery codes are used up',
  'step-up-required': 'Please confirm it’s you',
  'method-locked': 'This method is switched off',
  'last-required-method': 'This method stays on for now',
  'phone-missing': 'A phone number is missing',
  'email-unverified': 'Your address isn’t confirmed yet',
  'invitation-over': 'This invitation has ended',
  'invitation-of-another': 'This invitation is for somebody else',
  'invitation-to-account': 'You have an account already',
  'too-many-sends': 'No more codes for now',
}

const byStatus: Readonly<Record<number, string>> = {
  401: 'Please sign in',
  403: 'That isn’t possible here',
  404: 'Page not found',
  405: 'This page can’t be opened this way',
  409: 'Something has changed',
  410: 'This link no longer works',
  413: 'That was too much at once',
  422: 'Please check that again',
  429: 'Please wait a little',
  500: 'Something went wrong',
  502: 'The code could not be sent',
  503: 'Please try again in a moment',
}

/**
 * The page of a refusal that has no page of its own: what happened (drawn by `doorPage` in its
 * region) and the ways on, for people signed in and not. Without a refusal it says "not found".
 */
export function refusalPage(view: View): Html {
  const refusal = sayable(view.refusal)
  const { reason } = refusal
  const heading = byReason[reason] ?? byStatus[reasons[reason][0]] ?? 'That did not work'
  const [first, ...others] = waysFrom(reason, view.account !== null)
  return doorPage(
    { ...view, refusal },
    {
      title: heading,
      heading,
      who: reason === 'invitation-of-another' ? signedInAs(view) : undefined,
      body: html`<div class="form-end">${linkButton({ ...first, look: 'primary' })}</div>
        ${waysOn(others)}`,
    },
  )
}

/** Who has to sign out first, with the way to do it. */
function signedInAs({ account }: View): Who | undefined {
  if (account === null) return undefined
  return { email: account.email, leave: places.signOut, leaveLabel: 'Sign out' }
}

/** "See the fields marked below" says nothing where no field is: there the address was wrong. */
function sayable(refusal: Refusal | null): Refusal {
  if (refusal !== null && refusal.reason !== 'bad-input') return refusal
  return { ok: false, reason: 'not-found' }
}

const furtherWays: Readonly<Partial<Record<Reason, readonly Way[]>>> = {
  'reset-over': [newLink],
  'too-many-tries-to-reset': [newLink],
  'last-required-method': [method],
}

/** Who is not known to be signed in may still be: Home finds out. */
function waysFrom(reason: Reason, signedIn: boolean): [Way, ...Way[]] {
  const more = furtherWays[reason] ?? []
  if (signedIn) return [home, ...more, security, help]
  const status = reasons[reason][0]
  return status === 401 || status === 410 ? [signIn, ...more, help] : [home, signIn, help]
}

import { html } from 'hono/html'
import type { IconName } from '../http/html/icon.ts'
import { places } from '../http/html/places.ts'
import type { Html } from '../http/html/view.ts'
import { masked } from '../http/html/words.ts'
import type { Choice } from './choices.ts'
import type { Offer } from './offers.ts'

type Sends = Offer['sends']

/** Said wherever methods are chosen (A6). */
export const appAdvice =
  'An authenticator app is more secure than SMS or email: its codes are made on your own device and never travel, so nobody can intercept them on the way.'

/** The drawing of a kind, by how its codes come. */
export function iconOf(sends: Sends): IconName {
  return ({ text: 'message', mail: 'mail', app: 'app' } as const)[sends ?? 'app']
}

/** "SMS codes", "Email codes", "Authenticator app". */
export function codesOf({ title, sends }: { title: string; sends: Sends }): string {
  return sends === null ? title : `${title} codes`
}

/** One more of a kind: "Another authenticator app". */
export function anotherOf({ title }: { title: string }): string {
  return `Another ${title.charAt(0).toLowerCase()}${title.slice(1)}`
}

/** The same inside a sentence: "SMS codes", "email codes", "your authenticator app". */
export function inSentence(kind: { title: string; sends: Sends }): string {
  const name = codesOf(kind)
  const lower = /^[A-Z][a-z]/.test(name) ? name.charAt(0).toLowerCase() + name.slice(1) : name
  return kind.sends === null ? `your ${lower}` : lower
}

/** Where the codes go: "Codes go to ••• ••• 23." */
export function destinationOf(offer: Pick<Offer, 'masked'>): Html | null {
  return offer.masked === null ? null : html`Codes go to ${masked(offer.masked)}.`
}

/** Why a method of one's own cannot be chosen now. */
export function whyClosed({ locked, forbidden_by }: Choice): string | undefined {
  if (locked) return 'Switched off after too many wrong codes.'
  return forbidden_by === null ? undefined : `${forbidden_by} does not allow this method.`
}

/** Why a kind cannot be set up now, and what helps. */
export function obstacle(
  why: NonNullable<Offer['why_not']>,
  team: string | null = null,
): { why: string; remedy: Html } {
  if (why !== 'forbidden-by-team') return obstacles[why]
  return { why: `${team} does not allow this method.`, remedy: html`Please choose another.` }
}

const obstacles = {
  'texts-not-set-up': {
    why: 'Text messages are not set up here.',
    remedy: html`Please choose another method.`,
  },
  'phone-missing': {
    why: 'Your profile has no phone number yet.',
    remedy: html`<a href="${places.profile}">Add it in your profile</a>`,
  },
  'email-unverified': {
    why: 'Your email address is not confirmed yet.',
    remedy: html`<a href="${places.profile}">Confirm it in your profile</a>`,
  },
  'already-on': {
    why: 'This is on already.',
    remedy: html`<a href="${places.security}">See your methods</a>`,
  },
  'not-in-recovery': {
    why: 'The link came by email, so codes by email would make your mailbox alone enough.',
    remedy: html`Please choose another.`,
  },
  'too-many': {
    why: 'You have as many methods as you can have.',
    remedy: html`<a href="${places.security}">Turn one off first</a>`,
  },
} as const

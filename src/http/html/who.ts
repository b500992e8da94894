import { html } from 'hono/html'
import { hiddenFields } from './form.ts'
import type { Html, View } from './view.ts'

/** The account in use at the door. `leave` takes a POST that closes this sign-in. */
export type Who = {
  readonly email: string
  readonly name?: string | undefined
  readonly leave: string
  /** "Not you?" by default; "Sign out" where the person is already in. */
  readonly leaveLabel?: string | undefined
}

/** Who is signing in, with the way out for somebody else. */
export function whoIsThis(view: View, who: Who): Html {
  return html`<div class="who">
    ${avatar(who.name ?? who.email)}<bdi class="who-email">${who.email}</bdi>
    <form class="action" method="post" action="${who.leave}">
      ${hiddenFields(view)}<button class="button link">${who.leaveLabel ?? 'Not you?'}</button>
    </form>
  </div>`
}

/** The initials of a name in a circle: the first letters of its first and last word. */
export function avatar(name: string): Html {
  return html`<span class="avatar" aria-hidden="true">${initials(name)}</span>`
}

/** Keeps letters apart that would run into one another, as Arabic ones do. */
const notJoined = '\u200C'

function initials(name: string): string {
  const words = (name.split('@')[0] ?? '').match(/[\p{L}\p{N}][\p{L}\p{N}\p{M}]*/gu) ?? []
  const ends = words.length > 1 ? [words[0], words.at(-1)] : words.slice(0, 1)
  const letters = ends.map((word) => [...(word ?? '')][0] ?? '')
  return letters.join(notJoined).toLocaleUpperCase('en')
}

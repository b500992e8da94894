import { html } from 'hono/html'
import { limits } from '../config.ts'
import { doorPage } from '../http/html/door-page.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { places } from '../http/html/places.ts'
import type { Html, View } from '../http/html/view.ts'
import { waysOn } from '../http/html/ways-on.ts'

const signIn = { href: '/sign-in', label: 'Back to sign-in' }

/** Asks for the address alone. */
export function forgotPage(view: View): Html {
  return doorPage(view, {
    title: 'Forgot password',
    heading: 'Forgot your password?',
    lead: 'We send a link to your email address; there you choose a new one.',
    focus: 'field',
    body: form(view, {
      action: places.forgotPassword,
      submit: 'Send me the link',
      body: field(view, {
        name: 'email',
        label: 'Email',
        type: 'email',
        autocomplete: 'username',
        dir: 'ltr',
        autofocus: true,
      }),
    }),
    footer: html`<p><a href="${signIn.href}">${signIn.label}</a></p>`,
  })
}

/** Says the same whether the address has an account or not (PW-08). */
export function askedPage(view: View, typed: string): Html {
  return doorPage(view, {
    title: 'Check your mailbox',
    heading: 'Check your mailbox',
    lead: html`If <bdi>${typed.trim()}</bdi> has an account here, a mail is on its way to it.`,
    body: html`<p>
        Open the link in it to choose a new password. It works once, within
        ${limits.resetLinkLifetimeMinutes} minutes. Until then your old password stays as it is.
      </p>
      <p>
        If two-step verification is on, have your phone, your authenticator app or a recovery code
        at hand: the link alone is not enough.
      </p>
      <p class="hint">
        Nothing there after a few minutes? Look among unwanted mail and check the address above. For
        one address we send a few mails an hour at most; only the newest link works.
      </p>
      ${waysOn([{ href: places.forgotPassword, label: 'Use another address' }, signIn])}`,
  })
}

import { html } from 'hono/html'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { doorPage } from '../http/html/door-page.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { passwordField } from '../http/html/password-field.ts'
import { places } from '../http/html/places.ts'
import type { Html, View } from '../http/html/view.ts'
import { waysOn } from '../http/html/ways-on.ts'

const signIn = { href: '/sign-in', label: 'Sign in' }

/** A link that is open in this browser; its form names it. */
type Opened = { readonly id: string }

/** Makes the first owner and their team. */
export function firstOwnerPage(
  view: View,
  opened: Opened & { readonly password_characters_min: number },
): Html {
  return doorPage(view, {
    title: 'Set up your team',
    heading: 'Welcome. Let’s set up your team',
    lead: 'You become its owner. Everybody else joins later.',
    focus: 'field',
    body: form(view, {
      action: view.path,
      hidden: { link: opened.id },
      submit: 'Create team and account',
      body: html`${field(view, {
        name: 'team',
        label: 'Team name',
        autocomplete: 'organization',
        dir: 'auto',
        autofocus: true,
      })}${yourName(view)}${field(view, {
        name: 'email',
        label: 'Email',
        type: 'email',
        autocomplete: 'username',
        hint: 'You sign in with it. We send you a link to confirm it.',
        dir: 'ltr',
      })}${newPassword(view, opened.password_characters_min)}`,
    }),
  })
}

/** Asks for the address alone. */
export function signUpPage(view: View): Html {
  return doorPage(view, {
    title: 'Create an account',
    heading: 'Create an account',
    lead: 'We send a link to your email address; there you choose a name and a password.',
    focus: 'field',
    body: form(view, {
      action: view.path,
      submit: 'Send me the link',
      body: field(view, {
        name: 'email',
        label: 'Email',
        type: 'email',
        autocomplete: 'email',
        dir: 'ltr',
        autofocus: true,
      }),
    }),
    footer: html`<p>Have an account already? <a href="${signIn.href}">${signIn.label}</a></p>`,
  })
}

/** Says the same whether the address has an account or not (FLOW-11). */
export function checkMailboxPage(view: View, typed: string): Html {
  return doorPage(view, {
    title: 'Check your mailbox',
    heading: 'Check your mailbox',
    lead: html`A mail is on its way to <bdi>${typed.trim()}</bdi>.`,
    body: html`<p>
        Open the link in it to go on. It works once, within ${limits.linkLifetimeHours} hours. You
        can close this page.
      </p>
      <p class="hint">
        Nothing there after a few minutes? Look among unwanted mail and check the address above. For
        one address we send a few mails an hour at most.
      </p>
      ${waysOn([{ href: '/sign-up', label: 'Use another address' }, signIn])}`,
  })
}

/** Name and password of an account whose address is proven. */
export function chooseNamePage(
  view: View,
  opened: Opened & { readonly email: string; readonly password_characters_min: number },
): Html {
  return doorPage(view, {
    title: 'Choose your name and password',
    heading: 'Your address is confirmed',
    lead: 'Choose your name and a password, and your account is ready.',
    focus: 'field',
    body: form(view, {
      action: view.path,
      hidden: { link: opened.id },
      submit: 'Create account',
      body: html`${accountName(opened.email)}${yourName(view, true)}${newPassword(
        view,
        opened.password_characters_min,
      )}`,
    }),
  })
}

/** Confirms an address, by a button: opening the link changes nothing (EML-04). */
export function verifyEmailPage(
  view: View,
  { id, email }: Opened & { readonly email: string },
): Html {
  return doorPage(view, {
    title: 'Confirm your email address',
    heading: 'Confirm your email address',
    lead: html`Is <bdi>${email}</bdi> yours?`,
    body: html`${form(view, { action: view.path, hidden: { link: id }, submit: 'Yes, confirm it' })}
      <p class="hint">If you did not ask for this, close this page: nothing will change.</p>`,
  })
}

/** The address is confirmed; says where to go on, signed in or not. */
export function emailVerifiedPage(view: View, email: string): Html {
  return doorPage(view, {
    title: 'Address confirmed',
    heading: 'Thank you, that’s confirmed',
    lead: html`<bdi>${email}</bdi> belongs to your account now.`,
    body: html`<div class="form-end">
      ${linkButton({ href: places.home, label: 'Continue', look: 'primary' })}
    </div>`,
  })
}

function yourName(view: View, autofocus = false): Html {
  return field(view, {
    name: 'name',
    label: 'Your name',
    autocomplete: 'name',
    dir: 'auto',
    autofocus,
  })
}

function newPassword(view: View, charactersMin: number): Html {
  return passwordField(view, {
    name: 'password',
    label: 'Password',
    autocomplete: 'new-password',
    hint: passwordHint(charactersMin),
  })
}

/** What makes a good password (PW-01 to PW-03). */
export function passwordHint(charactersMin: number): string {
  return `At least ${charactersMin} characters. Four or five unrelated words do well. Spaces and all other characters are welcome.`
}

/** Not sent; there so that password managers keep the address with the password (PW-06). */
export function accountName(email: string): Html {
  return html`<div class="field">
    <label for="account-name">Email</label>
    <input
      id="account-name"
      type="email"
      value="${email}"
      autocomplete="username"
      dir="ltr"
      readonly
    />
  </div>`
}

import { html } from 'hono/html'
import { limits } from '../config.ts'
import { checkbox } from '../http/html/checkbox.ts'
import { doorPage } from '../http/html/door-page.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { places } from '../http/html/places.ts'
import type { Html, View } from '../http/html/view.ts'
import { waysOn } from '../http/html/ways-on.ts'
import type { Asker } from './ask-inside.ts'

const signIn = { href: '/sign-in', label: 'Back to sign-in' }

const what = html`<p>
  Support makes sure that it’s you, and a waiting time runs. Until it is over nothing changes, and
  signing in as usual stops it.
</p>`

/** Asks for an account by its address alone; says first what is quicker. */
export function recoverPage(view: View): Html {
  return doorPage(view, {
    title: 'Get back in with support’s help',
    heading: 'Get back in with support’s help',
    lead: 'For when your second step is lost: no method, no recovery code.',
    focus: 'field',
    body: html`<p>
        Do you know your password? Then <a href="/sign-in">sign in</a> and choose
        <em>I can’t use any of these</em> at the second step: that proves who you are, and saves a
        mail. Is there an admin in your team? They may be able to help you today.
      </p>
      ${what}${form(view, {
        action: places.recover,
        submit: 'Ask for help',
        body: html`${field(view, {
          name: 'email',
          label: 'Email',
          type: 'email',
          autocomplete: 'username',
          dir: 'ltr',
          autofocus: true,
        })}${contactField(view)}${checkbox(view, {
          name: 'password_lost',
          label: 'I don’t know my password either',
        })}`,
      })}`,
    footer: html`<p><a href="${signIn.href}">${signIn.label}</a></p>`,
  })
}

function contactField(view: View): Html {
  return field(view, {
    name: 'contact',
    label: 'How can support reach you?',
    autocomplete: 'off',
    dir: 'auto',
    hint: `By something we knew before today, such as “the phone number of my contract” or “ask my team’s owner”. At most ${limits.caseContactCharactersMax} characters. No password and no code.`,
  })
}

/** Says the same whether the address has an account or not (REC-08). */
export function askedPage(view: View, typed: string): Html {
  return doorPage(view, {
    title: 'Check your mailbox',
    heading: 'Check your mailbox',
    lead: html`If <bdi>${typed.trim()}</bdi> has an account with two-step verification here, a mail
      is on its way to it.`,
    body: html`<p>
        Open the link in it and prove there that you can read this mailbox. Then support gets in
        touch with you. Nobody from support asks for your password or a code.
      </p>
      <p class="hint">
        Nothing there after a few minutes? Look among unwanted mail and check the address above. An
        account has one request at a time, and we send a few mails a day at most.
      </p>
      ${waysOn([signIn])}`,
  })
}

/** Asks with what is known already: the address, and at a sign-in the password (A11Y-10). */
export function askInsidePage(view: View, { email }: Asker, from: 'sign-in' | 'reset'): Html {
  const atSignIn = from === 'sign-in'
  return doorPage(view, {
    title: 'Ask support to let you back in',
    step: atSignIn ? 'Step 2 of 2' : undefined,
    heading: 'Ask support to let you back in',
    lead: atSignIn
      ? 'You gave your password; that counts as your proof.'
      : 'You set up a new method and choose a new password when support has made sure that it’s you.',
    who: { email, leave: atSignIn ? '/sign-in/cancel' : '/reset-password/cancel' },
    body: html`${what}${form(view, {
      action: atSignIn ? '/sign-in/case' : places.resetCase,
      submit: 'Ask for help',
      body: contactField(view),
    })}${waysOn([
      atSignIn
        ? { href: '/sign-in/stuck', label: 'Back' }
        : { href: '/reset-password', label: 'Back' },
    ])}`,
  })
}

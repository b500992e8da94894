import { html } from 'hono/html'
import { accountName, passwordHint } from '../accounts/pages.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { choices } from '../http/html/choices.ts'
import { codeField } from '../http/html/code-field.ts'
import { doorPage } from '../http/html/door-page.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { passwordField } from '../http/html/password-field.ts'
import { places } from '../http/html/places.ts'
import { resend } from '../http/html/resend.ts'
import type { Html, View } from '../http/html/view.ts'
import { waysOn } from '../http/html/ways-on.ts'
import { masked } from '../http/html/words.ts'
import type { Choice } from '../methods/choices.ts'
import { sendable, sent } from '../methods/pages-prove.ts'
import { iconOf } from '../methods/pages-words.ts'
import type { Screen } from './look.ts'

/** How the second step is asked for: by the present method, the list of them, or a recovery code. */
export type Way = 'code' | 'methods' | 'recovery-code'

const root = '/reset-password'

/** The page of a reset that `way` leads to. */
export function resetPath(way: Way = 'code'): string {
  return way === 'code' ? root : `${root}?way=${way}`
}

/** What the reset waits for: the second step where there is one, then the new password (PW-10). */
export function resetPage(view: View, screen: Screen, way: Way): Html {
  if (screen.next === 'new-password') return newPasswordPage(view, screen)
  const usable = screen.choices.some((choice) => !choice.locked)
  const codes = screen.recovery_codes_left > 0
  if (!usable && !codes) return stuckPage(view, screen)
  if (codes && (way === 'recovery-code' || !usable)) return recoveryCodePage(view, screen)
  return way === 'methods' || screen.now_asked === null
    ? chooserPage(view, screen)
    : codePage(view, screen, screen.now_asked)
}

const heading = 'Confirm it’s you'

function who({ email }: Screen) {
  return { email, leave: `${root}/cancel` }
}

function newPasswordPage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: 'Choose a new password',
    step: screen.enrolled ? 'Step 2 of 2' : undefined,
    heading: 'Choose a new password',
    lead: 'Then sign in with it. Everybody who is signed in to this account now is signed out.',
    focus: 'field',
    body: form(view, {
      action: root,
      hidden: { link: screen.link },
      submit: 'Set new password',
      body: html`${accountName(screen.email)}${passwordField(view, {
        name: 'password',
        label: 'New password',
        autocomplete: 'new-password',
        hint: passwordHint(screen.password_characters_min),
        autofocus: true,
      })}`,
    }),
  })
}

function codePage(view: View, screen: Screen, asked: Choice): Html {
  const { progress } = screen
  return doorPage(view, {
    title: 'New password: confirm it’s you',
    step: 'Step 1 of 2',
    heading,
    lead: lead(screen, asked),
    who: who(screen),
    body: html`${asked.sends && progress && sent(view, progress, '/api/v1/password-reset/delivery')}${form(
        view,
        {
          action: `${root}/code`,
          hidden: { link: screen.link },
          submit: 'Confirm',
          body: codeField(view, { byText: asked.sends === 'text' }),
        },
      )}${asked.sends && progress && resend(view, { action: `${root}/send`, ...sendable(progress) })}
      <p class="hint">Never share this code; we never ask for it.</p>
      ${waysFrom(screen, 'code')}`,
  })
}

function lead({ progress }: Screen, asked: Choice): Html {
  if (asked.masked === null) return html`Enter the six digits that <bdi>${asked.name}</bdi> shows.`
  if (!progress?.sent_at) return html`No code has gone to ${masked(asked.masked)} yet.`
  return html`Enter the six digits we sent to ${masked(asked.masked)}.`
}

function chooserPage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: 'New password: choose how to confirm it’s you',
    step: 'Step 1 of 2',
    heading,
    lead: 'Two-step verification is on. Choose a method; if it sends codes, we send one now.',
    who: who(screen),
    body: html`${choices(view, {
      action: `${root}/method`,
      name: 'method',
      choices: screen.choices.map((choice) => ({
        value: choice.id,
        icon: iconOf(choice.sends),
        title: choice.name,
        detail: choice.masked ?? undefined,
        lastUsed: choice.last_used,
        forbidden: choice.locked ? 'Switched off after too many wrong codes.' : undefined,
      })),
    })}${mailboxNote(screen)}${waysFrom(screen, 'methods')}`,
  })
}

function recoveryCodePage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: 'New password: recovery code',
    step: 'Step 1 of 2',
    heading,
    lead: 'Enter one of your recovery codes. It is used up, and your trusted devices are forgotten.',
    who: who(screen),
    body: html`${mailboxNote(screen)}${form(view, {
      action: `${root}/recovery-code`,
      hidden: { link: screen.link },
      submit: 'Confirm',
      body: field(view, {
        name: 'recovery_code',
        label: 'Recovery code',
        autocomplete: 'off',
        hint: 'Four groups of four letters and digits. Spaces, hyphens and capitals don’t matter.',
        mono: true,
        dir: 'ltr',
      }),
    })}${waysFrom(screen, 'recovery-code')}`,
  })
}

/** Nothing is left that could prove it: only people can help (EML-02). */
function stuckPage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: 'New password: support',
    heading: 'Let’s get you back in',
    lead: 'The link alone can’t change this password: two-step verification is on, and there is nothing left here to confirm that it’s you.',
    who: who(screen),
    body: html`${mailboxNote(screen)}
      <p>
        Is there an admin in your team? They may be able to help you today. Otherwise ask support:
        they make sure that it’s you, and after a waiting time you set up a new method and choose a
        new password.
      </p>
      <div class="form-end">
        ${linkButton({ href: places.resetCase, label: 'Ask support to let you back in', look: 'primary' })}
      </div>
      <p class="hint">Nobody from support asks for your password or a code.</p>
      ${waysOn([help, { href: '/sign-in', label: 'Back to sign-in' }])}`,
  })
}

const help = { href: `${places.help}#stuck`, label: 'Ask support' }

function mailboxNote({ mailbox_left_out }: Screen): Html | null {
  if (!mailbox_left_out) return null
  return callout({
    tone: 'info',
    icon: 'mail',
    body: 'A code by email doesn’t count here: it would go to the mailbox that the link came to, and whoever can read that mailbox must not get in by it alone.',
  })
}

/** In the same order as at sign-in (screens.md). */
function waysFrom(screen: Screen, here: Way): Html {
  const usable = screen.choices.filter((choice) => !choice.locked)
  const all = [
    {
      way: 'code',
      href: resetPath('code'),
      label: 'Back to the code',
      when: screen.now_asked !== null,
    },
    {
      way: 'methods',
      href: resetPath('methods'),
      label: 'Use another method',
      when: usable.length > 1 || (usable.length > 0 && here === 'recovery-code'),
    },
    {
      way: 'recovery-code',
      href: resetPath('recovery-code'),
      label: 'Use a recovery code',
      when: screen.recovery_codes_left > 0,
    },
    { way: 'case', href: places.resetCase, label: 'I can’t use any of these', when: true },
  ]
  return waysOn(all.filter((one) => one.when && one.way !== here))
}

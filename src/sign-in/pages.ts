import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { checkbox } from '../http/html/checkbox.ts'
import { choices } from '../http/html/choices.ts'
import { codeField } from '../http/html/code-field.ts'
import { countdown, expiryWarning } from '../http/html/countdown.ts'
import { doorPage } from '../http/html/door-page.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { passwordField } from '../http/html/password-field.ts'
import { places } from '../http/html/places.ts'
import { resend } from '../http/html/resend.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, masked } from '../http/html/words.ts'
import { waysOn } from '../http/html/ways-on.ts'
import type { Choice } from '../methods/choices.ts'
import { whyClosed } from '../methods/pages-words.ts'
import { sendable, sent } from '../methods/pages-prove.ts'
import type { Screen, TeamHelp } from './look.ts'

const code = '/sign-in/code'
const spareCode = '/sign-in/recovery-code'

/** Step one: email and password. */
export function passwordPage(view: View, returnTo: string | null): Html {
  const known = view.values['email'] ?? String(view.refusal?.details?.['email'] ?? '')
  return doorPage(view, {
    title: 'Sign in',
    heading: 'Sign in',
    focus: 'field',
    body: form(view, {
      action: '/sign-in',
      hidden: returnTo ? { return_to: returnTo } : {},
      submit: 'Continue',
      body: html`${field(view, {
          name: 'email',
          label: 'Email',
          type: 'email',
          autocomplete: 'username',
          dir: 'ltr',
          value: known,
          autofocus: known === '',
        })}${passwordField(view, {
          name: 'password',
          label: 'Password',
          autocomplete: 'current-password',
          autofocus: known !== '',
        })}
        <p><a href="${places.forgotPassword}">Forgot password?</a></p>`,
    }),
    footer: view.signUpOpen
      ? html`<p>New here? <a href="/sign-up">Create an account</a></p>`
      : undefined,
  })
}

/** Step two: the code of the method asked now. */
export function codePage(view: View, screen: Screen): Html {
  const asked = screen.now_asked
  if (!asked || asked.locked) return chooserPage(view, screen)
  return doorPage(view, {
    title: headings[asked.sends ?? 'app'],
    step: 'Step 2 of 2',
    heading: headings[asked.sends ?? 'app'],
    lead: lead(screen, asked),
    who: { email: screen.email, leave: '/sign-in/cancel' },
    body: html`${asked.sends && sent(view, screen, '/api/v1/sign-in/delivery')}${form(view, {
        action: code,
        submit: 'Sign in',
        body: html`${codeField(view, { byText: asked.sends === 'text' })}${remember(view, screen)}`,
      })}
      ${asked.sends && resend(view, { action: '/sign-in/send', ...sendable(screen) })}
      <p class="hint">
        Time left: ${countdown(screen.expires_at, view.now)}. Never share this code; we never ask
        for it.
      </p>
      ${expiryWarning({
        until: screen.expires_at,
        now: view.now,
        warning: 'One minute left. After that you enter your password again.',
        over: 'The time is up. Please enter your password again.',
      })}
      ${otherWays(screen, 'code')}`,
  })
}

/** Offered unticked, with a warning; absent when a team forbids it (TD-01, TD-08). */
function remember(view: View, { trust_days: days }: Screen): Html | null {
  if (days === 0) return null
  return checkbox(view, {
    name: 'remember_device',
    label: 'Remember This Device',
    hint: `For ${count(days, 'day')}. Not on a shared computer.`,
  })
}

const headings = {
  text: 'Check your phone',
  mail: 'Check your email',
  app: 'Open your authenticator app',
} as const

function lead(screen: Screen, asked: Choice): Html {
  if (asked.sends === null) {
    return html`Enter the six digits that <bdi>${asked.name}</bdi> shows for this account.`
  }
  const to = masked(asked.masked ?? '')
  if (screen.sent_at === null) return html`No code has gone to ${to} yet.`
  return html`Enter the six digits we sent to ${to}.`
}

/** Always in this order (screens.md, Sign in 2). */
function otherWays(screen: Screen, here: 'code' | 'methods' | 'recovery-code' | 'stuck'): Html {
  const ways = [
    { at: 'code', href: code, label: 'Back to the code', when: here !== 'code' },
    {
      at: 'methods',
      href: '/sign-in/methods',
      label: 'Use another method',
      when: screen.choices.length > 1,
    },
    {
      at: 'recovery-code',
      href: spareCode,
      label: useSpareCode(screen),
      when: screen.recovery_codes_left > 0 || screen.one_time_pass,
    },
    { at: 'stuck', href: '/sign-in/stuck', label: 'I can’t use any of these', when: true },
  ]
  return waysOn(ways.filter((way) => way.when && way.at !== here))
}

/** The methods, strongest first; those that are switched off say why. */
export function chooserPage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: 'Choose how to sign in',
    step: 'Step 2 of 2',
    heading: 'Choose how to confirm it’s you',
    who: { email: screen.email, leave: '/sign-in/cancel' },
    body: html`${choices(view, {
      action: '/sign-in/methods',
      name: 'method',
      choices: screen.choices.map((choice) => ({
        value: choice.id,
        icon: icons[choice.sends ?? 'app'],
        title: choice.name,
        detail: choice.masked ?? undefined,
        lastUsed: choice.last_used,
        forbidden: whyClosed(choice),
      })),
    })}
    ${otherWays(screen, 'methods')}`,
  })
}

const icons = { text: 'phone', mail: 'mail', app: 'app' } as const

function useSpareCode(screen: Screen): string {
  return screen.one_time_pass ? 'Use a recovery code or one-time pass' : 'Use a recovery code'
}

/** One of the ten codes kept for this, or the pass that an admin made. */
export function recoveryCodePage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: useSpareCode(screen),
    step: 'Step 2 of 2',
    heading: useSpareCode(screen),
    lead: screen.one_time_pass
      ? 'Enter the one-time pass that your administrator gave you, or one of the codes you saved when you turned on two-step verification. Each works once.'
      : 'Enter one of the codes you saved when you turned on two-step verification. Each works once.',
    who: { email: screen.email, leave: '/sign-in/cancel' },
    body: html`${form(view, {
      action: spareCode,
      submit: 'Sign in',
      body: field(view, {
        name: 'recovery_code',
        label: 'Recovery code or one-time pass',
        autocomplete: 'off',
        hint: 'A recovery code has four groups of four letters and digits, a pass has six. Spaces, hyphens and capitals don’t matter.',
        mono: true,
        dir: 'ltr',
      }),
    })}
    ${otherWays(screen, 'recovery-code')}`,
  })
}

/** When nothing works: what to try, and who can help (A10). */
export function stuckPage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: 'Can’t use any of these',
    step: 'Step 2 of 2',
    heading: 'Let’s get you back in',
    lead: 'Try these from the top. One of them works for almost everybody.',
    who: { email: screen.email, leave: '/sign-in/cancel' },
    body: html`<ol class="steps">
        ${waysBack(view, screen.team_help).map(
          ([what, words], at) =>
            html`<li>
              <span class="count" aria-hidden="true">${at + 1}</span>
              <span><strong>${what}</strong> ${words}</span>
            </li>`,
        )}
      </ol>
      <div class="form-end">
        ${linkButton({ href: '/sign-in/case', label: 'Ask support to let you back in' })}
      </div>
      <p class="hint">
        Support never asks for your password or a code. Don’t give them to anybody.
      </p>
      ${otherWays(screen, 'stuck')}`,
  })
}

type WayBack = readonly [what: string | Html, words: string | Html]

function waysBack(view: View, help: TeamHelp | null): readonly WayBack[] {
  return [
    [
      'Recovery codes.',
      'Look where you keep important papers, in your password manager or among your downloads, for a file called “recovery codes”.',
    ],
    [
      'A device that is remembered.',
      'A browser where you ticked “Remember This Device” in the last 14 days signs in with the password alone.',
    ],
    ...(help ? [teamHelp(help)] : []),
    [
      'Support recovery.',
      'Support makes sure that it’s you, and after a waiting time you set up a new method. Your password counts as one proof.',
    ],
    ['Questions?', support(view)],
  ]
}

function teamHelp({ team, by }: TeamHelp): WayBack {
  return [
    html`${by === 'owner' ? 'The owner' : 'An admin or the owner'} of <bdi>${team}</bdi>.`,
    html`They can give you a pass for one sign-in, or reset your second step. Once you have the
      pass, <a href="${spareCode}">enter it here</a>.`,
  ]
}

function support(view: View): Html {
  const chat =
    view.supportChatUrl !== null &&
    html`<a href="${view.supportChatUrl}" rel="noopener">Live chat</a>`
  const mail =
    view.supportEmail !== null &&
    html`<a href="mailto:${view.supportEmail}">${view.supportEmail}</a>`
  if (!chat && !mail) {
    return html`Ask the person who runs ${view.productName} for you: they can help you back in.`
  }
  return html`We can help you back in: ${chat}${chat && mail ? ' or ' : ''}${mail}. Say which
  account it is and which methods you had.`
}

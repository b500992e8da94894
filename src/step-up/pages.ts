import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
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
import { iconOf, whyClosed } from '../methods/pages-words.ts'
import type { StepUp } from './look.ts'

/** How the second step is asked for: by the present method, the list of them, or a recovery code. */
export type Way = 'code' | 'methods' | 'recovery-code'

/** The page of a step-up that `way` leads to, with where it goes on afterwards in every link. */
export function stepUpPath(returnTo: string, way: Way = 'code'): string {
  const path = `/step-up?return_to=${encodeURIComponent(returnTo)}`
  return way === 'code' ? path : `${path}&way=${way}`
}

/** Asks for the proof that is missing: the password, then the second step (ENR-01, SES-05). */
export function stepUpPage(view: View, step: StepUp, way: Way): Html {
  if (step.missing.password) return passwordPage(view, step)
  if (!step.missing.second_step) return nothingMissingPage(view, step)
  if (way === 'recovery-code') return recoveryCodePage(view, step)
  return way === 'methods' || step.now_asked === null
    ? chooserPage(view, step)
    : codePage(view, step, step.now_asked)
}

const heading = 'Confirm it’s you'

function who({ email }: StepUp) {
  return { email, leave: places.signOut, leaveLabel: 'Sign out' }
}

function passwordPage(view: View, step: StepUp): Html {
  return doorPage(view, {
    title: 'Confirm it’s you: password',
    step: step.choices.length > 0 && step.missing.second_step ? 'Step 1 of 2' : undefined,
    heading,
    lead: 'Your security settings are protected. Please enter your password again.',
    who: who(step),
    focus: 'field',
    body: form(view, {
      action: '/step-up/password',
      hidden: { return_to: step.return_to },
      submit: 'Continue',
      secondary: linkButton({ href: places.security, label: 'Cancel' }),
      body: passwordField(view, {
        name: 'password',
        label: 'Your password',
        autocomplete: 'current-password',
        autofocus: true,
      }),
    }),
  })
}

function codePage(view: View, step: StepUp, asked: Choice): Html {
  const { progress } = step
  return doorPage(view, {
    title: `Confirm it’s you: code`,
    step: 'Step 2 of 2',
    heading,
    lead: lead(step, asked),
    who: who(step),
    body: html`${asked.sends && progress && sent(view, progress, '/api/v1/step-up/delivery')}${form(
        view,
        {
          action: '/step-up/code',
          hidden: { return_to: step.return_to },
          submit: 'Confirm',
          body: codeField(view, { byText: asked.sends === 'text' }),
        },
      )}${
        asked.sends &&
        progress &&
        resend(view, {
          action: '/step-up/send',
          hidden: { return_to: step.return_to },
          ...sendable(progress),
        })
      }
      <p class="hint">Never share this code; we never ask for it.</p>
      ${ways(step, 'code')}`,
  })
}

function lead({ progress }: StepUp, asked: Choice): Html {
  if (asked.masked === null) return html`Enter the six digits that <bdi>${asked.name}</bdi> shows.`
  if (!progress?.sent_at) return html`No code has gone to ${masked(asked.masked)} yet.`
  return html`Enter the six digits we sent to ${masked(asked.masked)}.`
}

function chooserPage(view: View, step: StepUp): Html {
  return doorPage(view, {
    title: 'Confirm it’s you: choose how',
    step: 'Step 2 of 2',
    heading,
    lead: 'Choose a method. If it sends codes, we send one now.',
    who: who(step),
    body: html`${choices(view, {
      action: '/step-up/method',
      name: 'method',
      hidden: { return_to: step.return_to },
      choices: step.choices.map((choice) => ({
        value: choice.id,
        icon: iconOf(choice.sends),
        title: choice.name,
        detail: choice.masked ?? undefined,
        lastUsed: choice.last_used,
        forbidden: whyClosed(choice),
      })),
    })}${ways(step, 'methods')}`,
  })
}

function recoveryCodePage(view: View, step: StepUp): Html {
  return doorPage(view, {
    title: 'Confirm it’s you: recovery code',
    step: 'Step 2 of 2',
    heading,
    lead: 'Enter one of your recovery codes. It is used up, and your trusted devices are forgotten.',
    who: who(step),
    body: html`${form(view, {
      action: '/step-up/recovery-code',
      hidden: { return_to: step.return_to },
      submit: 'Confirm',
      body: field(view, {
        name: 'recovery_code',
        label: 'Recovery code',
        autocomplete: 'off',
        hint: 'Four groups of four letters and digits. Spaces, hyphens and capitals don’t matter.',
        mono: true,
        dir: 'ltr',
      }),
    })}${ways(step, 'recovery-code')}`,
  })
}

/** In the same order as at sign-in (screens.md), then the way back. */
function ways(step: StepUp, here: Way): Html {
  const to = (way: Way) => stepUpPath(step.return_to, way)
  const all = [
    { way: 'code', href: to('code'), label: 'Back to the code', when: step.now_asked !== null },
    {
      way: 'methods',
      href: to('methods'),
      label: 'Use another method',
      when: step.choices.length > 1 || step.now_asked === null,
    },
    {
      way: 'recovery-code',
      href: to('recovery-code'),
      label: 'Use a recovery code',
      when: step.recovery_codes_left > 0,
    },
    { way: 'help', href: places.helpStuck, label: 'I can’t use any of these', when: true },
    { way: 'back', href: places.security, label: 'Cancel and go back', when: true },
  ]
  return waysOn(all.filter((one) => one.when && one.way !== here))
}

function nothingMissingPage(view: View, step: StepUp): Html {
  return doorPage(view, {
    title: 'Confirmed',
    heading: 'Confirmed',
    lead: 'It’s you. There is nothing more to prove for now.',
    who: who(step),
    body: linkButton({ href: step.return_to, label: 'Continue', look: 'primary' }),
  })
}

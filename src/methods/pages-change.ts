import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { codeField } from '../http/html/code-field.ts'
import { confirmation } from '../http/html/confirm.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { places } from '../http/html/places.ts'
import { resend } from '../http/html/resend.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { listInWords, masked } from '../http/html/words.ts'
import type { MethodView } from './look-at.ts'
import type { NewNumber } from './look-at-new-number.ts'
import { sendable, sent } from './pages-prove.ts'

const root = '/settings/security/methods'
const back = { href: places.security, label: 'Security' }
const cancel = { href: places.security }

/** Another name for a method. */
export function renamePage(view: View, { method }: MethodView): Html {
  return settingsPage(view, {
    title: `Rename ${method.name}`,
    heading: html`Rename “<bdi>${method.name}</bdi>”`,
    current: 'security',
    back,
    focus: 'heading',
    body: card({
      body: form(view, {
        action: `${root}/${method.id}/rename`,
        submit: 'Save the name',
        secondary: linkButton({ href: cancel.href, label: 'Cancel' }),
        body: field(view, {
          name: 'name',
          label: 'Name',
          value: method.name,
          autocomplete: 'off',
          dir: 'auto',
          hint: 'You see it when you choose a method.',
        }),
      }),
    }),
  })
}

/** Asks before a method is turned off, with every effect (A11Y-11, ENR-06). */
export function removePage(view: View, { method, others }: MethodView): Html {
  const [first, ...rest] = effects({ method, others })
  return settingsPage(view, {
    title: `Turn off ${method.name}`,
    heading: html`Turn off “<bdi>${method.name}</bdi>”?`,
    current: 'security',
    back,
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/${method.id}/remove`,
        effects: [first ?? '', ...rest],
        submit: `Turn off ${method.name}`,
        cancel,
      }),
    }),
  })
}

function effects({ method, others }: MethodView): (string | Html)[] {
  return [
    whatStops(method),
    ...(others.length > 0
      ? [
          html`You then confirm it’s you with
            <bdi
              >${listInWords(
                others.map(({ name }) => name),
                'or',
              )}</bdi
            >.`,
        ]
      : [
          'This is your last method: two-step verification is then off, and your password alone signs you in.',
          'Your recovery codes are deleted.',
        ]),
    'Every trusted device is forgotten, and all your other sessions end.',
  ]
}

function whatStops(method: MethodView['method']): string | Html {
  if (method.sends === null)
    return 'Codes from this app stop working at once, and its key is deleted here.'
  const to = masked(method.masked ?? '')
  if (method.sends === 'mail') return html`No verification codes go to ${to} any more.`
  return html`No codes go to ${to} any more, and the number is deleted here. Your profile keeps its
  own.`
}

/** Moves texts to the profile's new number: first asks, then takes the code sent to it (A9). */
export function newNumberPage(view: View, number: NewNumber): Html {
  return settingsPage(view, {
    title: number.progress === null ? 'Use the new number' : 'Confirm the new number',
    step: number.progress === null ? 'Step 1 of 2' : 'Step 2 of 2',
    heading:
      number.progress === null ? 'Use the new number?' : 'Enter the code from your new number',
    current: 'security',
    back,
    focus: 'heading',
    body: card({ body: number.progress === null ? askBody(view, number) : codeBody(view, number) }),
  })
}

function askBody(view: View, { id, from, to }: NewNumber): Html {
  return confirmation(view, {
    action: `${root}/${id}/new-number`,
    effects: [
      html`We send a code to ${masked(to)}, the number in your profile.`,
      html`When you have entered it, codes go there and no longer to ${masked(from)}.`,
      'We tell the old number that it was replaced.',
      'Every trusted device is forgotten, and all your other sessions end.',
    ],
    submit: 'Send a code to the new number',
    danger: false,
    cancel,
  })
}

function codeBody(view: View, { id, from, to, progress }: NewNumber): Html {
  if (progress === null) return html``
  return html`${
    progress.sent_at !== null &&
    html`<p>
      We sent six digits to ${masked(to)}. They work for 10 minutes. Until you have entered them,
      codes keep going to ${masked(from)}.
    </p>`
  }${sent(view, progress, `/api/v1/methods/${id}/delivery`)}${form(view, {
    action: `${root}/${id}/new-number/confirm`,
    submit: 'Use the new number',
    secondary: linkButton({ href: cancel.href, label: 'Cancel' }),
    body: codeField(view, { submitsWhenFull: false, byText: true }),
  })}${resend(view, { action: `${root}/${id}/new-number/send-again`, ...sendable(progress) })}`
}

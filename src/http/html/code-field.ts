import { html } from 'hono/html'
import { attributes } from './attributes.ts'
import { errorOf, hintOf, labelOf, stateOf } from './field.ts'
import { standing } from './invalid.ts'
import type { Html, View } from './view.ts'

/**
 * A verification code: one real input drawn as slots, with autofill and a numeric keypad; spaces
 * and hyphens are welcome and nothing is cut (A11Y-02). With the script on it submits when full,
 * says so beforehand, and fills itself from a text message where the browser can (SMS-07).
 */
export function codeField(
  view: View,
  options: {
    readonly name?: string | undefined
    readonly label?: string | undefined
    readonly digits?: 6 | 8 | undefined
    readonly hint?: string | Html | undefined
    /** False for set-ups and changes, where a person should press the button themselves. */
    readonly submitsWhenFull?: boolean | undefined
    /** True where the code comes by text message: the browser may then offer to fill it in. */
    readonly byText?: boolean | undefined
    readonly id?: string | undefined
  } = {},
): Html {
  const { name = 'code', digits = 6, submitsWhenFull = true } = options
  const id = options.id ?? `field-${name}`
  const announced = `${id}-submits`
  const hint = options.hint !== undefined
  const stands = standing(view, { id, name, autocomplete: 'one-time-code', hint })
  return html`<div class="field">
    ${labelOf(id, options.label ?? 'Verification code')} ${hintOf(id, options.hint)}
    ${errorOf(id, stands)}
    <div class="code" data-digits="${digits}">
      <input
        id="${id}"
        name="${name}"
        type="text"
        inputmode="numeric"
        autocomplete="one-time-code"
        autocapitalize="none"
        spellcheck="false"
        dir="ltr"
        ${stateOf(stands)}
        data-code="${digits}"
        ${attributes({ 'data-by-text': options.byText, 'data-submits': submitsWhenFull && announced })}
      /><span class="slots" aria-hidden="true"
        >${Array.from({ length: digits }, () => html`<i></i>`)}</span
      >
    </div>
    ${
      submitsWhenFull &&
      html`<p class="hint scripted" id="${announced}">
        Submits by itself when all ${digits} digits are in.
      </p>`
    }
  </div>`
}

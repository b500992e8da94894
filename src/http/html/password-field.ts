import { html } from 'hono/html'
import { errorOf, hintOf, labelOf, stateOf } from './field.ts'
import { standing } from './invalid.ts'
import type { Html, View } from './view.ts'

/**
 * A password: paste and password managers welcome, can be shown by a button that needs a script
 * and appears only with it (PW-06). Never filled in again.
 */
export function passwordField(
  view: View,
  options: {
    readonly name: string
    readonly label: string
    readonly autocomplete: 'current-password' | 'new-password'
    readonly hint?: string | Html | undefined
    readonly autofocus?: boolean | undefined
    readonly id?: string | undefined
  },
): Html {
  const id = options.id ?? `field-${options.name}`
  const hint = options.hint !== undefined
  const stands = standing(view, {
    id,
    name: options.name,
    autocomplete: options.autocomplete,
    hint,
  })
  return html`<div class="field">
    ${labelOf(id, options.label)}${hintOf(id, options.hint)}${errorOf(id, stands)}
    <div class="with-button">
      <input
        id="${id}"
        name="${options.name}"
        type="password"
        autocomplete="${options.autocomplete}"
        autocapitalize="none"
        spellcheck="false"
        ${stateOf(stands)}${options.autofocus && html` autofocus`}
      /><button class="scripted" type="button" data-show="${id}">
        <span data-label>Show</span><span class="unseen"> ${options.label}</span>
      </button>
    </div>
  </div>`
}

import { html } from 'hono/html'
import { errorOf, hintOf, labelOf, stateOf } from './field.ts'
import { standing } from './invalid.ts'
import type { Html, View } from './view.ts'

/** Several lines of a person's own words, filled in again after a refusal. */
export function textArea(
  view: View,
  options: {
    readonly name: string
    readonly label: string
    readonly hint?: string | Html | undefined
    readonly value?: string | undefined
    readonly required?: boolean | undefined
    readonly charactersMax: number
  },
): Html {
  const id = `field-${options.name}`
  const hint = options.hint !== undefined
  const stands = standing(view, { id, name: options.name, autocomplete: 'off', hint })
  const value = view.values[options.name] ?? options.value ?? ''
  const required = options.required ?? true
  return html`<div class="field">
    ${labelOf(id, options.label, required)}${hintOf(id, options.hint)}${errorOf(id, stands)}
    <textarea
      id="${id}"
      name="${options.name}"
      rows="4"
      dir="auto"
      maxlength="${options.charactersMax}"
      ${stateOf(stands, required)}
    >
${value}</textarea>
  </div>`
}

import { html } from 'hono/html'
import { attributes } from './attributes.ts'
import { errorOf, hintOf, labelOf, stateOf } from './field.ts'
import { standing } from './invalid.ts'
import type { Html, View } from './view.ts'

/** Several lines of input, filled in again after a refusal, with its own sentence (A11Y-05). */
export function textArea(
  view: View,
  options: {
    readonly name: string
    readonly label: string
    readonly hint?: string | Html | undefined
    readonly value?: string | undefined
    readonly required?: boolean | undefined
    readonly rows?: number | undefined
    /** The browser stops there; without it the server says what is too long. */
    readonly charactersMax?: number | undefined
    /** Names and sentences take 'auto'; addresses 'ltr'. */
    readonly dir?: 'auto' | 'ltr' | undefined
    /** False for addresses and other things that no dictionary knows. */
    readonly spellcheck?: boolean | undefined
  },
): Html {
  const { name, label, required = true } = options
  const id = `field-${name}`
  const hint = options.hint !== undefined
  const stands = standing(view, { id, name, autocomplete: 'off', hint })
  const value = view.values[name] ?? options.value ?? ''
  const more = attributes({
    dir: options.dir ?? 'auto',
    ...(options.charactersMax && { maxlength: String(options.charactersMax) }),
    ...(options.spellcheck === false && { spellcheck: 'false', autocapitalize: 'none' }),
  })
  // A line break right after the tag is dropped by browsers, so that one of the text survives.
  return html`<div class="field">
    ${labelOf(id, label, required)}${hintOf(id, options.hint)}${errorOf(id, stands)}
    <textarea
      id="${id}"
      name="${name}"
      rows="${options.rows ?? 4}"
      autocomplete="off"
      ${stateOf(stands, required)}${more}
    >
${value}</textarea>
  </div>`
}

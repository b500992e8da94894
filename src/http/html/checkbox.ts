import { html } from 'hono/html'
import { errorOf, hintOf, stateOf } from './field.ts'
import { standing } from './invalid.ts'
import type { Html, View } from './view.ts'

/** A box to tick, ticked as told until a refusal, then as it was sent; its value is `yes`. */
export function checkbox(
  view: View,
  options: {
    readonly name: string
    readonly label: string
    readonly hint?: string | Html | undefined
    /** True where the form is not taken without the tick. */
    readonly required?: boolean | undefined
    readonly id?: string | undefined
    /** How it stands at first; unticked unless this says so. */
    readonly ticked?: boolean | undefined
  },
): Html {
  const id = options.id ?? `field-${options.name}`
  const hint = options.hint !== undefined
  const stands = standing(view, { id, name: options.name, autocomplete: 'tick', hint })
  const sent = view.values[options.name] !== undefined
  const ticked = sent || (view.refusal === null && options.ticked === true)
  return html`<div class="field tick">
    ${errorOf(id, stands)}
    <div class="tick-line">
      <input
        id="${id}"
        name="${options.name}"
        type="checkbox"
        value="yes"
        ${ticked && html` checked`}${stateOf(stands, options.required ?? false)}
      />
      <div><label for="${id}">${options.label}</label>${hintOf(id, options.hint)}</div>
    </div>
  </div>`
}

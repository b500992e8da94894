import { html } from 'hono/html'
import { errorOf, hintOf, stateOf } from './field.ts'
import { standing } from './invalid.ts'
import type { Standing } from './invalid.ts'
import type { Html, View } from './view.ts'

/**
 * A box to tick, ticked as told until a refusal, then as it was sent; its value is `yes`, or `value`
 * of several boxes of one name.
 */
export function checkbox(
  view: View,
  options: {
    readonly name: string
    readonly label: string
    readonly value?: string | undefined
    readonly hint?: string | Html | undefined
    /** True where the form is not taken without the tick. */
    readonly required?: boolean | undefined
    readonly id?: string | undefined
    /** How it stands at first; unticked unless this says so. */
    readonly ticked?: boolean | undefined
  },
): Html {
  const id = options.id ?? ['field', options.name, options.value].filter(Boolean).join('-')
  const hint = options.hint !== undefined
  const stands = standing(view, { id, name: options.name, autocomplete: 'tick', hint })
  const grouped = options.value !== undefined
  const before = view.values[options.name]
  const sent = options.value ? before?.split(' ').includes(options.value) : before !== undefined
  const ticked = sent === true || (view.refusal === null && options.ticked === true)
  return html`<div class="field tick">
    ${!grouped && errorOf(id, stands)}
    <div class="tick-line">
      <input
        id="${id}"
        name="${options.name}"
        type="checkbox"
        value="${options.value ?? 'yes'}"
        ${ticked && html` checked`}${stateOf(grouped ? inGroup(id, options.name, hint, stands) : stands, options.required ?? false)}
      />
      <div><label for="${id}">${options.label}</label>${hintOf(id, options.hint)}</div>
    </div>
  </div>`
}

/** A box among several of one name shares their sentence, which stands above them all. */
function inGroup(id: string, name: string, hint: boolean, stands: Standing): Standing {
  const ids = [hint && `${id}-hint`, stands.invalid && `field-${name}-error`].filter(Boolean)
  return { ...stands, describedBy: ids.join(' ') }
}

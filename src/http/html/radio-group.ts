import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { Html, View } from './view.ts'
import { sentenceOf } from './words.ts'

/** One thing to choose, with what it means. */
export type RadioOption = {
  readonly value: string
  readonly label: string
  readonly hint?: string | Html | undefined
  /** Fields that belong to this choice, under it. */
  readonly body?: Html | undefined
}

/** One of several, chosen beforehand; what was chosen before a refusal wins (A11Y-05). */
export function radioGroup(
  view: View,
  options: {
    readonly name: string
    readonly label: string
    readonly value: string
    readonly options: readonly RadioOption[]
  },
): Html {
  const { name, label } = options
  const chosen = view.values[name] ?? options.value
  const why = view.refusal?.fields?.[name]
  return html`<fieldset class="field radios">
    <legend class="label">${label}</legend>
    ${
      why !== undefined &&
      html`<p class="error">
        ${icon('warning')}<span
          ><span class="unseen">Error: </span>${sentenceOf(why, view.refusal?.details)}</span
        >
      </p>`
    }
    ${options.options.map((option) => radio(name, option, chosen === option.value))}
  </fieldset>`
}

function radio(name: string, { value, label, hint, body }: RadioOption, checked: boolean): Html {
  const id = `field-${name}-${value}`
  const described = hint !== undefined && html` aria-describedby="${id}-hint"`
  return html`<div class="tick-line">
    <input
      id="${id}"
      name="${name}"
      type="radio"
      value="${value}"
      ${checked && html` checked`}${described}
    />
    <div>
      <label for="${id}">${label}</label>
      ${hint !== undefined && html`<p class="hint" id="${id}-hint">${hint}</p>`}${body}
    </div>
  </div>`
}

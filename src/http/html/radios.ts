import { html } from 'hono/html'
import { attributes } from './attributes.ts'
import type { Html, View } from './view.ts'

export type Radio = {
  readonly value: string
  readonly label: string
  readonly hint?: string | Html | undefined
  /** Fields that belong to this choice, under it. */
  readonly body?: Html | undefined
}

/** One of several, each with a word about it; what was chosen before a refusal stays chosen. */
export function radios(
  view: View,
  options: {
    readonly name: string
    readonly legend: string
    readonly radios: readonly Radio[]
    readonly chosen: string
  },
): Html {
  const chosen = view.values[options.name] ?? options.chosen
  return html`<fieldset class="field">
    <legend>${options.legend}</legend>
    ${options.radios.map((radio) => line(options.name, radio, radio.value === chosen))}
  </fieldset>`
}

function line(name: string, radio: Radio, chosen: boolean): Html {
  const id = `field-${name}-${radio.value}`
  const hintId = radio.hint === undefined ? null : `${id}-hint`
  const more = attributes({ checked: chosen, 'aria-describedby': hintId })
  return html`<div class="tick radio">
    <div class="tick-line">
      <input id="${id}" name="${name}" type="radio" value="${radio.value}" ${more} />
      <div>
        <label for="${id}">${radio.label}</label>
        ${radio.hint !== undefined && html`<p class="hint" id="${hintId}">${radio.hint}</p>`}${radio.body}
      </div>
    </div>
  </div>`
}

import { html } from 'hono/html'
import { attributes } from './attributes.ts'
import { icon } from './icon.ts'
import { standing } from './invalid.ts'
import type { Autocomplete, Standing } from './invalid.ts'
import type { Html, View } from './view.ts'

export type FieldOptions = {
  readonly name: string
  readonly label: string
  readonly type?: 'text' | 'email' | 'tel' | 'date' | 'number' | undefined
  /** Of a date or a number: the least and the most that can be chosen. */
  readonly min?: string | undefined
  readonly max?: string | undefined
  readonly autocomplete: Autocomplete
  readonly hint?: string | Html | undefined
  /** The value kept so far; what was typed before a refusal wins over it. */
  readonly value?: string | undefined
  /** A field is required unless this says no; then its label says "optional". */
  readonly required?: boolean | undefined
  /** True of a field that only the choice it stands under needs: not called optional either. */
  readonly withChoice?: boolean | undefined
  readonly inputmode?: 'text' | 'email' | 'tel' | 'numeric' | undefined
  /** Names take 'auto', so that each runs in its own direction; addresses and numbers 'ltr'. */
  readonly dir?: 'auto' | 'ltr' | undefined
  /** For codes and keys: letters of one width that can't be mistaken. */
  readonly mono?: boolean | undefined
  readonly autofocus?: boolean | undefined
  /** Needed only when two forms of a page have a field of the same name. */
  readonly id?: string | undefined
}

/** One labelled line of input, filled in again after a refusal, with its own sentence (A11Y-05). */
export function field(view: View, options: FieldOptions): Html {
  const id = options.id ?? `field-${options.name}`
  const hint = options.hint !== undefined
  const stands = standing(view, {
    id,
    name: options.name,
    autocomplete: options.autocomplete,
    hint,
  })
  const value = view.values[options.name] ?? options.value ?? ''
  const more = attributes({
    inputmode: options.inputmode,
    dir: options.dir,
    min: options.min,
    max: options.max,
    ...(options.mono && { class: 'mono', autocapitalize: 'none', spellcheck: 'false' }),
    autofocus: options.autofocus,
  })
  return html`<div class="field">
    ${labelOf(id, options.label, options.required)}${hintOf(id, options.hint)}${errorOf(id, stands)}
    <input
      id="${id}"
      name="${options.name}"
      type="${options.type ?? 'text'}"
      value="${value}"
      autocomplete="${options.autocomplete}"
      ${stateOf(stands, options.withChoice ? false : options.required)}${more}
    />
  </div>`
}

/** The label of a field; says when it may stay empty. */
export function labelOf(id: string, label: string, required = true): Html {
  return html`<label for="${id}"
    >${label}${!required && html` <span class="soft">(optional)</span>`}</label
  >`
}

/** What helps to fill a field in, under its label. */
export function hintOf(id: string, hint: string | Html | undefined): Html | null {
  return hint === undefined ? null : html`<p class="hint" id="${id}-hint">${hint}</p>`
}

/** A field's own sentence, above its input, so that keyboards and suggestions don't cover it. */
export function errorOf(id: string, stands: Standing): Html | null {
  if (stands.sentence === null) return null
  return html`<p class="error" id="${id}-error">
    ${icon('warning')}<span><span class="unseen">Error: </span>${stands.sentence}</span>
  </p>`
}

/** The attributes that say a field is required, invalid, and described where. */
export function stateOf(stands: Standing, required = true): Html {
  return attributes({
    required,
    'aria-invalid': stands.invalid && 'true',
    'aria-describedby': stands.describedBy || null,
  })
}

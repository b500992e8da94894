import { html } from 'hono/html'
import type { Html, View } from './view.ts'

/**
 * A form that POSTs to `action` and always carries the anti-forgery field (WEB-01). `submit` names
 * its button; `secondary` stands beside it (a `linkButton`, mostly "Cancel").
 */
export function form(
  view: View,
  options: {
    readonly action: string
    readonly body?: Html | readonly Html[] | undefined
    readonly submit: string
    readonly danger?: boolean | undefined
    readonly secondary?: Html | undefined
    readonly hidden?: Readonly<Record<string, string>> | undefined
    readonly id?: string | undefined
  },
): Html {
  return html`<form
    class="form"
    method="post"
    action="${options.action}"
    data-once${idOf(options.id)}
  >
    ${hiddenFields(view, options.hidden)}${options.body}
    <div class="form-end">
      <button class="button ${options.danger ? 'danger' : 'primary'}">
        <span>${options.submit}</span></button
      >${options.secondary}
    </div>
  </form>`
}

/** The anti-forgery field and whatever else a form carries unseen. */
export function hiddenFields(view: View, hidden: Readonly<Record<string, string>> = {}): Html {
  const all = Object.entries({ ...hidden, anti_forgery: view.antiForgery })
  return html`${all.map(
    ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
  )}`
}

function idOf(id: string | undefined): Html | null {
  return id === undefined ? null : html` id="${id}"`
}

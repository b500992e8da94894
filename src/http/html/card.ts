import { html } from 'hono/html'
import type { Html } from './view.ts'

/** A part of a page with its own heading; `actions` stand at the heading's end. */
export function card(options: {
  readonly heading?: string | undefined
  /** So that a link can lead here: `/settings/security#devices`. */
  readonly id?: string | undefined
  readonly lead?: string | Html | undefined
  readonly body?: Html | readonly Html[] | undefined
  readonly actions?: Html | readonly Html[] | undefined
}): Html {
  return html`<section class="card" ${options.id !== undefined && html` id="${options.id}"`}>
    ${
      (options.heading !== undefined || options.lead !== undefined) &&
      html`<header class="card-head">
        <div>
          ${options.heading !== undefined && html`<h2>${options.heading}</h2>`}${
            options.lead !== undefined && html`<p class="soft">${options.lead}</p>`
          }
        </div>
        ${options.actions && html`<div class="actions">${options.actions}</div>`}
      </header>`
    }${options.body}
  </section>`
}

import { html } from 'hono/html'
import type { Html } from './view.ts'

/**
 * A switch whose turning asks first: pressing it goes to the page that asks and changes nothing
 * yet. A button of a GET form, so that the space bar and Enter both work, without scripts.
 */
export function switchButton(options: {
  readonly action: string
  readonly label: string
  readonly on: boolean
  /** The id of what stands below it as its explanation. */
  readonly describedBy: string
}): Html {
  return html`<form class="switch" method="get" action="${options.action}">
    <button
      class="switch-button"
      role="switch"
      aria-checked="${String(options.on)}"
      aria-describedby="${options.describedBy}"
    >
      <span>${options.label}</span><span class="track" aria-hidden="true"></span>
    </button>
  </form>`
}

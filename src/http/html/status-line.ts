import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { Html } from './view.ts'

/** How protected an account is, in words: "On, with Authenticator app and SMS". */
export function statusLine(options: {
  readonly on: boolean
  readonly sentence: string
  readonly detail?: string | Html | undefined
  readonly action?: Html | undefined
}): Html {
  return html`<div class="status-line ${options.on ? 'on' : 'off'}">
    <span class="medallion">${icon(options.on ? 'shield' : 'warning')}</span>
    <div>
      <h2>${options.sentence}</h2>
      ${options.detail !== undefined && html`<p class="soft">${options.detail}</p>`}
    </div>
    ${options.action && html`<div class="actions">${options.action}</div>`}
  </div>`
}

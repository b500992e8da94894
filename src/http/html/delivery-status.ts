import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { Html } from './view.ts'

/** How far the message has come, as the carrier says. */
export type DeliverySaid = 'waiting' | 'accepted' | 'failed'

/**
 * What the carrier says about the message, in a status region. With the script it asks `url`
 * every two seconds for `{ state, sentence }` until the state is no longer 'waiting'.
 */
export function deliveryStatus(options: {
  readonly url: string
  readonly state: DeliverySaid
  readonly sentence: string
}): Html {
  return html`<div
    role="status"
    class="delivery"
    data-state="${options.state}"
    data-poll="${options.url}"
  >
    ${icon('clock')}${icon('check')}${icon('warning')}
    <p data-sentence>${options.sentence}</p>
  </div>`
}

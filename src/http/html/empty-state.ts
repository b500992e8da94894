import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Html } from './view.ts'

/** Where there is nothing yet: what would stand here, and how it comes. */
export function emptyState(options: {
  readonly icon: IconName
  readonly heading: string
  readonly words: string | Html
  readonly action?: Html | undefined
}): Html {
  return html`<div class="empty">
    <span class="medallion">${icon(options.icon)}</span>
    <p class="title">${options.heading}</p>
    <p class="soft">${options.words}</p>
    ${options.action}
  </div>`
}

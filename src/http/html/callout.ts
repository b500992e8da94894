import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Html } from './view.ts'

export type Tone = 'info' | 'good' | 'warning' | 'danger'

const icons: Readonly<Record<Tone, IconName>> = {
  info: 'info',
  good: 'check',
  warning: 'warning',
  danger: 'warning',
}

/** Something a person should know before going on; `actions` are the ways on. */
export function callout(options: {
  readonly tone: Tone
  readonly heading?: string | undefined
  readonly body: string | Html
  readonly actions?: Html | readonly Html[] | undefined
  readonly icon?: IconName | undefined
}): Html {
  return html`<div class="callout ${options.tone}">
    ${icon(options.icon ?? icons[options.tone])}
    <div>
      ${options.heading !== undefined && html`<p class="title">${options.heading}</p>`}
      <div>${options.body}</div>
      ${options.actions && html`<div class="actions">${options.actions}</div>`}
    </div>
  </div>`
}

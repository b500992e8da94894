import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Html } from './view.ts'

/** One thing of a list: a method, a device, a session, an event. */
export type Item = {
  readonly icon?: IconName | undefined
  /** May come from people: shown in its own direction. */
  readonly title: string | Html
  readonly badges?: Html | readonly Html[] | undefined
  /** Lines under the title; each is a sentence or `html` with a time in it. */
  readonly details?: readonly (string | Html)[] | undefined
  /** The page of this thing; then the row as a whole leads there. */
  readonly href?: string | undefined
  /** Buttons at the end of the row; `about` in them should name this item. */
  readonly actions?: Html | readonly Html[] | undefined
}

/** Things one below the other; with none, what `empty` says. */
export function list(items: readonly Item[], empty?: Html): Html {
  if (items.length === 0) return empty ?? html``
  return html`<ul class="list">
    ${items.map(row)}
  </ul>`
}

function row(item: Item): Html {
  const title = item.href
    ? html`<a class="cover" href="${item.href}">${item.title}</a>`
    : item.title
  return html`<li class="row">
    ${item.icon && html`<span class="row-icon">${icon(item.icon)}</span>`}
    <div class="row-words">
      <p class="row-title"><bdi>${title}</bdi> ${item.badges}</p>
      ${item.details?.map((detail) => html`<p class="soft">${detail}</p>`)}
    </div>
    ${item.actions && html`<div class="actions">${item.actions}</div>`}${item.href && icon('chevron')}
  </li>`
}

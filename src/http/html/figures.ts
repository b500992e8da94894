import { html } from 'hono/html'
import type { Html } from './view.ts'

export type Figure = {
  readonly number: number
  readonly label: string
  /** A word about it, under the label. */
  readonly detail?: string | undefined
  /** The page with the names behind the number. */
  readonly href?: string | undefined
}

/** Numbers with what they count; each that has one is a link to its names. */
export function figures(all: readonly Figure[]): Html {
  return html`<ul class="figures">
    ${all.map(({ number, label, detail, href }) => {
      const words = html`<span class="figure">${number}</span> <span>${label}</span>`
      return html`<li>
        ${href === undefined ? html`<p>${words}</p>` : html`<a href="${href}">${words}</a>`}
        ${detail !== undefined && html`<p class="soft">${detail}</p>`}
      </li>`
    })}
  </ul>`
}

/** How much of a whole is done: a bar, and the same in words above it. */
export function progressBar(done: number, all: number, words: string): Html {
  return html`<div class="progress">
    <p class="figure">${words}</p>
    <progress value="${done}" max="${Math.max(1, all)}" aria-label="${words}"></progress>
  </div>`
}

import { html } from 'hono/html'
import type { Html } from './view.ts'

export type Tab = {
  readonly href: string
  readonly label: string
  /** How many stand behind it. */
  readonly count?: number | undefined
  readonly current?: boolean | undefined
}

/** Pages that belong side by side, as links; `label` says to screen readers what they are of. */
export function tabs(label: string, all: readonly Tab[]): Html {
  return html`<nav class="tabs" aria-label="${label}">
    <ul>
      ${all.map(
        ({ href, label: words, count, current }) =>
          html`<li>
            <a href="${href}" ${current && html` aria-current="page"`}
              >${words}${count !== undefined && html` (${count})`}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`
}

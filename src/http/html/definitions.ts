import { html } from 'hono/html'
import type { Html } from './view.ts'

/** What something is called and what it is; `action` changes it. */
export type Definition = {
  readonly term: string
  readonly value: string | Html
  readonly action?: Html | undefined
}

/** Terms with their values: "Email", "ada@example.com", Change. */
export function definitions(rows: readonly Definition[]): Html {
  return html`<dl class="definitions">${rows.map(definitionRow)}</dl>`
}

function definitionRow(row: Definition): Html {
  return html`<div>
    <dt>${row.term}</dt>
    <dd><bdi>${row.value}</bdi></dd>
    ${row.action && html`<dd class="actions">${row.action}</dd>`}
  </div>`
}

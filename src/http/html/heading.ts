import { html } from 'hono/html'
import type { Html, View } from './view.ts'

export type Heading = {
  /** Names of people's own inside it stand in `<bdi>`, so that they cannot turn the rest around. */
  readonly heading: string | Html
  readonly lead?: string | Html | undefined
  /** "Step 1 of 2": above the heading and in the title. */
  readonly step?: string | undefined
  /** After a step the focus goes to the heading (A11Y-07), unless an outcome takes it. */
  readonly focused: boolean
}

/** The one `h1` of a page with what belongs to it. */
export function pageHeading(view: View, options: Heading): Html {
  const focused = options.focused && view.refusal === null && view.notice === null
  return html`<header class="page-head">
    ${options.step !== undefined && html`<p class="step">${options.step}</p>`}
    <h1 tabindex="-1" ${focused && html` autofocus`}>${options.heading}</h1>
    ${options.lead !== undefined && html`<p class="lead">${options.lead}</p>`}
  </header>`
}

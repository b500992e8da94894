import { html } from 'hono/html'
import type { Html } from './view.ts'

/** Other ways on, as links below a form, in the order given: "Use another method", … */
export function waysOn(ways: readonly { readonly href: string; readonly label: string }[]): Html {
  return html`<ul class="ways-on">
    ${ways.map((way) => html`<li><a href="${way.href}">${way.label}</a></li>`)}
  </ul>`
}

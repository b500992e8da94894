import { html } from 'hono/html'
import type { Html, View } from './view.ts'

/** Our own mark on a square of 32: two steps up. */
export const twoSteps = 'M7 22.5h6.5V16H20V9.5h5'

/** The operator's logo, or our own two steps, with the product's name. */
export function brand(view: View, href: string): Html {
  const logo =
    view.logoUrl === null
      ? html`<svg class="mark" viewBox="0 0 32 32" aria-hidden="true">
          <rect width="32" height="32" rx="8" />
          <path d="${twoSteps}" />
        </svg>`
      : html`<img class="mark" src="${view.logoUrl}" alt="" width="32" height="32" />`
  return html`<a class="brand" href="${href}">${logo}<span>${view.productName}</span></a>`
}

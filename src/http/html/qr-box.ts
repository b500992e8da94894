import { html } from 'hono/html'
import type { Html } from './view.ts'

/**
 * A QR code, dark on white in either scheme, with what it is in words (A11Y-03). `beside` stands
 * next to it, on a phone below: the key to type, the link for this device.
 */
export function qrBox(options: {
  readonly svg: Html
  readonly label: string
  readonly beside?: Html | undefined
}): Html {
  const box = html`<div class="qr" role="img" aria-label="${options.label}">${options.svg}</div>`
  if (options.beside === undefined) return box
  return html`<div class="qr-set">
    ${box}
    <div>${options.beside}</div>
  </div>`
}

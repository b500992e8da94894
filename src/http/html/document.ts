import { html } from 'hono/html'
import type { Html, View } from './view.ts'

/**
 * The page around everything: language, unique title with the step (A11Y-09), one sheet, one
 * script by nonce (WEB-03), nothing from elsewhere (WEB-05), and a way past the menu.
 */
export function document(
  view: View,
  page: {
    readonly title: string
    readonly step?: string | undefined
    readonly kind: 'door' | 'settings'
    readonly body: Html
  },
): Html {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <title>${titleOf(view, page)}</title>
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta name="color-scheme" content="light dark" />
        <meta name="format-detection" content="telephone=no" />
        <link rel="stylesheet" href="${view.assets.style}" />
        <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
        <script src="${view.assets.script}" nonce="${view.nonce}" type="module"></script>
      </head>
      <body class="${page.kind}">
        <a class="skip" href="#main">Skip to the content</a>
        ${page.body}
      </body>
    </html>`
}

function titleOf(view: View, page: { title: string; step?: string | undefined }): string {
  const error = view.refusal === null ? '' : 'Error: '
  const step = page.step === undefined ? '' : ` (${page.step})`
  return `${error}${page.title}${step} · ${view.productName}`
}

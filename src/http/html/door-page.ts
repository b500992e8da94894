import { html } from 'hono/html'
import { brand } from './brand.ts'
import { document } from './document.ts'
import { outcomeRegions } from './error-summary.ts'
import { pageHeading } from './heading.ts'
import { helpFooter } from './help-footer.ts'
import { places } from './places.ts'
import type { Html, View } from './view.ts'
import { whoIsThis } from './who.ts'
import type { Who } from './who.ts'

export type DoorPage = {
  readonly title: string
  /** "Step 1 of 2": also in the title (A11Y-09). */
  readonly step?: string | undefined
  readonly heading: string | Html
  readonly lead?: string | Html | undefined
  readonly who?: Who | undefined
  readonly body: Html | readonly Html[]
  /** What stands under the card: a link to sign up, to sign in. */
  readonly footer?: Html | undefined
  /** 'field' where a field of the body has `autofocus` (the first page); else the heading. */
  readonly focus?: 'heading' | 'field' | undefined
  readonly width?: 'narrow' | 'wide' | undefined
}

/**
 * A page outside a session: one centred card. Draws the refusal or notice of the view by itself,
 * above the body.
 */
export function doorPage(view: View, page: DoorPage): Html {
  const focused = page.focus !== 'field'
  return document(view, {
    title: page.title,
    step: page.step,
    kind: 'door',
    body: html`<div class="door-frame ${page.width ?? 'narrow'}">
      <header class="door-head">${brand(view, places.home)}</header>
      <main id="main">
        <div class="door-card flow">
          ${pageHeading(view, { ...page, focused })} ${page.who && whoIsThis(view, page.who)}
          ${outcomeRegions(view)} ${page.body}
        </div>
        ${page.footer !== undefined && html`<div class="door-foot">${page.footer}</div>`}
      </main>
      ${helpFooter(view, view.account ? 'Questions or problems?' : 'Problem signing in?')}
    </div>`,
  })
}

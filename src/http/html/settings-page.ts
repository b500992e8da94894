import { html } from 'hono/html'
import { brand } from './brand.ts'
import { document } from './document.ts'
import { outcomeRegions } from './error-summary.ts'
import { pageHeading } from './heading.ts'
import { helpFooter } from './help-footer.ts'
import { idleWarning } from './idle-warning.ts'
import { icon } from './icon.ts'
import { navigation, profileMenu } from './navigation.ts'
import type { Current } from './navigation.ts'
import { places } from './places.ts'
import type { Html, View } from './view.ts'

export type SettingsPage = {
  readonly title: string
  readonly step?: string | undefined
  readonly heading: string | Html
  readonly lead?: string | Html | undefined
  readonly body: Html | readonly Html[]
  readonly current: Current
  /** The page this one belongs to; a link above the heading. */
  readonly back?: { readonly href: string; readonly label: string } | undefined
  /** 'heading' on pages reached by a step, such as a set-up (A11Y-07). */
  readonly focus?: 'heading' | 'none' | undefined
}

/**
 * A page inside a session: settings at the left with the avatar's menu at its foot (on a phone on
 * top), the page beside it. Draws the refusal or notice of the view by itself, above the body.
 */
export function settingsPage(view: View, page: SettingsPage): Html {
  const focused = page.focus === 'heading'
  return document(view, {
    title: page.title,
    step: page.step,
    kind: 'settings',
    body: html`<div class="frame">
      <header class="side">
        ${brand(view, places.home)}${!view.restricted && navigation(view, page.current)}${profileMenu(view)}
      </header>
      <div class="content">
        <main id="main" class="flow">
          ${page.back && backLink(page.back)} ${pageHeading(view, { ...page, focused })}
          ${outcomeRegions(view)} ${page.body}
        </main>
        ${helpFooter(view, 'Questions or problems?')} ${idleWarning(view.idleSeconds)}
      </div>
    </div>`,
  })
}

function backLink(to: { readonly href: string; readonly label: string }): Html {
  return html`<p class="back"><a href="${to.href}">${icon('back')}${to.label}</a></p>`
}

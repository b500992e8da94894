import { html } from 'hono/html'
import { icon } from './icon.ts'
import { places } from './places.ts'
import type { Html } from './view.ts'

/** A limit of 20 hours or more needs no warning (WCAG 2.2.1). */
const noWarningFromSeconds = 72_000
const warnSeconds = 120
/** The server notes when a session was last seen this coarsely, so it may end that much earlier. */
const coarseSeconds = 60

/**
 * Warns, with the script, two minutes before an idle session ends; one press goes on, as often as
 * wanted, and what was typed stays (A11Y-06). Null where the limit is long or there is none.
 */
export function idleWarning(idleSeconds: number | null | undefined): Html | null {
  if (!idleSeconds || idleSeconds >= noWarningFromSeconds) return null
  const seconds = idleSeconds - coarseSeconds
  return html`<div role="status" class="idle" data-expires="${seconds}" data-warn="${warnSeconds}">
    <div class="callout warning" hidden data-warning>
      ${icon('clock')}
      <div>
        <p>Nothing has happened here for a while. You will be signed out in two minutes.</p>
        <div class="actions">
          <button class="button secondary" type="button" data-stay="${places.home}">
            <span>Stay signed in</span>
          </button>
        </div>
      </div>
    </div>
    <div class="callout warning" hidden data-over>
      ${icon('clock')}
      <p>You were signed out because nothing happened for a while. Please sign in again.</p>
    </div>
  </div>`
}

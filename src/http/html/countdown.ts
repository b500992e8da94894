import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { Html } from './view.ts'
import { durationInWords, momentInWords } from './words.ts'

/**
 * The time left until `until`, to stand inside a sentence: "10 minutes" from the server, running
 * as "9:41" with the script, never announced (A11Y-04). The exact moment is on hover.
 */
export function countdown(until: Date, now: Date): Html {
  const seconds = secondsLeft(until, now)
  return html`<time
    class="countdown"
    datetime="${until.toISOString()}"
    title="${momentInWords(until)}"
    data-countdown="${seconds}"
    >${seconds > 0 ? durationInWords(seconds) : 'no time'}</time
  >`
}

/**
 * A warning that appears `warnSeconds` before `until`, with the script only, in a status region
 * that stands there empty (A11Y-06). `over` replaces it when the time is up.
 */
export function expiryWarning(options: {
  readonly until: Date
  readonly now: Date
  readonly warnSeconds?: number | undefined
  readonly warning: string
  readonly over: string
}): Html {
  return html`<div
    role="status"
    class="region"
    data-expires="${secondsLeft(options.until, options.now)}"
    data-warn="${options.warnSeconds ?? 60}"
  >
    <div class="callout warning" hidden data-warning>
      ${icon('clock')}
      <p>${options.warning}</p>
    </div>
    <div class="callout warning" hidden data-over>
      ${icon('clock')}
      <p>${options.over}</p>
    </div>
  </div>`
}

/** Whole seconds from `now` to `until`, never below 0: the browser's own clock may be wrong. */
export function secondsLeft(until: Date, now: Date): number {
  return Math.max(0, Math.ceil((until.getTime() - now.getTime()) / 1000))
}

import { html } from 'hono/html'
import { icon } from './icon.ts'
import { summaryId } from './invalid.ts'
import type { Html, View } from './view.ts'
import { sentence } from './words.ts'

/**
 * What was refused and why, or what was done, on top of a page's body. Both pages draw it; nobody
 * else needs to. The regions are there before they are filled (A11Y-04); after a step the focus
 * goes to them (A11Y-07).
 */
export function outcomeRegions(view: View): Html {
  const { refusal, notice } = view
  return html`<div role="alert" class="region">
      ${
        refusal &&
        html`<div class="callout danger" id="${summaryId}" tabindex="-1" autofocus>
          ${icon('warning')}
          <p><span class="unseen">Error: </span>${sentence(refusal)}</p>
        </div>`
      }
    </div>
    <div role="status" class="region" data-status>
      ${
        !refusal &&
        notice !== null &&
        html`<div class="callout good" tabindex="-1" autofocus>
          ${icon('check')}
          <p>${notice}</p>
        </div>`
      }
    </div>`
}

import { html } from 'hono/html'
import { icon } from './icon.ts'
import { places } from './places.ts'
import type { Html, View } from './view.ts'

/**
 * The ways to help, last on every page and always in this order (A10, A11Y-10): the help page, the
 * operator's chat, the operator's address; outside production the local inbox.
 */
export function helpFooter(view: View, question: string): Html {
  return html`<footer class="help">
    <p>${question}</p>
    <ul>
      <li><a href="${places.help}">Help</a></li>
      ${
        view.supportChatUrl !== null &&
        html`<li><a href="${view.supportChatUrl}" rel="noopener">Live chat</a></li>`
      }${
        view.supportEmail !== null &&
        html`<li>
          <a href="mailto:${view.supportEmail}"><bdi>${view.supportEmail}</bdi></a>
        </li>`
      }${view.inbox && html`<li><a href="${places.inbox}">${icon('inbox')}Local inbox</a></li>`}
    </ul>
  </footer>`
}

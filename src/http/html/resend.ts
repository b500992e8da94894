import { html } from 'hono/html'
import { secondsLeft } from './countdown.ts'
import { hiddenFields } from './form.ts'
import type { Html, View } from './view.ts'
import { durationInWords } from './words.ts'

/**
 * "Send the code again", with the seconds until that is possible inside it. It is never disabled
 * without the script; too early, the server says how long to wait.
 */
export function resend(
  view: View,
  options: {
    readonly action: string
    readonly label?: string | undefined
    /** From when on it may be sent again; null when now. */
    readonly after: Date | null
    readonly hidden?: Readonly<Record<string, string>> | undefined
  },
): Html {
  const seconds = options.after === null ? 0 : secondsLeft(options.after, view.now)
  return html`<form class="action resend" method="post" action="${options.action}" data-once>
    ${hiddenFields(view, options.hidden)}<button class="button link" data-resend="${seconds}">
      <span>${options.label ?? 'Send the code again'}</span>${
        seconds > 0 &&
        html` <span class="soft" aria-hidden="true" data-left
          >(in ${durationInWords(seconds)})</span
        >`
      }
    </button>
  </form>`
}

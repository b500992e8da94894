import { html } from 'hono/html'
import { linkButton } from './button.ts'
import { form } from './form.ts'
import type { Html, View } from './view.ts'

/**
 * The body of a page that asks before something is lost (A11Y-11): each effect spelled out, what
 * else is needed (a password, a code), the button that does it and the way back.
 */
export function confirmation(
  view: View,
  options: {
    readonly action: string
    /** What will happen, one sentence each. At least one. */
    readonly effects: readonly [string | Html, ...(string | Html)[]]
    readonly body?: Html | readonly Html[] | undefined
    readonly submit: string
    readonly cancel: { readonly href: string; readonly label?: string | undefined }
    /** False where nothing is lost. */
    readonly danger?: boolean | undefined
    readonly hidden?: Readonly<Record<string, string>> | undefined
  },
): Html {
  return html`<div class="confirmation">
    <h2>What will happen</h2>
    <ul class="effects">
      ${options.effects.map((effect) => html`<li>${effect}</li>`)}
    </ul>
    ${form(view, {
      action: options.action,
      body: options.body,
      submit: options.submit,
      danger: options.danger ?? true,
      hidden: options.hidden,
      secondary: linkButton({ href: options.cancel.href, label: options.cancel.label ?? 'Cancel' }),
    })}
  </div>`
}

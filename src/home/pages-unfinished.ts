import { html } from 'hono/html'
import { limits } from '../config.ts'
import { actionButton, linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import type { Html, View } from '../http/html/view.ts'
import { momentInWords } from '../http/html/words.ts'
import type { Unfinished, UnfinishedSignIn } from '../sign-in/look-at-unfinished.ts'

/** Somebody gave the right password and no second step: what, when, from where, what to do (NTF-04). */
export function unfinishedNotice(view: View, { unfinished, until }: Unfinished): Html | null {
  if (until === null) return null
  const many = unfinished.length > 1
  return callout({
    tone: 'danger',
    heading: many
      ? 'Sign-ins with your password were not finished'
      : 'A sign-in with your password was not finished',
    body: html`<p>The password was right, the second step was not passed, and nobody was let in:</p>
      <ul class="effects">
        ${unfinished.map(line)}
      </ul>
      ${unfinished.length === limits.unfinishedShownMax && html`<p>These are the newest.</p>`}
      <p>
        If it was not you, somebody else knows your password: change it now, to one you use nowhere
        else.
      </p>`,
    actions: [
      linkButton({ href: '/settings/password', label: 'Change password', look: 'primary' }),
      actionButton(view, {
        action: '/unfinished-sign-ins/seen',
        label: many ? 'They were all me' : 'It was me',
        hidden: { until: until.toISOString() },
      }),
    ],
  })
}

function line({ at, why, browser, source }: UnfinishedSignIn): Html {
  return html`<li>
    <time datetime="${at.toISOString()}">${momentInWords(at)}</time>, ${browser}, from
    <bdi>${source}</bdi>${why === 'too-many-wrong-codes' && ': too many wrong codes'}
  </li>`
}

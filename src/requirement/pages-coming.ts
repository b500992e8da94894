import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import type { Html } from '../http/html/view.ts'
import { dateInWords, listInWords } from '../http/html/words.ts'
import type { Coming } from './coming.ts'

/** Says on the first pages of a session what a team will require, and leads to the set-up. */
export function comingCallout(coming: Coming | null, now: Date): Html | null {
  if (coming === null) return null
  const { teams, due_at } = coming
  const when = due_at === null ? 'from your next login on' : `from ${dateInWords(due_at, now)} on`
  return callout({
    tone: 'warning',
    body: html`<bdi>${listInWords(teams)}</bdi> ${teams.length > 1 ? 'require' : 'requires'}
      two-step authentication ${when}. Setting it up takes about two minutes.`,
    actions: linkButton({
      href: '/settings/security/set-up',
      label: 'Set it up',
      look: 'primary',
    }),
  })
}

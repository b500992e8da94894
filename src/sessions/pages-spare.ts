import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import type { Html, View } from '../http/html/view.ts'
import { count } from '../http/html/words.ts'
import type { Spare } from './spare.ts'

/** Who came in without a method of their own: what to do if it is lost, and for how long (ENR-07). */
export function spareCallout(view: View, { by, counts_until: until }: Spare): Html {
  const pass = by === 'one-time-pass'
  const when = until === null ? late[by] : inTime(until, view.now)
  return callout({
    tone: 'warning',
    heading: pass ? 'You used a one-time pass' : 'You used a recovery code',
    body: html`<p>
        It is used up now. If your phone is only out of reach for a while, there is nothing to do.
      </p>
      <p>Is it lost or stolen? ${lost[by]} ${when}</p>`,
    actions: linkButton({
      href: '/settings/security/set-up',
      label: 'Set up a new method',
      look: 'primary',
    }),
  })
}

const lost = {
  'recovery-code': 'Set up a new method first, then turn off the lost one on the Security page.',
  'one-time-pass':
    'Set up a new method first, then turn off the lost one below. Make new recovery codes too, if yours are not at hand.',
} as const

function inTime(until: Date, now: Date): string {
  const minutes = Math.max(1, Math.ceil((until.getTime() - now.getTime()) / 60_000))
  return `Do it now: for ${count(minutes, 'minute')} we ask for no further code.`
}

const late = {
  'recovery-code': 'By now that takes another recovery code.',
  'one-time-pass':
    'By now that takes a code. If you can’t get one, sign out, ask for another pass, and do it right after signing in.',
} as const

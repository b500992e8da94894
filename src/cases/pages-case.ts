import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { codeField } from '../http/html/code-field.ts'
import { confirmation } from '../http/html/confirm.ts'
import { countdown } from '../http/html/countdown.ts'
import { doorPage } from '../http/html/door-page.ts'
import { form } from '../http/html/form.ts'
import { icon } from '../http/html/icon.ts'
import { resend } from '../http/html/resend.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, dateWithMoment, masked, momentInWords, timeAgo } from '../http/html/words.ts'
import { sendable, sent } from '../methods/pages-prove.ts'
import type { Stage } from './case.ts'
import type { Screen } from './look.ts'

const root = '/recovery-case'

const headings: Readonly<Record<Stage, string>> = {
  proof: 'Prove that it’s you',
  support: 'Support is making sure that it’s you',
  waiting: 'Approved: now we wait a little',
  'link-sent': 'Check your mailbox',
  'set-up': 'A new method is being set up',
}

/** A recovery as its person follows it: where it stands, what is next, and how to stop it. */
export function casePage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: headings[screen.stage],
    heading: headings[screen.stage],
    lead: html`Recovery of the account ${masked(screen.masked)}, asked for
    ${timeAgo(screen.asked_at, view.now)}.`,
    body: html`${bodies[screen.stage](view, screen)}${steps(screen)}
      ${screen.may_stop && stopButton}
      <p class="hint">
        Nothing of your account has changed. Signing in with your second step stops this, and so
        does the link in our mails about it. Nobody from support asks for your password or a code.
      </p>`,
  })
}

const stopButton = html`<div class="form-end">
  ${linkButton({ href: '/stop-recovery', label: 'This was not me, or I don’t need it' })}
</div>`

const bodies: Readonly<Record<Stage, (view: View, screen: Screen) => Html>> = {
  proof: proofBody,
  support: (view, { expires_at }) =>
    html`<p>
      Your part is done. Support gets in touch with you by a way that it knew before today, until
      ${dateWithMoment(expires_at, view.now)} at the latest. We mail you what comes of it.
    </p>`,
  waiting: (view, { opens_at }) =>
    html`<p>
        ${
          opens_at !== null &&
          html`Time left: <strong>${countdown(opens_at, view.now)}</strong> (until
            ${momentInWords(opens_at)}). `
        }Then
        we mail you a link with which you set up a new method.
      </p>
      <p>
        Why wait? If somebody else pretends to be you, you have this time to see our mails and to
        stop it.
      </p>`,
  'link-sent': (_view, { closes_at }) =>
    html`<p>
      The waiting time is over, and we mailed the link. It works
      once${closes_at !== null && html`, until ${momentInWords(closes_at)}`}. Do it in one go: have
      your phone at hand.
    </p>`,
  'set-up': () =>
    html`<p>
      The link was used, and a new method is being set up in that browser. When it is on, the old
      ones go. Was that not you? Stop it now.
    </p>`,
}

function proofBody(view: View, screen: Screen): Html {
  const { progress, link } = screen
  if (!screen.mailbox_counts) {
    return html`<p>
      This address was never confirmed, so a code mailed to it proves nothing. Sign in with your
      password and choose <em>I can’t use any of these</em>.
    </p>`
  }
  if (progress === null) {
    return html`<p>We mail a code to ${masked(screen.masked)}; enter it here.</p>
      ${form(view, { action: `${root}/mail`, submit: 'Mail me the code' })}`
  }
  return html`<p>Enter the six digits we sent to ${masked(screen.masked)}.</p>
    ${sent(view, progress, '/api/v1/recovery-case/delivery')}${form(view, {
      action: `${root}/code`,
      hidden: { link },
      submit: 'Confirm',
      body: codeField(view, {}),
    })}${resend(view, { action: `${root}/mail`, ...sendable(progress) })}`
}

const order: readonly Stage[] = ['proof', 'support', 'waiting', 'link-sent', 'set-up']

/** The whole way, with how far it is, in words. */
function steps({ stage, wait_hours: hours, password_lost: lost }: Screen): Html {
  const at = order.indexOf(stage)
  const words = [
    'You prove that it’s you.',
    'Support checks it by a contact known before.',
    `A waiting time of ${count(hours, 'hour')}.`,
    'A link by mail, good for 24 hours.',
    lost
      ? 'You choose a new password and set up a new method.'
      : 'You give your password and set up a new method.',
  ]
  return html`<ol class="steps">
    ${words.map(
      (sentence, place) =>
        html`<li ${place === at && html`aria-current="step"`}>
          <span class="count" aria-hidden="true">${place < at ? icon('check') : place + 1}</span>
          <span
            >${place === at ? html`<strong>${sentence}</strong> Now.` : sentence}${
              place < at && ' Done.'
            }</span
          >
        </li>`,
    )}
  </ol>`
}

/** Asks before a recovery is stopped (A11Y-11); the link of a mail leads here by one click. */
export function stopPage(view: View, screen: Screen): Html {
  return doorPage(view, {
    title: 'Stop the recovery',
    heading: 'Stop this recovery?',
    lead: html`Of the account ${masked(screen.masked)}, asked for
    ${timeAgo(screen.asked_at, view.now)}.`,
    body: confirmation(view, {
      action: '/stop-recovery',
      hidden: { link: screen.link },
      effects: [
        'The request ends at once, however far it has come; a link that was mailed stops working.',
        'Nothing of the account changes: its password, methods and sessions stay as they are.',
        'All addresses of the account are told. If help is still needed, it has to be asked for again.',
      ],
      submit: 'Stop it',
      cancel: { href: root, label: 'Back' },
    }),
  })
}

/** It is stopped; says what else is worth doing. */
export function stoppedPage(view: View): Html {
  return doorPage(view, {
    title: 'The recovery is stopped',
    heading: 'Done. The recovery is stopped',
    lead: 'Nothing of the account has changed, and every address of it is told.',
    body: html`<p>
        If somebody else asked for it, they may know your password or read your mailbox. Secure the
        mailbox, then sign in and choose a new password.
      </p>
      <div class="form-end">
        ${linkButton({ href: '/sign-in', label: 'Sign in', look: 'primary' })}
      </div>`,
  })
}

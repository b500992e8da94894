import { html, raw } from 'hono/html'
import { renderSVG } from 'uqr'
import { deliverySentences } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { codeField } from '../http/html/code-field.ts'
import { secretBlock } from '../http/html/copy-block.ts'
import { deliveryStatus } from '../http/html/delivery-status.ts'
import { form } from '../http/html/form.ts'
import { places } from '../http/html/places.ts'
import { qrBox } from '../http/html/qr-box.ts'
import { resend } from '../http/html/resend.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { masked } from '../http/html/words.ts'
import type { Reason } from '../reasons.ts'
import type { PendingView } from './look-at-pending.ts'
import { inSentence } from './pages-words.ts'

const root = '/settings/security/set-up'
const step = 'Step 2 of 2'

type Scanned = Pick<PendingView, 'id' | 'kind' | 'name' | 'shown'>

/**
 * The QR code with the key in text and the link for this device (A11Y-03), and the field for the
 * first code. Only the replies of the set-up's own acts are drawn with it (TOTP-08, TOTP-09).
 */
export function scanPage(view: View, { id, kind, name, shown }: Scanned): Html {
  const { uri = '', key = '' } = shown
  return settingsPage(view, {
    title: 'Scan the QR code',
    step,
    heading: 'Scan this with your app',
    lead: 'Any authenticator app will do: one on your phone, your password manager, or another.',
    current: 'security',
    back: { href: `${root}/${kind}`, label: 'Start again' },
    focus: 'heading',
    body: html`${card({
      body: qrBox({
        svg: raw(renderSVG(uri, { ecc: 'M', border: 2 })),
        label: 'QR code for your authenticator app. The same key stands beside it as text.',
        beside: html`<p>Open your app, choose to add an account, and point the camera here.</p>
          <p>
            ${linkButton({ href: uri, label: 'Open in an authenticator on this device', icon: 'app' })}
          </p>
          ${secretBlock({ label: 'Or type this key into the app', secret: key })}
          <p class="hint">Shown only now. Nobody should ever ask you for it.</p>`,
      }),
    })}${card({
      heading: 'Enter the code it shows',
      lead: html`Six digits from <bdi>${name}</bdi>. Then it is on.`,
      body: html`${codeForm(view, id)}${clockHint(view)}`,
    })}`,
  })
}

/** The field for the first code, where nothing secret is shown: codes that were sent, or after a reload. */
export function pendingPage(view: View, pending: PendingView): Html {
  if (pending.progress === null) return overPage(view, pending)
  const { id, kind, sends, progress } = pending
  return settingsPage(view, {
    title: headings[sends ?? 'app'],
    step,
    heading: headings[sends ?? 'app'],
    lead: lead(pending, progress),
    current: 'security',
    back: { href: `${root}/${kind}`, label: 'Start again' },
    focus: 'heading',
    body: card({
      body: html`${sends && sent(view, progress, `/api/v1/methods/${id}/delivery`)}${codeForm(view, id, sends === 'text')}${
        sends
          ? resend(view, { action: `${root}/pending/${id}/send-again`, ...sendable(progress) })
          : html`${clockHint(view)}
              <p>
                ${linkButton({ href: `${root}/${kind}`, label: 'Start again to see the QR code' })}
              </p>`
      }`,
    }),
  })
}

const headings = {
  text: 'Enter the code from your phone',
  mail: 'Enter the code from your mailbox',
  app: 'Enter the code from your app',
} as const

function lead(pending: PendingView, progress: Progress): string | Html {
  if (pending.sends === null) {
    return 'The QR code is shown only once. If your app has it, enter the six digits it shows.'
  }
  const to = masked(pending.masked ?? '')
  if (progress.sent_at === null) return html`No code has gone to ${to} yet.`
  return html`Enter the six digits we sent to ${to}. They work for 10 minutes.`
}

const notSent: ReadonlySet<Reason | undefined> = new Set([
  'wait-before-sending',
  'too-many-sends',
  'not-delivered',
] as const)

/**
 * What the carrier says, or that nothing could be sent yet (CODE-09); null where the refusal on top
 * of the page says so already.
 */
export function sent(view: View, progress: Progress, url: string): Html | null {
  const missing = progress.sent_at === null || progress.message_state === 'failed'
  if (missing && notSent.has(view.refusal?.reason)) return null
  if (progress.sent_at === null) {
    return callout({
      tone: 'warning',
      body: 'We could not send a code just now, because one was sent a short while ago. Press “Send the code” in a moment.',
    })
  }
  const state = progress.message_state ?? 'waiting'
  return deliveryStatus({ url, state, sentence: deliverySentences[state] })
}

/** When the code may be sent, and what sending it is called: "again" only after the first time. */
export function sendable({ sent_at, resend_at }: Progress) {
  return { after: resend_at, label: sent_at === null ? 'Send the code' : undefined }
}

function codeForm(view: View, id: string, byText = false): Html {
  return form(view, {
    action: `/settings/security/methods/${id}/confirm`,
    submit: 'Turn on',
    secondary: linkButton({ href: places.security, label: 'Cancel' }),
    body: codeField(view, { submitsWhenFull: false, byText }),
  })
}

/** General advice only: nothing tells that a code was nearly right (TOTP-05). */
function clockHint(view: View): Html | null {
  if (view.refusal === null) return null
  return callout({
    tone: 'info',
    icon: 'clock',
    body: 'Codes keep failing? They depend on the time: let your phone set its clock by itself, then wait for the next code.',
  })
}

function overPage(view: View, pending: PendingView): Html {
  return settingsPage(view, {
    title: 'This set-up has ended',
    heading: 'This set-up has ended',
    lead: html`Nothing was turned on. Its time or its tries ran out, or another set-up was started.`,
    current: 'security',
    back: { href: places.security, label: 'Security' },
    focus: 'heading',
    body: linkButton({
      href: `${root}/${pending.kind}`,
      label: `Set up ${inSentence(pending)} again`,
      look: 'primary',
    }),
  })
}

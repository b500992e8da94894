import { html } from 'hono/html'
import { accountName, passwordHint } from '../accounts/pages.ts'
import { badge, strengthBadge } from '../http/html/badge.ts'
import { callout } from '../http/html/callout.ts'
import { choices } from '../http/html/choices.ts'
import { doorPage } from '../http/html/door-page.ts'
import { form } from '../http/html/form.ts'
import { passwordField } from '../http/html/password-field.ts'
import { places } from '../http/html/places.ts'
import type { Html, View } from '../http/html/view.ts'
import { momentInWords } from '../http/html/words.ts'
import type { Offer } from '../methods/offers.ts'
import { appAdvice, codesOf, iconOf, obstacle } from '../methods/pages-words.ts'
import type { RecoverScreen } from './recover.ts'
import type { RecoverySetUp } from './look-at-set-up.ts'

const root = '/recover-account'

/** The page of the link that comes after the wait: the password, or a new one where it is lost. */
export function recoverAccountPage(view: View, screen: RecoverScreen): Html {
  const { password_lost: lost } = screen
  return doorPage(view, {
    title: 'Get back in',
    step: 'Step 1 of 2',
    heading: lost ? 'Choose a new password' : 'Enter your password',
    lead: 'Then you set up a new method. Do both in one go: this link works once.',
    focus: 'field',
    body: form(view, {
      action: root,
      hidden: { link: screen.link },
      submit: 'Continue',
      body: html`${accountName(screen.email)}${passwordField(view, {
          name: 'password',
          label: lost ? 'New password' : 'Password',
          autocomplete: lost ? 'new-password' : 'current-password',
          hint: lost ? passwordHint(screen.password_characters_min) : undefined,
          autofocus: true,
        })}
        <p class="hint">The link is good until ${momentInWords(screen.closes_at)}.</p>`,
    }),
  })
}

/** Which method to set up; no other page opens before one is on (REC-05). */
export function recoverySetUpPage(view: View, { email, offers }: RecoverySetUp): Html {
  return doorPage(view, {
    title: 'Choose a new method',
    step: 'Step 2 of 2',
    heading: 'Choose a new method',
    lead: 'When it is on, the old methods and recovery codes, every session and every trusted device end, and you get ten new codes.',
    who: { email, leave: places.signOut, leaveLabel: 'Sign out' },
    body: html`${choices(view, {
      action: '/recovery-set-up',
      name: 'kind',
      choices: offers.map(toChoice),
    })}${callout({ tone: 'info', icon: 'shield', body: appAdvice })}`,
  })
}

function toChoice(offer: Offer, place: number) {
  const closed = offer.why_not !== null && offer.why_not !== 'phone-missing'
  const stop = closed && offer.why_not !== null ? obstacle(offer.why_not, offer.forbidden_by) : null
  return {
    value: offer.kind,
    icon: iconOf(offer.sends),
    title: codesOf(offer),
    words: offer.about.is,
    badges: html`${place === 0 && !closed && badge('Recommended', 'info')}
    ${strengthBadge(offer.strength)}`,
    forbidden: stop?.why,
  }
}

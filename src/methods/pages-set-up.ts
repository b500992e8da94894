import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { checkbox } from '../http/html/checkbox.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import { methodCards } from '../http/html/method-card.ts'
import type { MethodCard } from '../http/html/method-card.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { listInWords, masked } from '../http/html/words.ts'
import type { Opening } from './look-at-offer.ts'
import type { Offer, Offers } from './offers.ts'
import {
  anotherOf,
  appAdvice,
  codesOf,
  destinationOf,
  iconOf,
  inSentence,
  obstacle,
} from './pages-words.ts'

const back = { href: places.security, label: 'Security' }
const cardsPath = '/settings/security/set-up'

/** The kinds of methods as cards, strongest first, each with why it cannot be used now (ENR-08). */
export function setUpPage(view: View, { offers, methods }: Offers): Html {
  const first = methods.length === 0
  return settingsPage(view, {
    title: first ? 'Set up two-step verification' : 'Add a method',
    heading: first ? 'Set up two-step verification' : 'Add a method',
    lead: 'A second step keeps your account yours, even when somebody learns your password.',
    current: 'security',
    back,
    focus: 'heading',
    body: html`${methodCards(cards(offers, methods))}${callout({ tone: 'info', icon: 'shield', body: appAdvice })}`,
  })
}

function cards(offers: Offers['offers'], methods: Offers['methods']): MethodCard[] {
  return offers.map((offer, place) => {
    const another = offer.several && methods.some((method) => method.kind === offer.kind)
    return toCard(offer, another, place === 0 && !another)
  })
}

function toCard(offer: Offer, another: boolean, recommended: boolean): MethodCard {
  const stop = offer.why_not && obstacle(offer.why_not, offer.forbidden_by)
  return {
    href: `${cardsPath}/${offer.kind}`,
    icon: iconOf(offer.sends),
    title: another ? anotherOf(offer) : codesOf(offer),
    strength: offer.strength,
    words: html`${offer.about.is} ${destinationOf(offer)}`,
    recommended,
    ...(stop && { unavailable: stop.why, remedy: stop.remedy }),
  }
}

type Chosen = { readonly number?: 'other' | undefined }

/** Before a kind's set-up begins: its name, or where codes go and what to accept first (SMS-02). */
export function openingPage(view: View, opening: Opening, { number }: Chosen): Html {
  const { offer } = opening
  return settingsPage(view, {
    title: `Set up ${inSentence(offer)}`,
    step: offer.why_not === null ? 'Step 1 of 2' : undefined,
    heading: `Set up ${inSentence(offer)}`,
    lead: offer.about.is,
    current: 'security',
    back: { href: cardsPath, label: 'All methods' },
    focus: 'heading',
    body: bodyOf(view, opening, number === 'other'),
  })
}

function bodyOf(view: View, opening: Opening, otherPhone: boolean): Html {
  const { offer, other_phone: open } = opening
  if (offer.why_not !== null) return obstacleBody(view, offer)
  return open && otherPhone ? phoneForm(view, offer) : openingBody(view, opening)
}

function obstacleBody(view: View, offer: Offer): Html {
  if (offer.why_not === 'phone-missing') return phoneForm(view, offer)
  const stop = obstacle(offer.why_not ?? 'already-on', offer.forbidden_by)
  return callout({ tone: 'info', body: html`${stop.why} ${stop.remedy}` })
}

/** A number can be given on the spot; it goes into the profile (product.md, Methods 2). */
function phoneForm(view: View, offer: Offer): Html {
  const missing = offer.why_not === 'phone-missing'
  return card({
    body: form(view, {
      action: `${cardsPath}/${offer.kind}/phone`,
      submit: 'Continue',
      secondary: linkButton({ href: cardsPath, label: 'Cancel' }),
      body: html`${missing && html`<p>Your profile has no phone number yet. Give it here.</p>`}${field(
        view,
        {
          name: 'phone',
          label: 'Mobile phone',
          type: 'tel',
          autocomplete: 'tel',
          dir: 'ltr',
          hint: 'Start with + and the country code, like +44 7700 900123. It goes into your profile and is for sign-in security only: codes and warnings, nothing else.',
        },
      )}`,
    }),
  })
}

function openingBody(view: View, opening: Opening): Html {
  const { offer, stronger } = opening
  const { know, notice } = offer.about
  const better =
    stronger &&
    callout({
      tone: 'info',
      icon: 'shield',
      body: appAdvice,
      actions: linkButton({
        href: `${cardsPath}/${stronger.kind}`,
        label: `Set up ${inSentence(stronger)} instead`,
      }),
    })
  return html`${better}${know !== null && callout({ tone: 'warning', body: know })}${card({
    body: form(view, {
      action: `${cardsPath}/${offer.kind}`,
      submit: offer.sends === null ? 'Continue' : 'Send a code',
      secondary: linkButton({ href: cardsPath, label: 'Cancel' }),
      body: html`${offer.several ? nameField(view, opening.suggested_name) : destination(view, opening)}${notice && noticeFields(view, notice.sentences)}`,
    }),
  })}`
}

function nameField(view: View, suggested: string): Html {
  return field(view, {
    name: 'name',
    label: 'Name of this app',
    value: suggested,
    autocomplete: 'off',
    dir: 'auto',
    hint: 'You see it when you choose a method. With several apps it tells them apart: “Work phone”.',
  })
}

function destination(view: View, { offer, other_phone: other }: Opening): Html {
  const change = other
    ? html`<a href="${cardsPath}/${offer.kind}?number=other">Use another number</a>`
    : !view.restricted && html`<a href="${places.profile}">Change it in your profile</a>`
  return html`<p>Codes will go to <strong>${masked(offer.masked ?? '')}</strong>. ${change}</p>
    <p class="hint">
      For two-step verification we use this only to send codes and security notices to you.
    </p>`
}

function noticeFields(view: View, sentences: readonly string[]): Html {
  return html`${callout({
    tone: 'warning',
    heading: 'Before you turn it on',
    body: html`<ul class="effects">
      ${sentences.map((sentence) => html`<li><span>${sentence}</span></li>`)}
    </ul>`,
  })}${checkbox(view, {
    name: 'notice_accepted',
    label: 'I have read this and want to use text messages',
    required: true,
  })}`
}

/** After the first method: a second one, which may be skipped (ENR-08). */
export function secondMethodPage(view: View, { offers, methods }: Offers): Html {
  const open = offers.filter((offer) => offer.why_not !== 'already-on')
  return settingsPage(view, {
    title: 'Add a second method',
    heading: 'Add a second method?',
    lead: html`<bdi>${listInWords(methods.map(({ name }) => name))}</bdi> is on. If it is ever lost
      or broken, a second method gets you in without trouble.`,
    current: 'security',
    focus: 'heading',
    body: html`${methodCards(cards(open, methods))}
      <p>${linkButton({ href: `${cardsPath}/done`, label: 'Skip for now' })}</p>`,
  })
}

/** The end of a set-up, and what happens the next time. */
export function donePage(view: View, { methods, wanted }: Offers): Html {
  const codes = methods.map((method) => codeFrom(method))
  const asked = methods.find((method) => method.last_used) ?? methods[0]
  return settingsPage(view, {
    title: 'Two-step verification is on',
    heading: 'Two-step verification is on',
    lead: 'From now on, your password alone opens nothing.',
    current: 'security',
    focus: 'heading',
    body: html`${card({
      heading: 'The next time you sign in',
      body: list([
        { icon: 'key', title: 'Your email and password', details: ['As always.'] },
        {
          icon: iconOf(asked?.sends ?? null),
          title: 'Then a verification code',
          details: [
            html`Six digits ${asked ? codeFrom(asked) : 'from your method'}.`,
            ...(codes.length > 1
              ? [
                  'You can choose another of your methods there.',
                  'Is one of them lost? Turn it off on the Security page.',
                ]
              : []),
          ],
        },
        {
          icon: 'device',
          title: 'On your own devices less often',
          details: ['Tick “Remember This Device”, and you are not asked there for 14 days.'],
        },
        {
          icon: 'lock',
          title: 'When nothing else is at hand',
          details: ['One of your recovery codes gets you in. Each works once.'],
        },
      ]),
    })}
    ${
      wanted === null
        ? linkButton({ href: places.security, label: 'Go to Security', look: 'primary' })
        : html`<div class="form-end">
            ${linkButton({ href: wanted, label: 'Continue', look: 'primary' })}${linkButton({ href: places.security, label: 'Go to Security' })}
          </div>`
    }`,
  })
}

function codeFrom(method: Offers['methods'][number]): Html {
  if (method.masked !== null) return html`sent to ${masked(method.masked)}`
  return html`from <bdi>${method.name}</bdi>`
}

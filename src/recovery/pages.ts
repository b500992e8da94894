import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { checkbox } from '../http/html/checkbox.ts'
import { confirmation } from '../http/html/confirm.ts'
import { recoveryCodesBlock } from '../http/html/copy-block.ts'
import { definitions } from '../http/html/definitions.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { form } from '../http/html/form.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment } from '../http/html/words.ts'
import { spareCallout } from '../sessions/pages-spare.ts'
import type { RecoverySeen, RecoveryView } from './look.ts'

const root = '/settings/security/recovery-codes'
const back = { href: places.security, label: 'Security' }
const fewCodes = 3

/** Fresh codes, shown this once (RC-01); `next` is where the tick leads. */
export function freshCodesPage(view: View, codes: readonly string[], next: string | null): Html {
  return settingsPage(view, {
    title: 'Save your recovery codes',
    heading: 'Save your recovery codes',
    lead: 'They get you in when your other methods are out of reach. Each works once. You will not see them again.',
    current: 'security',
    focus: 'heading',
    body: card({
      body: html`${recoveryCodesBlock({
          codes,
          productName: view.productName,
          email: view.account?.email ?? '',
          now: view.now,
        })}
        <p class="hint">
          Keep them where only you can find them: in your password manager, or printed with your
          important papers.
        </p>
        ${savedForm(view, 'Continue', next)}`,
    }),
  })
}

/** How many codes are left, and the way to new ones; never the codes themselves. */
export function recoveryPage(view: View, { recovery, may_make: may, spare }: RecoverySeen): Html {
  return settingsPage(view, {
    title: 'Recovery codes',
    heading: 'Recovery codes',
    lead: 'Codes for the day when your other methods are out of reach. Each works once, after your password.',
    current: 'security',
    back,
    body:
      recovery === null
        ? noneYet(may)
        : html`${spare && spareCallout(view, spare)}${state(recovery)}${setCard(view, recovery)}`,
  })
}

function noneYet(may: boolean): Html {
  const make = { href: `${root}/new`, label: 'Make recovery codes' }
  const setUp = { href: '/settings/security/set-up', label: 'Set up a method' }
  return card({
    body: emptyState({
      icon: 'key',
      heading: 'No recovery codes yet',
      words: may
        ? 'Make ten of them now: they get you in when your other methods are out of reach.'
        : 'You get ten of them when you turn on your first method.',
      action: linkButton({ ...(may ? make : setUp), look: 'primary' }),
    }),
  })
}

function state({ codes_left: left }: RecoveryView): Html | null {
  const more = html`${linkButton({ href: `${root}/new`, label: 'Make new codes', look: 'primary' })}${linkButton({ href: '/settings/security/set-up', label: 'Add a method' })}`
  if (left === 0) {
    return callout({
      tone: 'danger',
      heading: 'All your recovery codes are used',
      body: 'Make a new set now. Until then no other page opens.',
      actions: more,
    })
  }
  if (left > fewCodes) return null
  return callout({
    tone: 'warning',
    heading: left === 1 ? 'Only one code is left' : `Only ${left} codes are left`,
    body: 'Make a new set while you can.',
    actions: more,
  })
}

function setCard(view: View, set: RecoveryView): Html {
  const saved = set.saved_at === null ? 'Not confirmed yet' : dateWithMoment(set.saved_at, view.now)
  return card({
    heading: `${set.codes_left} of ${set.codes_made} left`,
    actions:
      set.codes_left > fewCodes
        ? linkButton({ href: `${root}/new`, label: 'Make new codes' })
        : undefined,
    body: html`${definitions([
      { term: 'Made', value: dateWithMoment(set.made_at, view.now) },
      { term: 'Saved by you', value: saved },
    ])}${
      set.saved_at === null &&
      html`<p>Did you keep them? If you are not sure, make new ones: we can’t show these again.</p>
        ${savedForm(view, 'Confirm', null)}`
    }`,
  })
}

function savedForm(view: View, submit: string, next: string | null): Html {
  return form(view, {
    action: `${root}/saved`,
    hidden: next === null ? {} : { return_to: next },
    submit,
    body: checkbox(view, {
      name: 'saved',
      label: 'I have saved my recovery codes',
      required: true,
    }),
  })
}

/** Asks before a new set voids the old one (A11Y-11, RC-05). */
export function newCodesPage(view: View, { recovery, may_make: may }: RecoverySeen): Html {
  return settingsPage(view, {
    title: 'Make new recovery codes',
    heading: 'Make new recovery codes?',
    current: 'security',
    back: { href: root, label: 'Recovery codes' },
    focus: 'heading',
    body:
      recovery === null && !may
        ? noneYet(may)
        : card({
            body: confirmation(view, {
              action: root,
              effects: [
                'You get ten new codes, shown once.',
                recovery === null
                  ? 'Each works once, after your password, when your methods are out of reach.'
                  : 'The codes you have now stop working at once, saved or printed.',
                'Every trusted device is forgotten, and all your other sessions end.',
              ],
              submit: 'Make new codes',
              danger: false,
              cancel: { href: root },
            }),
          }),
  })
}

/** The codes as a part of the Security page. */
export function recoveryCard(view: View, set: RecoveryView): Html {
  return card({
    id: 'recovery-codes',
    heading: 'Recovery codes',
    lead: html`${set.codes_left} of ${set.codes_made} left · Made
    ${dateWithMoment(set.made_at, view.now)} ·
    ${set.saved_at === null ? 'Not marked as saved' : 'Saved'}`,
    actions: html`${linkButton({ href: `${root}/new`, label: 'Make new codes' })}${linkButton({ href: root, label: 'See', about: 'recovery codes', look: 'quiet' })}`,
  })
}

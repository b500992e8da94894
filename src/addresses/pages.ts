import { html } from 'hono/html'
import { badge } from '../http/html/badge.ts'
import { actionButton, linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { doorPage } from '../http/html/door-page.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment, masked } from '../http/html/words.ts'
import type { ChangeSeen } from './confirm-change.ts'
import type { Addresses } from './look.ts'
import type { FoundAddressLink, NotificationAddress } from './store.ts'

const root = places.email
const back = { href: root, label: 'Email' }

/** The account's address, a change of it that waits, and further addresses for notices. */
export function emailPage(view: View, addresses: Addresses): Html {
  return settingsPage(view, {
    title: 'Email',
    heading: 'Email',
    lead: 'You sign in with your address, and we tell you there when something about your account changes.',
    current: 'email',
    body: html`${addresses.pending && pendingCallout(view, addresses.pending)}${card({
      heading: 'Your address',
      body: list([own(view, addresses)]),
    })}${othersCard(view, addresses)}`,
  })
}

function pendingCallout(view: View, pending: NonNullable<Addresses['pending']>): Html {
  return callout({
    tone: 'info',
    heading: 'A change is waiting',
    body: html`Open the link we mailed to <bdi>${pending.email}</bdi>. It works until
      ${dateWithMoment(pending.expires_at, view.now)}. Until then your present address stays in
      force.`,
    actions: actionButton(view, { action: `${root}/cancel`, label: 'Cancel the change' }),
  })
}

function own(view: View, { email, email_verified }: Addresses): Item {
  return {
    icon: 'mail',
    title: email,
    badges: email_verified
      ? badge('Confirmed', 'good', 'check')
      : badge('Not confirmed yet', 'warning', 'warning'),
    details: email_verified
      ? undefined
      : ['Open the link we mailed to you. Nothing there? We can send it again.'],
    actions: html`${
      !email_verified &&
      actionButton(view, {
        action: `${places.profile}/verify-email`,
        label: 'Send the link again',
      })
    }${linkButton({ href: `${root}/change`, label: 'Change', about: email })}`,
  }
}

function othersCard(view: View, { others, room }: Addresses): Html {
  return card({
    id: 'others',
    heading: 'More addresses for security notices',
    lead: 'Notices about your account go there as well, so that you hear of a change even when somebody got into your mailbox. Nothing else is sent there, and nobody signs in with them.',
    actions:
      others.length > 0 && room > 0
        ? linkButton({ href: `${root}/others/add`, label: 'Add an address', icon: 'plus' })
        : undefined,
    body: list(
      others.map((one) => other(view, one)),
      emptyState({
        icon: 'mail',
        heading: 'No further address',
        words: 'A second mailbox, at another provider, is best.',
        action: linkButton({ href: `${root}/others/add`, label: 'Add an address', icon: 'plus' }),
      }),
    ),
  })
}

function other(view: View, { id, email, created_at, verified_at }: NotificationAddress): Item {
  return {
    icon: 'mail',
    title: email,
    badges:
      verified_at === null
        ? badge('Not confirmed yet', 'warning', 'warning')
        : badge('Confirmed', 'good', 'check'),
    details: [html`Added ${dateWithMoment(created_at, view.now)}`],
    actions: linkButton({
      href: `${root}/others/${id}/remove`,
      label: 'Remove',
      about: email,
      look: 'quiet',
    }),
  }
}

/** Asks for the new address. */
export function changePage(view: View, { email }: Addresses): Html {
  return settingsPage(view, {
    title: 'Change your address',
    heading: 'Change your address',
    current: 'email',
    back,
    focus: 'heading',
    body: card({
      body: form(view, {
        action: `${root}/change`,
        submit: 'Mail me the link',
        secondary: linkButton({ href: root, label: 'Cancel' }),
        body: html`${newAddress(view)}
          <ul class="effects">
            <li>We mail a link to the new address, and tell <bdi>${email}</bdi>.</li>
            <li>Nothing changes before that link is used.</li>
            <li>
              Then you sign in with the new address; every session and trusted device ends, and
              codes by email go there.
            </li>
          </ul>`,
      }),
    }),
  })
}

/** Asks for a further address. */
export function addPage(view: View): Html {
  return settingsPage(view, {
    title: 'Add an address for notices',
    heading: 'Add an address for notices',
    lead: 'We mail a link there. It gets notices once you have used that link.',
    current: 'email',
    back,
    focus: 'heading',
    body: card({
      body: form(view, {
        action: `${root}/others`,
        submit: 'Mail the link',
        secondary: linkButton({ href: root, label: 'Cancel' }),
        body: newAddress(view),
      }),
    }),
  })
}

function newAddress(view: View): Html {
  return field(view, {
    name: 'email',
    label: 'New address',
    type: 'email',
    autocomplete: 'email',
    dir: 'ltr',
  })
}

/** Asks before an address for notices goes. */
export function removePage(view: View, { id, email }: NotificationAddress): Html {
  return settingsPage(view, {
    title: 'Remove an address for notices',
    heading: html`Remove <bdi>${email}</bdi>?`,
    current: 'email',
    back,
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `${root}/others/${id}/remove`,
        effects: ['No more notices go there.', 'All your addresses are told, this one once more.'],
        submit: 'Remove the address',
        cancel: { href: root },
      }),
    }),
  })
}

/** Puts a new address in force, by a button: opening the link changes nothing (EML-04). */
export function confirmChangePage(view: View, { id, email, masked: present }: ChangeSeen): Html {
  return doorPage(view, {
    title: 'Use the new address',
    heading: 'Use the new address?',
    lead: html`Instead of ${masked(present)} you then sign in with <bdi>${email}</bdi>.`,
    body: confirmation(view, {
      action: view.path,
      hidden: { link: id },
      effects: [
        'Every session and trusted device ends; sign in again with the new address.',
        'Codes by email, and all notices, go to the new address.',
        'Both addresses are told.',
      ],
      submit: 'Use the new address',
      danger: false,
      cancel: { href: places.home, label: 'Not now' },
    }),
  })
}

/** Lets an address count for notices, by a button. */
export function confirmAddressPage(view: View, { id, email }: FoundAddressLink): Html {
  return doorPage(view, {
    title: 'Get security notices here',
    heading: 'Get security notices here?',
    lead: html`Notices about an account would also go to <bdi>${email}</bdi>.`,
    body: html`${form(view, { action: view.path, hidden: { link: id }, submit: 'Yes, send them here' })}
      <p class="hint">If you did not expect this, close this page: nothing will be sent.</p>`,
  })
}

/** The further address counts. */
export function addressCountsPage(view: View, email: string): Html {
  return doorPage(view, {
    title: 'Notices go here too',
    heading: 'Thank you, that’s confirmed',
    lead: html`Security notices now go to <bdi>${email}</bdi> as well.`,
    body: html`<div class="form-end">
      ${linkButton({ href: places.home, label: 'Continue', look: 'primary' })}
    </div>`,
  })
}

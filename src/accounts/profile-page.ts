import { html } from 'hono/html'
import { badge } from '../http/html/badge.ts'
import { actionButton, linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import type { ProfileSeen } from './look-at-profile.ts'
import { phoneInGroups } from './phone.ts'

/** Name, phone and address of the person signed in. */
export function profilePage(view: View, profile: ProfileSeen): Html {
  return settingsPage(view, {
    title: 'Profile',
    heading: 'Profile',
    current: 'profile',
    body: html`${card({ heading: 'About you', body: aboutYou(view, profile) })}${card({
      heading: 'Email address',
      id: 'email',
      actions: linkButton({ href: places.email, label: 'Change', about: 'email address' }),
      body: list([address(view, profile)]),
    })}`,
  })
}

function aboutYou(view: View, profile: ProfileSeen): Html {
  return form(view, {
    action: places.profile,
    submit: 'Save',
    body: html`${field(view, {
      name: 'name',
      label: 'Name',
      autocomplete: 'name',
      dir: 'auto',
      value: profile.name,
    })}${field(view, {
      name: 'phone',
      label: 'Mobile phone',
      type: 'tel',
      autocomplete: 'tel',
      dir: 'ltr',
      required: false,
      value: profile.phone === null ? '' : phoneInGroups(profile.phone),
      hint: html`Start with + and the country code, like +44 7700 900123. It is for sign-in security
      only: text messages with verification codes and warnings. It is not used for search,
      advertising or anything else.`,
    })}
    ${profile.phone !== null && changeHint}`,
  })
}

const changeHint = html`<p class="hint">
  When you change it, texts keep going to the number you turned them on with, until you move them on
  the <a href="${places.security}">Security page</a>.
</p>`

function address(view: View, { email, email_verified }: ProfileSeen): Item {
  const item = { icon: 'mail', title: email } as const
  if (email_verified) return { ...item, badges: badge('Confirmed', 'good', 'check') }
  return {
    ...item,
    badges: badge('Not confirmed yet', 'warning', 'warning'),
    details: ['Open the link we mailed to you. Nothing there? We can send it again.'],
    actions: actionButton(view, {
      action: `${places.profile}/verify-email`,
      label: 'Send the link again',
    }),
  }
}

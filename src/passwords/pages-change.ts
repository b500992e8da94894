import { html } from 'hono/html'
import { accountName, passwordHint } from '../accounts/pages.ts'
import { card } from '../http/html/card.ts'
import { form } from '../http/html/form.ts'
import { passwordField } from '../http/html/password-field.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'

/** The password: the present one, then the new one. Says what ends with it. */
export function changePage(
  view: View,
  found: { readonly email: string; readonly password_characters_min: number },
): Html {
  return settingsPage(view, {
    title: 'Password',
    heading: 'Password',
    lead: 'Change it when somebody else may know it. There is no need to change it just because time has passed.',
    current: 'password',
    body: card({
      heading: 'Change your password',
      lead: 'You stay signed in here. Every other session ends, and each trusted device is asked for a code again.',
      body: form(view, {
        action: places.password,
        submit: 'Change password',
        body: html`${accountName(found.email)}${passwordField(view, {
          name: 'current_password',
          label: 'Current password',
          autocomplete: 'current-password',
          hint: html`Forgotten? <a href="${places.forgotPassword}">Get a link by mail</a> instead.`,
        })}${passwordField(view, {
          name: 'new_password',
          label: 'New password',
          autocomplete: 'new-password',
          hint: passwordHint(found.password_characters_min),
        })}`,
      }),
    }),
  })
}

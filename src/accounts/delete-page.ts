import { html } from 'hono/html'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { field } from '../http/html/field.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import type { DeletionSeen } from './delete-account.ts'

/** Where a person deletes their account. */
export const deletePath = '/settings/delete-account'

/** Asks before an account is deleted, and says what goes and what stays (A11Y-11). */
export function deletePage(view: View, { email, teams }: DeletionSeen): Html {
  return settingsPage(view, {
    title: 'Delete your account',
    heading: 'Delete your account?',
    current: 'profile',
    back: { href: places.profile, label: 'Profile' },
    body: card({
      body: confirmation(view, {
        action: deletePath,
        effects: [
          'Your profile, password, methods, phone number, recovery codes, trusted devices and sessions are deleted at once, for good. Nobody can bring them back.',
          'You leave every team, and API keys that you made stop working.',
          ...teams.map(
            (name) => html`The team <bdi>${name}</bdi> is deleted too: nobody else is in it.`,
          ),
          'The security log keeps its lines for its usual time. They name a number, which then belongs to nobody, and network addresses.',
          'We mail you once that it was done.',
        ],
        body: field(view, {
          name: 'email',
          label: 'Your email address',
          type: 'email',
          autocomplete: 'off',
          dir: 'ltr',
          hint: html`To be sure, type it as it is: <bdi>${email}</bdi>`,
        }),
        submit: 'Delete my account',
        cancel: { href: places.profile },
      }),
    }),
  })
}

import { html } from 'hono/html'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { field } from '../http/html/field.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import type { HandOverView } from './hand-over.ts'

/** Asks the owner to whom the team goes, and spells out what that means. */
export function handOverPage(view: View, { admins, to, required }: HandOverView): Html {
  const team = html`<bdi>${view.team?.name}</bdi>`
  const general = `/teams/${view.team?.id}/general`
  return settingsPage(view, {
    title: `Hand ${view.team?.name} over`,
    heading: html`Hand ${team} over?`,
    lead: 'Somebody else in the team becomes its owner. A team has exactly one.',
    current: 'team-general',
    back: { href: general, label: 'General' },
    focus: 'heading',
    body: card({
      body: confirmation(view, {
        action: `/teams/${view.team?.id}/hand-over`,
        effects: [
          html`The new owner can do everything in ${team}, and gives and takes roles.`,
          'You become an admin. Only the new owner can make you its owner again.',
          ...(required
            ? [
                html`${team} requires two-step authentication, so the new owner must have a method
                that counts there.`,
              ]
            : []),
          'You are both told by mail.',
        ],
        body: html`${field(view, {
          name: 'email',
          label: 'Email address of the new owner',
          type: 'email',
          autocomplete: 'off',
          dir: 'ltr',
          value: to?.email,
          hint: 'Somebody who is in the team already.',
        })}${adminsOf(view, admins)}`,
        submit: 'Hand the team over',
        cancel: { href: general },
      }),
    }),
  })
}

function adminsOf(view: View, admins: HandOverView['admins']): Html | null {
  if (admins.length === 0) return null
  return html`<p class="soft">
    Fill in an admin:
    ${admins.map(
      ({ id, name }, place) =>
        html`${place > 0 && ' · '}<a href="/teams/${view.team?.id}/hand-over?to=${id}"
            ><bdi>${name}</bdi></a
          >`,
    )}
  </p>`
}

import { html } from 'hono/html'
import { actionButton, linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { confirmation } from '../http/html/confirm.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, dateInWords } from '../http/html/words.ts'
import { teamPlaces } from './places.ts'
import { dayFrom } from './pages-words.ts'
import type { Standing } from './turn-off.ts'
import { dayOf } from './wanted.ts'

/** Asks before the requirement is turned off. */
export function turnOffPage(view: View, standing: Standing): Html {
  const at = teamPlaces(standing.team)
  return page(view, standing, {
    heading: 'Turn the requirement off?',
    body: confirmation(view, {
      action: at.off,
      hidden: { version: String(standing.policy.version) },
      effects: [
        html`<bdi>${standing.team_name}</bdi> no longer requires two-step authentication, from now
          on.`,
        'Members keep the methods they have and may turn them off. Nobody is asked to set one up.',
        'A password that leaks then opens every account that has no second step.',
        'The owner is told, with your name. The members are not mailed.',
        'Turning it on again starts anew: a date you choose then counts from that day.',
      ],
      submit: 'Turn it off',
      cancel: { href: at.security, label: 'Keep it' },
    }),
  })
}

/** Chooses until when the requirement rests; the next page asks. */
export function pausePage(view: View, standing: Standing): Html {
  const at = teamPlaces(standing.team)
  const { policy, first_day, last_day } = standing
  const hidden = { version: String(policy.version) }
  const [first, last] = [first_day, last_day].map((day) => dateInWords(day, view.now))
  const day = field(view, {
    name: 'paused_until',
    label: 'Paused until',
    type: 'date',
    autocomplete: 'off',
    min: dayOf(first_day),
    max: dayOf(last_day),
    hint: `From ${first} to ${last}. It is required again from the beginning of that day, 0:00 UTC.`,
    value: policy.paused_until ?? '',
  })
  return page(view, standing, {
    heading: policy.paused_until === null ? 'Pause the requirement' : 'Change the pause',
    body: html`<p>
        Until that day nobody is asked to set up a method. The methods that members have stay on.
        The next page shows what will happen, and asks.
      </p>
      ${form(view, {
        action: at.pause,
        hidden,
        body: day,
        submit: 'Go on to the summary',
        secondary: linkButton({ href: at.security, label: 'Cancel' }),
      })}`,
    more:
      policy.paused_until === null
        ? null
        : card({
            heading: `It is paused until ${dayFrom(policy.paused_until, view.now)}`,
            body: actionButton(view, {
              action: at.pause,
              label: 'End the pause now',
              hidden: { ...hidden, paused_until: '' },
            }),
          }),
  })
}

/** Asks before everybody who is not ready is mailed. */
export function remindPage(
  view: View,
  { team, due, lately }: { team: string; due: number; lately: number },
): Html {
  const at = teamPlaces(team)
  const today =
    lately === 0
      ? []
      : [`${count(lately, 'member')} had one in the last 24 hours and get none now.`]
  const body =
    due === 0
      ? html`<p>
            ${lately === 0 ? 'Everybody is ready or exempt.' : 'Everybody who is not ready was reminded in the last 24 hours.'}
          </p>
          <div class="form-end">
            ${linkButton({ href: at.security, label: 'Back to General' })}
          </div>`
      : confirmation(view, {
          action: at.remind,
          effects: [
            `${count(due, 'member')} who ${due === 1 ? 'is not ready gets' : 'are not ready get'} a mail that says what to do, and by when.`,
            ...today,
            'Whoever becomes ready before the mail goes out gets none.',
          ],
          submit: `Remind ${count(due, 'member')}`,
          danger: false,
          cancel: { href: at.security },
        })
  return page(view, { team }, { heading: 'Remind those who are not ready', body })
}

function page(
  view: View,
  { team }: Pick<Standing, 'team'>,
  { heading, body, more = null }: { heading: string; body: Html; more?: Html | null },
): Html {
  return settingsPage(view, {
    title: heading,
    heading,
    current: 'team-general',
    back: { href: teamPlaces(team).security, label: 'General' },
    focus: 'heading',
    body: html`${card({ body })}${more}`,
  })
}

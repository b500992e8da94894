import { html } from 'hono/html'
import { limits } from '../config.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { checkbox } from '../http/html/checkbox.ts'
import { field } from '../http/html/field.ts'
import { figures } from '../http/html/figures.ts'
import { form } from '../http/html/form.ts'
import { radios } from '../http/html/radios.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import { textArea } from '../http/html/text-area.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, dateInWords } from '../http/html/words.ts'
import type { Effect, Impact } from './impact.ts'
import type { Panel } from './look-at-policy.ts'
import { previewsBlock } from './pages-confirm.ts'
import { switchLabel } from './pages-general.ts'
import { setUpPlace, teamPlaces } from './places.ts'
import { dayOf } from './wanted.ts'

/**
 * The panel that the switch opens: whom it concerns, when it begins, what counts. It changes nothing
 * (product.md, Teams 2).
 */
export function panelPage(view: View, panel: Panel): Html {
  const at = teamPlaces(panel.team)
  const { required } = panel.policy
  return settingsPage(view, {
    title: required ? 'What your team requires' : switchLabel,
    heading: required ? 'What your team requires' : switchLabel,
    lead: 'Nothing changes yet: the next page shows what will happen, and asks.',
    current: 'team-general',
    back: { href: at.security, label: 'General' },
    focus: 'heading',
    body: html`${panel.unprotected && protectYourself()}${concerned(panel)}${wishes(view, panel)}`,
  })
}

function protectYourself(): Html {
  return callout({
    tone: 'warning',
    heading: 'First protect your own account',
    body: 'Whoever asks this of others needs it too. Set up a method of your own, then come back.',
    actions: linkButton({ href: setUpPlace, label: 'Set it up', look: 'primary' }),
  })
}

function concerned({ team, impact }: Panel): Html {
  const { members } = teamPlaces(team)
  const { not_ready, exempt, weak_only, signed_in, open_sessions } = impact
  const asked = not_ready - exempt
  const everybody = figures([
    { number: impact.ready, label: 'ready', href: members('ready') },
    { number: not_ready, label: 'not ready', href: members('not-ready') },
    { number: exempt, label: 'of them exempt', href: members('exempt') },
    { number: impact.pending_invitations, label: 'invited, asked when they join' },
  ])
  const missing = figures([
    { number: signed_in, label: `signed in now, ${count(open_sessions, 'open session')}` },
    { number: impact.never_signed_in, label: 'never signed in', href: members('never') },
    { number: impact.long_ago, label: 'not here for 30 days' },
    { number: weak_only, label: 'with a method that does not count' },
    { number: impact.unreachable, label: 'nobody can reach', href: members('unreachable') },
  ])
  return card({
    heading: 'Who is affected',
    lead: html`${count(impact.members, 'member')}, as of now and with the methods that count now.`,
    body: html`${everybody}${
      asked > 0 &&
      html`<p class="label">Of the ${asked} who ${asked === 1 ? 'is' : 'are'} to set up a method</p>
        ${missing}`
    }${impact.unreachable > 0 && unreachable(impact)}`,
  })
}

function unreachable({ unreachable: number }: Impact): Html {
  return html`<p class="soft">
    ${count(number, 'person', 'people')} never confirmed their email address. Our mail may not reach
    them, and without the code in it they can’t set up a first method. Ask them another way.
  </p>`
}

function wishes(view: View, panel: Panel): Html {
  const { policy, impact } = panel
  const at = teamPlaces(panel.team)
  return card({
    heading: 'How',
    body: form(view, {
      action: at.panel,
      hidden: { version: String(policy.version) },
      submit: 'Go on to the summary',
      secondary: linkButton({ href: at.security, label: 'Cancel' }),
      body: html`${whenField(view, panel)}${field(view, {
        name: 'joiner_days',
        label: 'Days for members who join later',
        inputmode: 'numeric',
        autocomplete: 'off',
        hint: `Within these days they set up a method; 0 means at once. At most ${limits.graceDaysMax}.`,
        value: String(policy.joiner_days),
      })}${methodsField(view, impact.methods)}${field(view, {
        name: 'trust_days',
        label: 'Days for which a trusted device counts',
        inputmode: 'numeric',
        autocomplete: 'off',
        hint: `This long “Remember This Device” stands in for the code; 0 forbids it. At most ${limits.trustLifetimeDays}.`,
        value: String(policy.trust_days),
      })}${textArea(view, {
        name: 'words',
        label: 'Your own words to the members',
        required: false,
        charactersMax: limits.ownWordsCharactersMax,
        hint: 'They stand in the mail that every member gets: why you do this, whom to ask. Addresses in them can’t be clicked.',
      })}${previewsBlock(panel.previews, 'The mail without your words')}`,
    }),
  })
}

function whenField(view: View, { policy, impact, first_day, last_day }: Panel): Html {
  const [first, last] = [first_day, last_day].map((day) => dateInWords(day, view.now))
  const open = count(impact.open_sessions, 'open session')
  return radios(view, {
    name: 'bites',
    legend: 'When it begins',
    chosen: policy.bites,
    radios: [
      {
        value: 'next-login',
        label: 'At each member’s next login',
        hint: 'Sessions that are open now go on until they end.',
      },
      {
        value: 'date',
        label: 'From a date',
        hint: 'On that day also in sessions that are open. Reminders go out 7, 3 and 1 days before.',
        body: field(view, {
          name: 'date',
          label: 'Date',
          type: 'date',
          autocomplete: 'off',
          withChoice: true,
          min: dayOf(first_day),
          max: dayOf(last_day),
          hint: `From ${first} to ${last}. The day begins at 0:00 UTC.`,
          value: policy.date ?? '',
        }),
      },
      {
        value: 'now',
        label: 'Now',
        hint: `Also in sessions that are open: ${open} of members who are not ready lead to the set-up at the next click.`,
      },
    ],
  })
}

/** The methods that may be forbidden, each with what that would do. */
function methodsField(view: View, methods: readonly Effect[]): Html {
  return html`<fieldset class="field">
    <legend>Methods that count</legend>
    ${methods.map((one) =>
      one.always
        ? html`<p class="hint">
            ${one.title} always counts: ${count(one.members, 'person has', 'people have')} it.
          </p>`
        : checkbox(view, {
            name: `allow_${one.strength}`,
            label: one.title,
            hint: effectOf(one),
            ticked: one.allowed,
          }),
    )}
  </fieldset>`
}

function effectOf({ title, only, members, strength }: Effect): string {
  const weak =
    strength === 'weakest' ? 'The weakest choice: whoever reads the mailbox has the code.' : ''
  const use = `${count(members, 'person has', 'people have')} it;`
  const alone =
    only === 0
      ? 'nobody has it alone.'
      : `${count(only, 'person uses', 'people use')} only ${title}. Without it, they use it one last time to set up another method.`
  return `${use} ${alone} ${weak}`.trim()
}

import { html } from 'hono/html'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { definitions } from '../http/html/definitions.ts'
import { field } from '../http/html/field.ts'
import { figures, progressBar } from '../http/html/figures.ts'
import { form } from '../http/html/form.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import { switchButton } from '../http/html/switch.ts'
import type { Html, View } from '../http/html/view.ts'
import { count, dateWithMoment } from '../http/html/words.ts'
import type { General, Readiness } from './general.ts'
import { teamPlaces } from './places.ts'
import { ownPlaceCard } from './pages-mine.ts'
import { beginning, dayFrom, listOfMethods } from './pages-words.ts'

/** The words of the switch (A3). */
export const switchLabel = 'Require two-step authentication for your team'

/** A team's General page: what it is first, then Security with the switch (A3). */
export function generalPage(view: View, general: General): Html {
  return settingsPage(view, {
    title: 'General',
    heading: 'General',
    lead: html`<bdi>${general.name}</bdi>, and what it asks of its members.`,
    current: 'team-general',
    body: html`${aboutCard(view, general)}${securityCard(view, general)}${ownPlaceCard(view)}`,
  })
}

function aboutCard(view: View, general: General): Html {
  const facts = definitions([
    { term: 'Owner', value: general.owner ?? 'Nobody' },
    { term: 'Members', value: String(general.members) },
    { term: 'Since', value: dateWithMoment(general.created_at, view.now) },
  ])
  const name = form(view, {
    action: teamPlaces(general.team).name,
    submit: 'Save',
    body: field(view, {
      name: 'name',
      label: 'Name of the team',
      autocomplete: 'organization',
      dir: 'auto',
      value: general.name,
    }),
  })
  return card({ heading: 'Team', body: general.role === 'member' ? facts : html`${name}${facts}` })
}

function securityCard(view: View, general: General): Html {
  const { policy, role } = general
  if (role === 'member') {
    return card({ id: 'security', heading: 'Security', body: asked(view, general) })
  }
  const at = teamPlaces(general.team)
  return card({
    id: 'security',
    heading: 'Security',
    body: html`${switchButton({
        action: policy.required ? at.off : at.panel,
        label: switchLabel,
        on: policy.required,
        describedBy: 'switch-words',
      })}
      <div id="switch-words" class="stack">${asked(view, general)}</div>
      ${policy.required ? progress(general) : start(general)}`,
  })
}

/** What is required and by whom: what everybody in the team may know. */
function asked(view: View, { policy, name, changed_by, changed_at, role }: General): Html {
  if (!policy.required) {
    return html`<p class="soft">
      ${
        role === 'member'
          ? html`<bdi>${name}</bdi> does not require two-step authentication. It protects you all
              the same: you can turn it on for yourself.`
          : 'It is off: a password alone opens an account of your team. Switching it on first shows whom it concerns, and changes nothing yet.'
      }
    </p>`
  }
  const paused = policy.paused_until !== null
  return html`<p>
      <bdi>${name}</bdi> requires two-step authentication
      ${beginning(policy, view.now)}.${
        paused && html` <strong>Paused until ${dayFrom(policy.paused_until, view.now)}.</strong>`
      }
    </p>
    <p class="soft">
      What counts: ${listOfMethods(policy.strengths)}. ${trust(policy.trust_days)}
      ${policy.joiner_days > 0 && `Members who join later have ${count(policy.joiner_days, 'day')}.`}
    </p>
    ${
      changed_at &&
      html`<p class="soft">
        Decided by <bdi>${changed_by ?? 'somebody who has left'}</bdi>,
        ${dateWithMoment(changed_at, view.now)}.
      </p>`
    }`
}

function trust(days: number): string {
  if (days === 0) return 'Trusted devices do not count.'
  return `A trusted device counts for ${count(days, 'day')}.`
}

function start({ team, readiness, members }: General): Html {
  return html`<p class="soft">
      ${readiness?.ready ?? 0} of ${count(members, 'member')} would be ready today.
    </p>
    <div class="actions">
      ${linkButton({ href: teamPlaces(team).panel, label: 'See what it would do' })}
    </div>`
}

function progress({ team, members, readiness, policy }: General): Html {
  const at = teamPlaces(team)
  const { ready, not_ready, exempt } = readiness ?? nobody
  return html`${progressBar(ready, members, `${ready} of ${members} ready`)}${figures([
      { number: ready, label: 'ready', href: at.members('ready') },
      { number: not_ready, label: 'not ready', href: at.members('not-ready') },
      { number: exempt, label: 'of them exempt', href: at.members('exempt') },
    ])}
    <div class="actions">
      ${not_ready > exempt && linkButton({ href: at.remind, label: 'Remind', about: 'those who are not ready' })}
      ${linkButton({ href: at.pause, label: policy.paused_until === null ? 'Pause' : 'Change the pause' })}
      ${linkButton({ href: at.panel, label: 'Change date or methods' })}
      ${linkButton({ href: at.off, label: 'Turn off', look: 'quiet', about: 'the requirement' })}
    </div>`
}

const nobody: Readiness = { ready: 0, not_ready: 0, exempt: 0 }

import { badge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { card } from '../http/html/card.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { field } from '../http/html/field.ts'
import { form } from '../http/html/form.ts'
import { list } from '../http/html/list.ts'
import { places } from '../http/html/places.ts'
import { settingsPage } from '../http/html/settings-page.ts'
import type { Html, View } from '../http/html/view.ts'
import { teamPlaces } from './places.ts'
import { roleMeanings, roleNames } from './role.ts'

const newTeam = '/teams/new'

/** The person's teams as a part of Home, with the way to another. */
export function teamsCard({ teams }: View): Html {
  return card({
    id: 'teams',
    heading: 'Teams',
    actions: linkButton({ href: newTeam, label: 'New team', icon: 'plus' }),
    body: list(
      teams.map(({ id, name, role }) => ({
        icon: 'users',
        title: name,
        badges: badge(roleNames[role]),
        href: `/teams/${id}/general`,
      })),
      emptyState({
        icon: 'users',
        heading: 'You are in no team',
        words: 'Accept an invitation, or make a team of your own.',
      }),
    ),
  })
}

/** One's own place in the team, and the way out of it: at the end of the team's General page. */
export function ownPlaceCard({ team }: View): Html | null {
  if (team === null) return null
  const owner = team.role === 'owner'
  return card({
    id: 'place',
    heading: 'Your place in this team',
    body: list([
      {
        icon: 'user',
        title: roleNames[team.role],
        details: [
          owner
            ? 'A team has exactly one owner. To leave, hand it over first.'
            : roleMeanings[team.role],
        ],
        actions: owner
          ? linkButton({ href: teamPlaces(team.id).handOver, label: 'Hand the team over' })
          : linkButton({ href: `/teams/${team.id}/leave`, label: 'Leave the team' }),
      },
    ]),
  })
}

/** Asks for the name of a new team. */
export function newTeamPage(view: View): Html {
  return settingsPage(view, {
    title: 'New team',
    heading: 'Make a new team',
    lead: 'You become its owner. It has its own members, rules and security log.',
    current: 'home',
    back: { href: places.home, label: 'Home' },
    focus: 'heading',
    body: card({
      body: form(view, {
        action: newTeam,
        body: field(view, {
          name: 'name',
          label: 'Team name',
          autocomplete: 'organization',
          dir: 'auto',
          hint: 'Its members and everybody you invite see it.',
        }),
        submit: 'Make the team',
        secondary: linkButton({ href: places.home, label: 'Cancel' }),
      }),
    }),
  })
}

import { html } from 'hono/html'
import { badge, strengthBadge } from '../http/html/badge.ts'
import { linkButton } from '../http/html/button.ts'
import { callout } from '../http/html/callout.ts'
import { card } from '../http/html/card.ts'
import { emptyState } from '../http/html/empty-state.ts'
import { list } from '../http/html/list.ts'
import type { Item } from '../http/html/list.ts'
import type { Html, View } from '../http/html/view.ts'
import { dateWithMoment, masked, timeAgo } from '../http/html/words.ts'
import type { Kept } from './choices.ts'
import type { Offers } from './offers.ts'
import { appAdvice, iconOf } from './pages-words.ts'

const root = '/settings/security'
const add = { href: `${root}/set-up`, label: 'Add a method', icon: 'plus' } as const

/** The person's methods with what can be done about each, as a part of the Security page (ENR-08). */
export function methodsCard(
  view: View,
  { offers, methods }: Pick<Offers, 'offers'> & { readonly methods: readonly Kept[] },
): Html {
  const room = offers.some((offer) => offer.why_not === null)
  const again = new Set(
    offers.filter((offer) => offer.several && offer.why_not === null).map(({ kind }) => kind),
  )
  const items = methods.map((method) => item(view, method, again.has(method.kind)))
  return card({
    id: 'methods',
    heading: 'Methods',
    lead: appAdvice,
    actions: methods.length > 0 && room ? linkButton(add) : undefined,
    body: html`${list(items, none())}${methods.length > 0 && whenLost(methods.length === 1)}`,
  })
}

function none(): Html {
  return emptyState({
    icon: 'shield',
    heading: 'No methods yet',
    words: 'With a second step, a stolen password alone opens nothing.',
  })
}

function item(view: View, method: Kept, again: boolean): Item {
  const { id, kind, name } = method
  const act = (what: string, label: string) =>
    linkButton({ href: `${root}/methods/${id}/${what}`, label, about: name, look: 'quiet' })
  return {
    icon: iconOf(method.sends),
    title: name,
    badges: html`${strengthBadge(method.strength)}
    ${method.locked && badge('Switched off', 'danger', 'lock')}`,
    details: [
      html`${method.name !== method.title && html`${method.title} · `}${method.masked !== null && html`${masked(method.masked)} · `}Added
      ${dateWithMoment(method.added_at, view.now)} ·
      ${method.used_at ? html`Last used ${timeAgo(method.used_at, view.now)}` : 'Not used yet'}`,
      ...(method.locked
        ? ['Switched off after too many wrong codes. Turn it off here, then set it up again.']
        : []),
      ...(method.kept_by === null
        ? []
        : [
            html`<bdi>${method.kept_by}</bdi> requires it: to turn it off, set up another method
              first.`,
          ]),
    ],
    actions: html`${act('rename', 'Rename')}${
      again &&
      linkButton({
        href: `${root}/set-up/${kind}`,
        label: 'Set up again',
        about: name,
        look: 'quiet',
      })
    }${method.kept_by === null && act('remove', 'Turn off')}`,
  }
}

/** What to do on loss or theft (ENR-07): with the only method gone, two-step verification is off. */
function whenLost(only: boolean): Html {
  return callout({
    tone: 'info',
    heading: 'Lost a phone, or was it stolen?',
    body: only
      ? 'Set up a new method first, then turn off the lost one: a recovery code is enough to do both. Whoever is signed in elsewhere is signed out by it, the lost phone included.'
      : 'Turn off its methods here at once; another method or a recovery code is enough to do so. Whoever is signed in elsewhere is signed out by it, the lost phone included. Then set up the new phone.',
  })
}

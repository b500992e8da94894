import { html } from 'hono/html'
import { badge, strengthBadge } from './badge.ts'
import type { Strength } from '../../policy/strength.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Html } from './view.ts'

export type MethodCard = {
  /** Where its set-up begins: a page that changes nothing yet. */
  readonly href: string
  readonly icon: IconName
  readonly title: string
  readonly strength: Strength
  /** What it is, and what it needs: "Works without signal. Needs an app on your phone." */
  readonly words: string | Html
  readonly recommended?: boolean | undefined
  /** Why it can't be used now; then it is greyed and `remedy` says what helps. */
  readonly unavailable?: string | undefined
  readonly remedy?: Html | undefined
}

/** Ways to set up, best first, each a card that is a link as a whole. */
export function methodCards(cards: readonly MethodCard[]): Html {
  return html`<ul class="method-cards">
    ${cards.map(methodCard)}
  </ul>`
}

function methodCard(card: MethodCard): Html {
  const open = card.unavailable === undefined
  const title = open ? html`<a class="cover" href="${card.href}">${card.title}</a>` : card.title
  return html`<li class="method-card${open ? '' : ' closed'}">
    <span class="row-icon">${icon(card.icon)}</span>
    <div>
      <h2>${title}</h2>
      <p class="badges">
        ${card.recommended && badge('Recommended', 'info')}${strengthBadge(card.strength)}
      </p>
      <p class="soft">${card.words}</p>
      ${
        !open &&
        html`<p class="why">${icon('info')}<span>${card.unavailable} ${card.remedy}</span></p>`
      }
    </div>
    ${open && icon('chevron')}
  </li>`
}

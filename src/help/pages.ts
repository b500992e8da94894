import { html } from 'hono/html'
import { doorPage } from '../http/html/door-page.ts'
import type { Html, View } from '../http/html/view.ts'
import type { Facts } from './look.ts'
import type { Section } from './pages-section.ts'
import { setUpSections } from './pages-set-up.ts'
import { teamSections } from './pages-team.ts'
import { troubleSections } from './pages-trouble.ts'
import { useSections } from './pages-use.ts'

const parts: readonly { readonly heading: string; readonly sections: readonly Section[] }[] = [
  { heading: 'Set up', sections: setUpSections },
  { heading: 'Every day', sections: useSections },
  { heading: 'In a team', sections: teamSections },
  { heading: 'Trouble, and more', sections: troubleSections },
]

/** Help for members and admins on one page: to search, to print, to link into. */
export function helpPage(view: View, facts: Facts): Html {
  return doorPage(view, {
    title: 'Help',
    heading: 'Help',
    lead: html`How to turn on two-step verification, use it every day, and get back in when
      something is in the way. Locked out now? See <a href="#stuck">When you can’t get in</a>.`,
    width: 'wide',
    body: html`<div class="guide">
      ${contents}
      <div class="guide-text">
        ${parts.flatMap(({ sections }) => sections).map((section) => draw(section, facts, view))}
      </div>
    </div>`,
  })
}

const contents = html`<nav class="guide-contents" aria-label="On this page">
  ${parts.map(
    ({ heading, sections }) =>
      html`<p class="soft">${heading}</p>
        <ul>
          ${sections.map(({ id, title }) => html`<li><a href="#${id}">${title}</a></li>`)}
        </ul>`,
  )}
</nav>`

function draw({ id, title, body }: Section, facts: Facts, view: View): Html {
  return html`<section id="${id}" class="flow" aria-labelledby="${id}-title">
    <h2 id="${id}-title">${title}</h2>
    ${body(facts, view)}
  </section>`
}

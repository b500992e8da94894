import { html } from 'hono/html'
import { attributes } from './attributes.ts'
import { errorOf, hintOf, stateOf } from './field.ts'
import { standing } from './invalid.ts'
import type { Html, View } from './view.ts'

/** One way to look at a list; `current` is the one it is looked at now. */
export type FilterLink = {
  readonly label: string
  readonly href: string
  /** How many it shows. */
  readonly count?: number | undefined
  readonly current: boolean
}

/** Ways to look at a list, as links that can be kept. */
export function filterLinks(label: string, links: readonly FilterLink[]): Html {
  return html`<nav class="filters" aria-label="${label}">
    <ul>
      ${links.map(
        ({ label: words, href, count, current }) =>
          html`<li>
            <a href="${href}" ${current && html` aria-current="true"`}
              >${words}${count !== undefined && html` <span class="soft">${count}</span>`}</a
            >
          </li>`,
      )}
    </ul>
  </nav>`
}

export type FilterField = {
  readonly name: string
  readonly label: string
  readonly type: 'date' | 'email' | 'text'
  readonly value: string
  readonly hint?: string | undefined
}

/**
 * A form that only looks: its fields go into the address, so that what it finds can be kept as a
 * link. None of them has to be filled in.
 */
export function filterForm(
  view: View,
  options: {
    readonly action: string
    readonly fields: readonly FilterField[]
    readonly submit: string
    readonly hidden?: Readonly<Record<string, string>> | undefined
    /** Where the whole list is again; absent when nothing is left out. */
    readonly clear?: string | undefined
  },
): Html {
  return html`<form class="searching" method="get" action="${options.action}">
    ${Object.entries(options.hidden ?? {}).map(
      ([name, value]) => html`<input type="hidden" name="${name}" value="${value}" />`,
    )}${options.fields.map((field) => filterField(view, field))}
    <div class="form-end">
      <button class="button secondary"><span>${options.submit}</span></button
      >${options.clear !== undefined && html`<a class="button quiet" href="${options.clear}">Clear</a>`}
    </div>
  </form>`
}

function filterField(view: View, { name, label, type, value, hint }: FilterField): Html {
  const id = `field-${name}`
  const stands = standing(view, { id, name, autocomplete: 'off', hint: hint !== undefined })
  return html`<div class="field">
    <label for="${id}">${label}</label>${hintOf(id, hint)}${errorOf(id, stands)}
    <input
      id="${id}"
      name="${name}"
      type="${type}"
      value="${value}"
      autocomplete="off"
      ${stateOf(stands, false)}${attributes({ spellcheck: type === 'email' ? 'false' : null })}
    />
  </div>`
}

/** The ways from one page of a list to the next; nothing where everything stands on one. */
export function pager(links: {
  readonly first: string | null
  readonly newer: string | null
  readonly older: string | null
}): Html | null {
  const ways = [
    [links.first, 'Newest'],
    [links.newer, 'Newer'],
    [links.older, 'Older'],
  ] as const
  if (ways.every(([href]) => href === null)) return null
  return html`<nav class="pager actions" aria-label="Pages">
    ${ways.map(
      ([href, label]) =>
        href !== null && html`<a class="button secondary" href="${href}"><span>${label}</span></a>`,
    )}
  </nav>`
}

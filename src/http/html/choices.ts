import { html } from 'hono/html'
import { badge } from './badge.ts'
import { hiddenFields } from './form.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Html, View } from './view.ts'
import { masked } from './words.ts'

export type Choice = {
  /** What is sent when it is chosen. */
  readonly value: string
  readonly icon: IconName
  readonly title: string
  /** Where the code goes, masked: "••• ••• 23". */
  readonly detail?: string | undefined
  readonly lastUsed?: boolean | undefined
  /** Marks beside the title: how strong it is. */
  readonly badges?: Html | undefined
  /** What it is, in a sentence. */
  readonly words?: string | undefined
  /** Why it can't be chosen; then it is greyed. */
  readonly forbidden?: string | undefined
}

/** One form, one button per choice, strongest first: sends `name` with the choice's value. */
export function choices(
  view: View,
  options: {
    readonly action: string
    readonly name: string
    readonly choices: readonly Choice[]
    readonly hidden?: Readonly<Record<string, string>> | undefined
  },
): Html {
  return html`<form class="choices" method="post" action="${options.action}" data-once>
    ${hiddenFields(view, options.hidden)}
    <ul>
      ${options.choices.map((choice) => html`<li>${choiceButton(options.name, choice)}</li>`)}
    </ul>
  </form>`
}

function choiceButton(name: string, choice: Choice): Html {
  const words = html`<span class="row-icon">${icon(choice.icon)}</span
    ><span class="choice-words"
      ><span class="choice-title"
        ><bdi>${choice.title}</bdi> ${choice.lastUsed && badge('Last used')} ${choice.badges}</span
      >${
        choice.detail !== undefined && html`<span class="soft">${masked(choice.detail)}</span>`
      }${choice.words !== undefined && html`<span class="soft">${choice.words}</span>`}${
        choice.forbidden !== undefined &&
        html`<span class="why">${icon('info')}<span>${choice.forbidden}</span></span>`
      }</span
    >`
  if (choice.forbidden !== undefined) return html`<div class="choice closed">${words}</div>`
  return html`<button class="choice" name="${name}" value="${choice.value}">
    ${words}${icon('chevron')}
  </button>`
}

import { html } from 'hono/html'
import { hiddenFields } from './form.ts'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Html, View } from './view.ts'

/** How loud a button is: one primary a page; danger where something is lost; link inside text. */
export type Look = 'primary' | 'secondary' | 'quiet' | 'danger' | 'link'

/** A link that looks like a button: goes somewhere and changes nothing. */
export function linkButton(to: {
  readonly href: string
  readonly label: string
  readonly look?: Look | undefined
  readonly icon?: IconName | undefined
  /** Said after the label to screen readers only: which one of many, "Firefox on Windows". */
  readonly about?: string | undefined
}): Html {
  return html`<a class="button ${to.look ?? 'secondary'}" href="${to.href}"
    >${to.icon && icon(to.icon)}<span>${to.label}${aboutWords(to.about)}</span></a
  >`
}

/** A form that is nothing but its button: one change by POST. For what can't be undone, confirm. */
export function actionButton(
  view: View,
  act: {
    readonly action: string
    readonly label: string
    readonly look?: Look | undefined
    readonly icon?: IconName | undefined
    readonly about?: string | undefined
    readonly hidden?: Readonly<Record<string, string>> | undefined
  },
): Html {
  return html`<form class="action" method="post" action="${act.action}" data-once>
    ${hiddenFields(view, act.hidden)}<button class="button ${act.look ?? 'secondary'}">
      ${act.icon && icon(act.icon)}<span>${act.label}${aboutWords(act.about)}</span>
    </button>
  </form>`
}

/** The button that submits the form it stands in. */
export function submitButton(label: string, look: Look = 'primary'): Html {
  return html`<button class="button ${look}"><span>${label}</span></button>`
}

function aboutWords(about: string | undefined): Html | null {
  return about === undefined ? null : html`<span class="unseen">: <bdi>${about}</bdi></span>`
}

import { html } from 'hono/html'
import type { Html, View } from '../http/html/view.ts'
import type { Facts, Way } from './look.ts'

/** A part of Help with an address of its own: `/help#id`. */
export type Section = {
  readonly id: string
  readonly title: string
  readonly body: (facts: Facts, view: View) => Html
}

/** Steps to do one after the other, counted from `first`. */
export function steps(all: readonly (string | Html)[], first = 1): Html {
  return html`<ol class="steps" start="${first}">
    ${all.map(
      (step, at) =>
        html`<li>
          <span class="count" aria-hidden="true">${first + at}</span>
          <div>${step}</div>
        </li>`,
    )}
  </ol>`
}

/** Points in no order. */
export function points(all: readonly (string | Html)[]): Html {
  return html`<ul class="points">
    ${all.map((point) => html`<li>${point}</li>`)}
  </ul>`
}

/** Words with the picture that belongs to them beside or under them. */
export function beside(text: Html, drawing: Html): Html {
  return html`<div class="beside">
    <div class="flow">${text}</div>
    <figure>${drawing}</figure>
  </div>`
}

/** What a kind of method is called: "Authenticator app", "SMS", "Email". */
export function titleOf({ methods }: Facts, way: Way): string {
  return methods.find((method) => method.way === way)?.title ?? ''
}

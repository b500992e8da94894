import { html } from 'hono/html'
import { icon } from '../http/html/icon.ts'
import type { IconName } from '../http/html/icon.ts'
import type { Html } from '../http/html/view.ts'

/* Pictures are drawn 400 wide, so that their words stay readable on a phone; the sheet colours them. */

/** How a shape or a word looks; each is a class `p-…` of the sheet. */
export type Ink =
  | 'card'
  | 'sunken'
  | 'tint'
  | 'edge'
  | 'accent'
  | 'on-accent'
  | 'ring'
  | 'soft'
  | 'link'
  | 'strong'
  | 'good'
  | 'warning'
  | 'big'

/** A picture of a screen with what it shows in words, for those who can't see it. */
export function picture(height: number, says: string, marks: readonly Html[]): Html {
  return html`<svg class="picture" viewBox="0 0 400 ${height}" role="img" aria-label="${says}">
    ${marks}
  </svg>`
}

export function box(
  [x, y, width, height]: readonly [number, number, number, number],
  ink: Ink,
  round = 10,
): Html {
  return html`<rect
    class="p-${ink}"
    x="${x}"
    y="${y}"
    width="${width}"
    height="${height}"
    rx="${round}"
  />`
}

/** `y` is the line the letters stand on. */
export function words(x: number, y: number, text: string, ...inks: Ink[]): Html {
  return html`<text class="${classes(inks)}" x="${x}" y="${y}">${text}</text>`
}

/** Words with their middle at `x`. */
export function centred(x: number, y: number, text: string, ...inks: Ink[]): Html {
  return html`<text class="p-centre ${classes(inks)}" x="${x}" y="${y}">${text}</text>`
}

/** An icon of 20 by 20, from its upper left corner. */
export function sign(x: number, y: number, name: IconName, ...inks: Ink[]): Html {
  return html`<svg class="${classes(inks)}" x="${x}" y="${y}" width="20" height="20">
    ${icon(name)}
  </svg>`
}

/** A number in a dot, as the text beside the picture counts. */
export function dot(x: number, y: number, number: number): Html {
  return html`<circle
      class="p-accent"
      cx="${x}"
      cy="${y}"
      r="13"
    />${centred(x, y + 5, String(number), 'on-accent', 'strong')}`
}

/** A button with its label in the middle. */
export function button(
  [x, y, width, height]: readonly [number, number, number, number],
  label: string,
  primary = false,
): Html {
  const middle = centred(x + width / 2, y + height / 2 + 5, label, primary ? 'on-accent' : 'strong')
  return html`${box([x, y, width, height], primary ? 'accent' : 'edge')}${middle}`
}

/** Six slots of a code with what was typed so far. */
export function slots(x: number, y: number, wide: number, digits: string): Html {
  const step = wide + 6
  return html`${[0, 1, 2, 3, 4, 5].map(
    (at) =>
      html`${box([x + at * step, y, wide, 44], 'edge', 8)}${centred(x + at * step + wide / 2, y + 29, digits[at] ?? '', 'big')}`,
  )}`
}

function classes(inks: readonly Ink[]): string {
  return inks.map((ink) => `p-${ink}`).join(' ')
}

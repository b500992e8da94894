import { html } from 'hono/html'
import type { Html } from './view.ts'

/** Attributes with their values; `true` stands alone, undefined, null and false are left out. */
export function attributes(
  all: Readonly<Record<string, string | boolean | null | undefined>>,
): Html {
  const parts = Object.entries(all).map(([name, value]) => {
    if (value === undefined || value === null || value === false) return null
    return value === true ? html` ${name}` : html` ${name}="${value}"`
  })
  return html`${parts}`
}

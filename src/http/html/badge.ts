import { html } from 'hono/html'
import { icon } from './icon.ts'
import type { IconName } from './icon.ts'
import type { Strength } from '../../policy/strength.ts'
import type { Html } from './view.ts'
import type { Tone } from './callout.ts'

const strengths: Readonly<
  Record<Strength, readonly [label: string, tone: Tone | 'plain', icon: IconName]>
> = {
  'phishing-resistant': ['Strongest, resists phishing', 'good', 'shield'],
  good: ['Strong', 'good', 'shield'],
  restricted: ['Weaker', 'warning', 'warning'],
  weakest: ['Weakest', 'warning', 'warning'],
}

/** How strong a method is, in words and with an icon, never by colour alone (A11Y-08). */
export function strengthBadge(strength: Strength): Html {
  const [label, tone, name] = strengths[strength]
  return badge(label, tone, name)
}

/** A short mark beside a title: "Recommended", "This device", "Last used". */
export function badge(label: string, tone: Tone | 'plain' = 'plain', name?: IconName): Html {
  return html`<span class="badge ${tone}">${name && icon(name)}${label}</span>`
}

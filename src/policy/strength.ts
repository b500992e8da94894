/** How strong a method is, strongest first; policy and pages speak of this, never of names. */
export const strengths = ['phishing-resistant', 'good', 'restricted', 'weakest'] as const

export type Strength = (typeof strengths)[number]

import { dateInWords, listInWords } from '../http/html/words.ts'
import type { Strength } from '../policy/strength.ts'
import { titlesOf } from './changes.ts'
import type { PolicyView } from './look-at-policy.ts'

/** When a requirement begins: "from 12 December on", "from each member’s next login on". */
export function beginning(policy: Pick<PolicyView, 'bites' | 'date'>, now: Date): string {
  if (policy.bites === 'now') return 'from now on, also in sessions that are open'
  if (policy.bites === 'date') return `from ${dayFrom(policy.date, now)} on`
  return 'from each member’s next login on'
}

/** "12 December" from "2026-12-12": a day of UTC, at its beginning. */
export function dayFrom(day: string | null, now: Date): string {
  return day === null ? '' : dateInWords(new Date(`${day}T00:00:00Z`), now)
}

/** "Authenticator app, SMS and Email". */
export function listOfMethods(strengths: readonly Strength[]): string {
  return listInWords(strengths.flatMap(titlesOf))
}

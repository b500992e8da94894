import { dayInWords } from '../delivery/words.ts'
import { kindOf, kindsOf } from '../methods/index.ts'
import type { Policy } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'
import type { Strength } from '../policy/strength.ts'

/** What a change of a policy comes to. */
export type Changes = {
  /** Each change in words, as the log and the owners have it. */
  readonly sentences: readonly string[]
  /** Whether it asks less of anybody than before (TEAM-04). */
  readonly loosens: boolean
  /** Whether it concerns every member, so that all are mailed. */
  readonly announced: boolean
}

type Change = { readonly says: string; readonly loosens: boolean; readonly announced?: boolean }

/** What becomes different; no sentences when nothing does. A pure function. */
export function changesOf(before: Policy, after: Policy, now: Date): Changes {
  const all = [
    ...demandChanges(before, after, now),
    ...strengthChanges(before, after),
    ...numberChanges(before, after),
  ]
  return {
    sentences: all.map(({ says }) => says),
    loosens: all.some(({ loosens }) => loosens),
    announced: after.required && all.some(({ announced }) => announced === true),
  }
}

/** "from 12 December 2026 on": when a requirement bites. */
export function whenInWords({ bites, bites_at }: Pick<Policy, 'bites' | 'bites_at'>): string {
  if (bites === 'date' && bites_at !== null) return `from ${dayInWords(bites_at)} on`
  if (bites === 'now') return 'from now on, open sessions included'
  return 'from each member’s next login on'
}

/** Titles of the kinds of that strength: "SMS". */
export function titlesOf(strength: Strength): string[] {
  return kindsOf([strength]).flatMap((name) => kindOf(name)?.title ?? [])
}

function demandChanges(before: Policy, after: Policy, now: Date): Change[] {
  if (!before.required && !after.required) return []
  if (!after.required) return [{ says: 'No longer required', loosens: true }]
  const pause = pauseChange(before, after, now)
  if (!before.required) {
    return [{ says: `Required ${whenInWords(after)}`, loosens: false, announced: true }, ...pause]
  }
  const [was, is] = [whenInWords(before), whenInWords(after)]
  const says = `Required ${is} (before: ${was})`
  return was === is ? pause : [{ says, loosens: isLater(before, after), announced: true }, ...pause]
}

/** Any other way to begin than "now" or an earlier date may leave somebody more time. */
function isLater(before: Policy, after: Policy): boolean {
  if (after.bites === 'now') return false
  if (before.bites !== 'date' || after.bites !== 'date') return true
  return Number(after.bites_at) > Number(before.bites_at)
}

function pauseChange(before: Policy, after: Policy, now: Date): Change[] {
  const was = Number(before.paused_until) > Number(now) ? Number(before.paused_until) : 0
  const until = after.paused_until
  if (was === Number(until)) return []
  if (until === null) return [{ says: 'The pause has ended', loosens: false, announced: true }]
  const says = `Paused until ${dayInWords(until)}`
  return [{ says, loosens: until.getTime() > was, announced: true }]
}

function strengthChanges(before: Policy, after: Policy): Change[] {
  const named = strengths.filter((one) => titlesOf(one).length > 0)
  return named.flatMap((one) => {
    const [was, is] = [before.strengths.includes(one), after.strengths.includes(one)]
    if (was === is) return []
    const says = `${titlesOf(one).join(' and ')} ${is ? 'counts' : 'no longer counts'}`
    return [{ says, loosens: is, announced: was }]
  })
}

function numberChanges(before: Policy, after: Policy): Change[] {
  const [trust, days] = [after.trust_days, after.joiner_days]
  const trusted =
    trust === 0 ? 'Trusted devices no longer count' : `Trusted devices count for ${inDays(trust)}`
  return [
    ...(trust === before.trust_days
      ? []
      : [
          { says: `${trusted} (before: ${before.trust_days})`, loosens: trust > before.trust_days },
        ]),
    ...(days === before.joiner_days
      ? []
      : [
          {
            says: `Members who join later have ${inDays(days)} (before: ${before.joiner_days})`,
            loosens: days > before.joiner_days,
          },
        ]),
  ]
}

function inDays(days: number): string {
  return days === 1 ? '1 day' : `${days} days`
}

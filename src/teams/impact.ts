import { kindsOf, strengthsOf } from '../methods/index.ts'
import { strengths } from '../policy/strength.ts'
import type { Strength } from '../policy/strength.ts'
import { titlesOf } from './changes.ts'
import type { Crowd } from './impact-store.ts'
import { alwaysAllowed } from './wanted.ts'

/** What removing one strength would do. */
export type Effect = {
  readonly strength: Strength
  /** "SMS". */
  readonly title: string
  readonly allowed: boolean
  /** It cannot be forbidden. */
  readonly always: boolean
  /** Members who have such a method. */
  readonly members: number
  /** Members whom only this makes ready: without it they are not. */
  readonly only: number
}

/** Whom a policy with certain strengths concerns, in numbers. */
export type Impact = {
  readonly members: number
  /** Have a method that counts. */
  readonly ready: number
  /** Have none. */
  readonly not_ready: number
  /** Of those: exempt for now, so that nothing is asked of them. The numbers below leave them out. */
  readonly exempt: number
  /** Have methods, but none that counts. */
  readonly weak_only: number
  /** Have no method and never confirmed their address, so that no mailed code
   *  may reach them (ENR-03). */
  readonly unreachable: number
  readonly pending_invitations: number
  /** How many are signed in, with how many sessions. */
  readonly signed_in: number
  readonly open_sessions: number
  /** Never signed in, or last 30 or more days ago. */
  readonly never_signed_in: number
  readonly long_ago: number
  readonly methods: readonly Effect[]
}

/** The numbers for these strengths. A pure function over what one statement counted. */
export function impactOf({ groups, pending }: Crowd, allowed: readonly Strength[]): Impact {
  const isReady = (kinds: readonly string[], by: readonly Strength[]) =>
    strengthsOf(kinds).some((one) => by.includes(one))
  const sum = (some: Crowd['groups']) => some.reduce((all, { members }) => all + members, 0)
  const ready = groups.filter(({ kinds }) => isReady(kinds, allowed))
  const others = groups.filter((one) => !ready.includes(one))
  const missing = others.filter(({ exempt }) => !exempt)
  const effects = strengths
    .filter((one) => kindsOf([one]).length > 0)
    .map((strength): Effect => {
      const [without, within] = [allowed.filter((one) => one !== strength), [...allowed, strength]]
      const held = groups.filter(({ kinds }) => isReady(kinds, [strength]))
      const only = groups.filter(({ kinds }) => isReady(kinds, within) && !isReady(kinds, without))
      return {
        strength,
        title: titlesOf(strength).join(' or '),
        allowed: allowed.includes(strength),
        always: alwaysAllowed.includes(strength),
        members: sum(held),
        only: sum(only),
      }
    })
  return {
    members: sum(groups),
    ready: sum(ready),
    not_ready: sum(others),
    exempt: sum(others) - sum(missing),
    weak_only: sum(missing.filter(({ kinds }) => kinds.length > 0)),
    unreachable: sum(missing.filter(({ kinds, unverified }) => kinds.length === 0 && unverified)),
    pending_invitations: pending,
    signed_in: missing.reduce((all, one) => all + one.signed_in, 0),
    open_sessions: missing.reduce((all, one) => all + one.sessions, 0),
    never_signed_in: sum(missing.filter(({ last }) => last === 'never')),
    long_ago: sum(missing.filter(({ last }) => last === 'long-ago')),
    methods: effects,
  }
}

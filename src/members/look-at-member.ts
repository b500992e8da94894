import { maskDestination } from '../delivery/mask.ts'
import { limits } from '../config.ts'
import { knownKind } from '../methods/index.ts'
import { strongestFirst } from '../methods/choices.ts'
import type { Method } from '../methods/method.ts'
import { listConfirmed } from '../methods/store.ts'
import type { Strength } from '../policy/strength.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { idleSince } from '../sessions/store.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { readHistory } from './history.ts'
import type { History } from './history.ts'
import { may, refusalOf } from './may.ts'
import type { Act, May, Pair } from './may.ts'
import { findMember } from './member-store.ts'
import type { OneMember } from './member-store.ts'
import { countedStrengths, statusOf } from './status.ts'
import type { Status } from './status.ts'

/** A member's method as an admin sees it: its destination masked (PRV-02). */
export type MethodOfMember = {
  readonly kind: string
  readonly title: string
  readonly strength: Strength
  readonly sends: 'text' | 'mail' | null
  readonly masked: string | null
  readonly added_at: Date
  readonly used_at: Date | null
  readonly locked: boolean
  /** It counts in this team. */
  readonly counts: boolean
}

/** Everything an admin sees of one member. */
export type MemberScreen = {
  readonly member: OneMember
  readonly status: Status
  readonly methods: readonly MethodOfMember[]
  readonly may: May
  readonly self: boolean
  readonly history: History
}

const dayMs = 86_400_000

/** One member of the team, or null: whoever is none is treated as nobody (ENR-09). */
export function findOne(world: World, { team }: InTeam, id: string): Promise<OneMember | null> {
  const now = world.clock()
  const days = Math.min(
    limits.trustLifetimeDays,
    team.policy?.trust_days ?? limits.trustLifetimeDays,
  )
  return findMember(world.sql, team.team_id, id, {
    now,
    trustedSince: new Date(now.getTime() - days * dayMs),
    seenSince: idleSince(world.config, now),
    failuresMax: limits.methodFailuresMax,
  })
}

/** Who acts on whom, for `may`. */
export function pairOf({ session, team }: InTeam, member: OneMember): Pair {
  return {
    actor: team.role,
    target: member.role,
    self: session.account_id === member.id,
    shared: member.shared,
    support: member.support,
  }
}

/**
 * What the page of one member shows, their history from `before` backwards. Changes nothing.
 * Refused: not-found.
 */
export async function lookAtMember(
  world: World,
  who: InTeam,
  input: { member: string; before: number | null },
): Promise<Outcome<MemberScreen>> {
  const member = await findOne(world, who, input.member)
  if (member === null) return refuse('not-found')
  const { policy } = who.team
  const [methods, history] = await Promise.all([
    listConfirmed(world.sql, member.id),
    readHistory(world, who, member.id, input.before),
  ])
  const counted = countedStrengths(policy)
  return done({
    member,
    status: statusOf(member, policy, world.clock()),
    methods: strongestFirst(methods).map((method) => toView(method, counted)),
    may: may(pairOf(who, member)),
    self: pairOf(who, member).self,
    history,
  })
}

function toView(method: Method, counted: readonly Strength[]): MethodOfMember {
  const { title, strength, sends } = knownKind(method.kind)
  return {
    kind: method.kind,
    title,
    strength,
    sends,
    masked: method.destination && maskDestination(method.destination),
    added_at: method.confirmed_at ?? method.created_at,
    used_at: method.last_used_at,
    locked: method.failures >= limits.methodFailuresMax,
    counts: counted.includes(strength),
  }
}

/** The member an act is about. Refused: not-found, own-account, role-not-higher, shared-account,
 * support-account. */
export async function aimAt(
  world: World,
  who: InTeam,
  id: string,
  act: Act,
): Promise<Outcome<{ member: OneMember }>> {
  const member = await findOne(world, who, id)
  if (member === null) return refuse('not-found')
  return refusalOf(act, pairOf(who, member), member) ?? done({ member })
}

/** What the page that asks before an act shows. Refused: as `aimAt`. */
export const lookAtAct =
  (act: Act) =>
  (world: World, who: InTeam, input: { member: string }): Promise<Outcome<{ member: OneMember }>> =>
    aimAt(world, who, input.member, act)

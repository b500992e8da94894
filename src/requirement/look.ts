import { progressOf } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { maskDestination } from '../delivery/mask.ts'
import { strengthsOf } from '../methods/index.ts'
import { toOffers } from '../methods/offers.ts'
import type { Offer } from '../methods/offers.ts'
import { listConfirmed } from '../methods/store.ts'
import { demand, satisfies } from '../policy/policy.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { missingProofs } from '../sessions/fresh.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** What an account's teams require of it, and what it takes to comply. */
export type Requirement = {
  /** Names of the teams that ask; empty when nobody does. */
  readonly teams: readonly string[]
  /** Nothing else opens until a method is set up. */
  readonly due: boolean
  readonly due_at: Date | null
  readonly satisfied: boolean
  /** Whether a code mailed to the address has to be entered before a set-up begins (ENR-03). */
  readonly mailbox_missing: boolean
  /** The account has methods, but none that the teams allow (TEAM-06). */
  readonly only_forbidden: boolean
  readonly email: string
  readonly masked: string
  /** How far the mailed code is; null when none was asked for. */
  readonly progress: Progress | null
  readonly offers: readonly Offer[]
  readonly return_to: string | null
}

/** What is required of the person now or soon (TEAM-01). Changes nothing; never refused. */
export async function look(
  world: World,
  who: Member,
  input: { return_to: string | null },
): Promise<Outcome<Requirement>> {
  const { session } = who
  const now = world.clock()
  const asked = demand(session.teams, now, session.created_at)
  const place = { sessionId: session.id, purpose: 'mailbox' as const }
  const [methods, open] = await Promise.all([
    listConfirmed(world.sql, session.account_id),
    findOpen(world.sql, place, now),
  ])
  const live = open !== null && open.attempts_left > 0 && open.destination === session.email
  return done({
    teams: asked.teams,
    due: asked.due,
    due_at: asked.due_at,
    satisfied: satisfies(strengthsOf(session.kinds), asked),
    mailbox_missing: missingProofs(world, session, methods.length > 0).mailbox,
    only_forbidden: methods.length > 0,
    email: session.email,
    masked: maskDestination(session.email),
    progress: live ? progressOf(world.config, open, now) : null,
    offers: toOffers(world, session, methods),
    return_to: input.return_to,
  })
}

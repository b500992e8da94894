import { demand } from '../policy/policy.ts'
import type { World } from '../world.ts'
import type { Session } from './session.ts'

/** Which proofs a protected change still wants from this session. */
export type Missing = {
  readonly password: boolean
  readonly secondStep: boolean
  /** Of a first method that a team requires: the code mailed to the account's address (ENR-03). */
  readonly mailbox: boolean
}

/**
 * A protected change needs, within the step-up lifetime, the password and, once a method is
 * confirmed, the second step too (ENR-01, SES-05). A trusted device proves neither (TD-04).
 */
export function missingProofs(world: World, session: Session, enrolled: boolean): Missing {
  const since = world.clock().getTime() - world.config.stepUpLifetimeMinutes * 60_000
  const stale = (at: Date | null) => at === null || at.getTime() <= since
  return {
    password: stale(session.password_at),
    secondStep: enrolled && stale(session.second_step_at),
    mailbox: !enrolled && missingMailbox(world, session),
  }
}

function missingMailbox(world: World, { teams, created_at, mailbox_at }: Session): boolean {
  const now = world.clock()
  if (!demand(teams, now, created_at).due) return false
  const since = now.getTime() - world.config.setUpLifetimeMinutes * 60_000
  return mailbox_at === null || mailbox_at.getTime() <= since
}

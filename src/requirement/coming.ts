import { strengthsOf } from '../methods/index.ts'
import { demand, satisfies } from '../policy/policy.ts'
import type { Session } from '../sessions/session.ts'

/** A requirement that the person does not satisfy yet, before it bites. */
export type Coming = {
  readonly teams: readonly string[]
  /** Null: at the next login. */
  readonly due_at: Date | null
}

/** What is asked of the session's account soon and missing; null when nothing is (TEAM-03). */
export function comingOf(session: Session, now: Date): Coming | null {
  const asked = demand(session.teams, now, session.created_at)
  if (asked.due || satisfies(strengthsOf(session.kinds), asked)) return null
  return { teams: asked.teams, due_at: asked.due_at }
}

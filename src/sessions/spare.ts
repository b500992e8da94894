import type { World } from '../world.ts'
import { missingProofs } from './fresh.ts'
import type { Session } from './session.ts'

/** What stood in for the code of a method in this session, and is used up by it. */
export type Spare = {
  readonly by: 'recovery-code' | 'one-time-pass'
  /** Until when protected changes ask for no further proof of the kind; null: they do now. */
  readonly counts_until: Date | null
}

/**
 * Whether the last second step of the session was no method of the person's own: they may have lost
 * it, and are to be shown how to replace it while the proof counts (ENR-07). Null when it was one.
 */
export function spareOf(world: World, session: Session): Spare | null {
  const { second_step_kind: by, second_step_at: at } = session
  if (at === null || (by !== 'recovery-code' && by !== 'one-time-pass')) return null
  const until = new Date(at.getTime() + world.config.stepUpLifetimeMinutes * 60_000)
  return { by, counts_until: missingProofs(world, session, true).secondStep ? null : until }
}

import { progressOf } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import { askedOf } from '../methods/allowed.ts'
import { toChoices } from '../methods/choices.ts'
import type { Choice } from '../methods/choices.ts'
import { listConfirmed } from '../methods/store.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { findRecoverySet } from '../recovery/store.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { missingOnTheWay } from './missing.ts'

/** What is still to be proven in this session, and with what. */
export type StepUp = {
  readonly missing: { readonly password: boolean; readonly second_step: boolean }
  readonly choices: readonly Choice[]
  /** The method that is asked now; null when one has to be chosen first. */
  readonly now_asked: Choice | null
  readonly recovery_codes_left: number
  /** How far the code of that method is; null when none is asked. */
  readonly progress: Progress | null
  readonly email: string
  readonly return_to: string
}

/** Which proofs a protected change still wants from this session (ENR-01). Changes nothing. */
export async function look(
  world: World,
  who: Member,
  input: { return_to: string | null },
): Promise<Outcome<StepUp>> {
  const { session } = who
  const now = world.clock()
  const methods = await listConfirmed(world.sql, session.account_id)
  const place = { sessionId: session.id, purpose: 'step-up' as const }
  const open = methods.length > 0 ? await findOpen(world.sql, place, now) : null
  const recovery = await findRecoverySet(world.sql, session.account_id)
  const missing = missingOnTheWay(world, session, methods.length > 0, input.return_to)
  const choices = toChoices(methods, askedOf(methods, session.teams, now))
  const live = open !== null && open.attempts_left > 0
  const asked = choices.find((choice) => live && !choice.locked && choice.id === open.method_id)
  return done({
    missing: { password: missing.password, second_step: missing.secondStep },
    choices,
    now_asked: asked ?? null,
    recovery_codes_left: recovery?.codes_left ?? 0,
    progress: asked && open ? progressOf(world.config, open, now) : null,
    email: session.email,
    return_to: input.return_to ?? '/settings/security',
  })
}

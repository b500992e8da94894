import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { consequences, guess } from '../challenges/guess.ts'
import type { Spent } from '../challenges/store.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { check, inFull } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { openReset } from './open-reset.ts'
import type { Resetter } from './open-reset.ts'
import { proveByCode } from './prove.ts'

/** The way on from a passed second step; the browser keeps the link as long again. */
export type Proven = {
  readonly next: 'new-password'
  readonly cookies: { readonly link: string }
}

export type Answer = { readonly code: string; readonly link?: string | undefined }

/**
 * The second step of a reset by a code; opens nothing but the choice of a new password (PW-10).
 * Refused: reset-over, as `guess`, code-used.
 */
export async function answer(world: World, who: Resetter, input: Answer): Promise<Outcome<Proven>> {
  const reset = await openReset(world, who, input.link)
  if (!reset) return refuse('reset-over')
  const result = await guess(world, reset.place, input.code, check)
  if (!result.right) {
    if (result.spent) await recordWrong(world, who, result.spent)
    return result.refusal
  }
  const proven = await proveByCode(world, who, result.spent, result.step)
  if (!proven) return refuse('code-used')
  return done({ next: 'new-password' as const, cookies: { link: reset.token } })
}

async function recordWrong(world: World, who: Resetter, spent: Spent): Promise<void> {
  const now = world.clock()
  const about = { account: spent.account_id, actor: null, methodKind: spent.kind }
  const { closed, locked } = consequences(spent)
  const holder = { id: spent.account_id, email: spent.email }
  const details = { method: inFull(spent.kind, spent.method_name) }
  await recordAndTell(
    world.sql,
    [
      event(who, now, 'password.reset-code-wrong', about),
      ...(closed ? [event(who, now, 'password.reset-ended-by-tries', about)] : []),
      ...(locked ? [event(who, now, 'method.locked', about)] : []),
    ],
    locked ? noticeMessages(world, who, holder, 'method-locked', details) : [],
  )
  if (locked) world.delivery.wake()
}

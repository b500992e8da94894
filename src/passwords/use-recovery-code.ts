import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { guessRecoveryCode, lockedDetails, locksCodes } from '../recovery/guess.ts'
import type { RecoverySpent } from '../recovery/store.ts'
import type { World } from '../world.ts'
import type { Proven } from './answer.ts'
import { challengeOf, openReset } from './open-reset.ts'
import type { Resetter } from './open-reset.ts'
import { proveByRecoveryCode } from './prove.ts'

/**
 * The second step of a reset by a recovery code, which is used up; the way for somebody whose only
 * method is their mailbox (EML-02). Refused: reset-over, as `guessRecoveryCode`.
 */
export async function useRecoveryCode(
  world: World,
  who: Resetter,
  input: { recovery_code: string; link?: string | undefined },
): Promise<Outcome<Proven>> {
  const reset = await openReset(world, who, input.link)
  if (!reset || !(await challengeOf(world, who, reset))) return refuse('reset-over')
  const result = await guessRecoveryCode(world, reset.place, input.recovery_code)
  if (!result.right) {
    if (result.spent) await recordWrong(world, who, result.spent)
    return result.refusal
  }
  const proven = await proveByRecoveryCode(world, who, result.spent, result.hash)
  if (!proven) return refuse('wrong-recovery-code')
  world.delivery.wake()
  return done({ next: 'new-password' as const, cookies: { link: reset.token } })
}

async function recordWrong(world: World, who: Resetter, spent: RecoverySpent): Promise<void> {
  const now = world.clock()
  const about = { account: spent.account_id, actor: null, methodKind: 'recovery-code' }
  const closed = spent.attempts_left === 0
  const locked = locksCodes(spent)
  const holder = { id: spent.account_id, email: spent.email }
  await recordAndTell(
    world.sql,
    [
      event(who, now, 'recovery.code-wrong', about),
      ...(closed ? [event(who, now, 'password.reset-ended-by-tries', about)] : []),
      ...(locked ? [event(who, now, 'method.locked', about)] : []),
    ],
    locked ? noticeMessages(world, who, holder, 'method-locked', lockedDetails) : [],
  )
  if (locked) world.delivery.wake()
}

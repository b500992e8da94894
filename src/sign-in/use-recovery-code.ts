import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { looksLikePass } from '../passes/guess.ts'
import { done, refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import { guessRecoveryCode, lockedDetails, locksCodes } from '../recovery/guess.ts'
import type { RecoverySpent } from '../recovery/store.ts'
import type { World } from '../world.ts'
import { settle } from './settle.ts'
import { usePass } from './use-pass.ts'
import type { Arrived, Visitor } from './visitor.ts'

/**
 * The second step by a recovery code, after the right password only (RC-04). Trusted devices end,
 * the owner is told, and the codes' page comes next (RC-06). What is typed in the form of a one-time
 * pass is taken for one. Refused: as `guessRecoveryCode`, as `usePass`.
 */
export async function useRecoveryCode(
  world: World,
  who: Visitor,
  input: { recovery_code: string },
): Promise<Arrived | Refusal> {
  if (!who.signIn) return refuse('sign-in-over')
  if (looksLikePass(input.recovery_code)) return usePass(world, who, input.recovery_code)
  const result = await guessRecoveryCode(world, { tokenHash: who.signIn }, input.recovery_code)
  if (result.right) return arrive(world, who, result.spent, result.hash)
  if (result.spent) await recordWrong(world, who, result.spent)
  return result.refusal
}

async function arrive(
  world: World,
  who: Visitor,
  spent: RecoverySpent,
  hash: Buffer,
): Promise<Arrived | Refusal> {
  const now = world.clock()
  const details = { left: spent.codes_left - 1 }
  const about = { account: spent.account_id, methodKind: 'recovery-code', details }
  const holder = { id: spent.account_id, email: spent.email }
  const opened = await settle(
    world,
    who,
    {
      by: 'recovery-code',
      challengeId: spent.id,
      hash,
      messages: noticeMessages(world, who, holder, 'recovery-code-used', {
        ...details,
        use: 'sign-in',
      }),
    },
    [
      event(who, now, 'recovery.code-used', about),
      event(who, now, 'sign-in.done-with-recovery-code', about),
    ],
  )
  if (!opened) return refuse('wrong-recovery-code')
  world.delivery.wake()
  return done({
    next: 'signed-in' as const,
    return_to: '/settings/security/recovery-codes',
    cookies: { session: opened.token, signIn: null },
  })
}

async function recordWrong(world: World, who: Visitor, spent: RecoverySpent): Promise<void> {
  const now = world.clock()
  const about = { account: spent.account_id, actor: null, methodKind: 'recovery-code' }
  const closed = spent.attempts_left === 0
  const locked = locksCodes(spent)
  const holder = { id: spent.account_id, email: spent.email }
  const events = [
    event(who, now, 'recovery.code-wrong', about),
    ...(closed ? [event(who, now, 'sign-in.ended-by-tries', about)] : []),
    ...(locked ? [event(who, now, 'method.locked', about)] : []),
  ]
  const messages = [
    ...(closed ? noticeMessages(world, who, holder, 'second-step-failed') : []),
    ...(locked ? noticeMessages(world, who, holder, 'method-locked', lockedDetails) : []),
  ]
  await recordAndTell(world.sql, events, messages)
  if (messages.length > 0) world.delivery.wake()
}

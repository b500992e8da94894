import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { consequences, guess } from '../challenges/guess.ts'
import type { Spent } from '../challenges/store.ts'
import { newId } from '../crypto/random.ts'
import { deviceToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { check, inFull } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Reason, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { settle } from './settle.ts'
import type { Arrived, Visitor } from './visitor.ts'

export type Answer = { readonly code: string; readonly remember_device: boolean }

/**
 * The second step. Two round trips: one spends the attempt, one settles the right answer. The
 * account comes from the pending sign-in alone (FLOW-03). Refused: as `guess`, and code-used when
 * the same code got in a moment before.
 */
export async function answer(
  world: World,
  who: Visitor,
  input: Answer,
): Promise<Arrived | Refusal> {
  if (!who.signIn) return refuse('sign-in-over')
  const result = await guess(world, { tokenHash: who.signIn }, input.code, check)
  if (!result.right) {
    if (result.spent) await recordWrong(world, who, result.spent, result.refusal.reason)
    return result.refusal
  }
  return arrive(world, who, result.spent, result.step, input.remember_device)
}

async function arrive(
  world: World,
  who: Visitor,
  spent: Spent,
  step: number | null,
  rememberDevice: boolean,
): Promise<Arrived | Refusal> {
  const now = world.clock()
  const holder = { id: spent.account_id, email: spent.email }
  const details = { method: spent.method_id }
  const about = { account: spent.account_id, methodKind: spent.kind, details }
  const remember = rememberDevice
    ? {
        id: newId(now, world.random),
        messages: noticeMessages(world, who, holder, 'device-trusted'),
        events: [event(who, now, 'device.trusted', about)],
      }
    : null
  const { id: challengeId, seed, method_id: methodId, kind } = spent
  const opened = await settle(
    world,
    who,
    { by: 'code', challengeId, seed, methodId, kind, step, remember },
    [event(who, now, 'sign-in.done', about)],
  )
  if (!opened) return refuse('code-used')
  const remembered = opened.remembered ? remember : null
  if (remembered) world.delivery.wake()
  const device = remembered && {
    accountId: spent.account_id,
    token: deviceToken(world.keys, remembered.id, 0),
  }
  return done({
    next: 'signed-in' as const,
    return_to: spent.return_to,
    cookies: { session: opened.token, signIn: null, ...(device && { device }) },
  })
}

/** Logs the wrong answer; tells the owner when it closed the sign-in or the method (NTF-01, NTF-04). */
async function recordWrong(
  world: World,
  who: Visitor,
  spent: Spent,
  reason: Reason,
): Promise<void> {
  const now = world.clock()
  const about = { account: spent.account_id, actor: null, methodKind: spent.kind }
  const { closed, locked } = consequences(spent)
  const events = [
    event(who, now, 'sign-in.code-wrong', { ...about, details: { reason } }),
    ...(closed ? [event(who, now, 'sign-in.ended-by-tries', about)] : []),
    ...(locked ? [event(who, now, 'method.locked', about)] : []),
  ]
  const holder = { id: spent.account_id, email: spent.email }
  const details = { method: inFull(spent.kind, spent.method_name) }
  const messages = [
    ...(closed ? noticeMessages(world, who, holder, 'second-step-failed') : []),
    ...(locked ? noticeMessages(world, who, holder, 'method-locked', details) : []),
  ]
  await recordAndTell(world.sql, events, messages)
  if (messages.length > 0) world.delivery.wake()
}

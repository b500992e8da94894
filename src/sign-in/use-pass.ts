import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { guessPass } from '../passes/guess.ts'
import type { PassSpent } from '../passes/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { settle } from './settle.ts'
import type { Arrived, Visitor } from './visitor.ts'

/**
 * The second step by a one-time pass that an admin made, after the right password only. It is used
 * up, trusted devices end, and the owner is told. Refused: sign-in-over, and as `guessPass`.
 */
export async function usePass(
  world: World,
  who: Visitor,
  typed: string,
): Promise<Arrived | Refusal> {
  if (!who.signIn) return refuse('sign-in-over')
  const result = await guessPass(world, who.signIn, typed)
  if (result.right) return arrive(world, who, result.spent, result.hash)
  if (result.spent) await recordWrong(world, who, result.spent)
  return result.refusal
}

async function arrive(
  world: World,
  who: Visitor,
  spent: PassSpent,
  hash: Buffer,
): Promise<Arrived | Refusal> {
  const now = world.clock()
  const about = { account: spent.account_id, team: spent.team_id, methodKind: 'one-time-pass' }
  const holder = { id: spent.account_id, email: spent.email }
  const messages = noticeMessages(world, who, holder, 'pass-used')
  const opened = await settle(world, who, { by: 'pass', challengeId: spent.id, hash, messages }, [
    event(who, now, 'pass.used', about),
    event(who, now, 'sign-in.done-with-one-time-pass', about),
  ])
  if (!opened) return refuse('no-one-time-pass')
  world.delivery.wake()
  return done({
    next: 'signed-in' as const,
    return_to: '/settings/security',
    cookies: { session: opened.token, signIn: null },
  })
}

async function recordWrong(world: World, who: Visitor, spent: PassSpent): Promise<void> {
  const now = world.clock()
  const { account_id: account, team_id: team, email } = spent
  const about = { account, team, actor: null, methodKind: 'one-time-pass' }
  const closed = spent.attempts_left === 0
  const events = [
    event(who, now, 'pass.wrong', about),
    ...(closed ? [event(who, now, 'sign-in.ended-by-tries', about)] : []),
  ]
  const holder = { id: account, email }
  const messages = closed ? noticeMessages(world, who, holder, 'second-step-failed') : []
  await recordAndTell(world.sql, events, messages)
  if (messages.length > 0) world.delivery.wake()
}

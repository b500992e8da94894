import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { guess } from '../challenges/guess.ts'
import type { Spent } from '../challenges/store.ts'
import { openInSession } from '../challenges/store.ts'
import { newId } from '../crypto/random.ts'
import { newToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { check, knownKind } from './index.ts'
import { sendAgain } from './send-again.ts'
import { findMethod, moveMethod } from './store.ts'

/**
 * Sends a code to the profile's new phone, to move text messages there in one go (A9).
 * Refused: not-found, phone-missing, already-done (it is the number in use), changed, and as
 * `sendCode`.
 */
export async function askNewNumber(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<{ state: string }>> {
  const { session } = who
  const method = await findMethod(world.sql, session.account_id, input.id)
  if (!method?.confirmed_at || knownKind(method.kind).sends !== 'text') return refuse('not-found')
  if (session.phone === null) return refuse('phone-missing')
  if (session.phone === method.destination) return refuse('already-done')
  const now = world.clock()
  const opened = await openInSession(world.sql, {
    id: newId(now, world.random),
    purpose: 'new-number',
    sessionId: session.id,
    accountId: session.account_id,
    epoch: session.epoch,
    methodId: method.id,
    destination: session.phone,
    seed: world.random(16),
    attempts: world.config.attemptsMax,
    now,
    expiresAt: new Date(now.getTime() + world.config.setUpLifetimeMinutes * 60_000),
    source: who.source,
    browser: who.browser,
  })
  return opened ? sendAgain(world, who, 'new-number') : refuse('changed')
}

/**
 * Moves text messages to the new number with the code sent to it; the old number is told.
 * Refused: as `guess`; changed when the profile's phone or the account changed meanwhile.
 */
export async function useNewNumber(
  world: World,
  who: Member,
  input: { id: string; code: string },
): Promise<Outcome<{ cookies: { session: string } }>> {
  const { session } = who
  const method = await findMethod(world.sql, session.account_id, input.id)
  if (!method?.confirmed_at) return refuse('not-found')
  const place = { sessionId: session.id, purpose: 'new-number' as const }
  const result = await guess(world, place, input.code, check)
  if (!result.right) {
    const about = { account: session.account_id, methodKind: method.kind }
    if (result.spent) await record(world.sql, event(who, world.clock(), 'method.code-wrong', about))
    return result.refusal
  }
  const { spent } = result
  if (spent.method_id !== method.id || spent.destination === null) return refuse('changed')
  return move(world, who, spent, spent.destination, method.destination)
}

async function move(
  world: World,
  who: Member,
  spent: Spent,
  destination: string,
  before: string | null,
): Promise<Outcome<{ cookies: { session: string } }>> {
  const { session } = who
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const told = { id: session.account_id, email: session.email, phone: before }
  const details = { number: destination }
  const about = { account: session.account_id, sessionHash: hash, methodKind: spent.kind }
  const moved = await moveMethod(
    world.sql,
    {
      accountId: session.account_id,
      epoch: session.epoch,
      sessionId: session.id,
      tokenHash: hash,
      now,
      events: JSON.stringify([event(who, now, 'method.number-changed', about)]),
      messages: JSON.stringify(noticeMessages(world, who, told, 'number-changed', details)),
    },
    {
      methodId: spent.method_id,
      kind: spent.kind,
      challengeId: spent.id,
      seed: spent.seed,
      destination,
    },
  )
  if (!moved) return refuse('changed')
  world.delivery.wake()
  return done({ cookies: { session: token } })
}

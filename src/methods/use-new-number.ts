import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { consequences, guess } from '../challenges/guess.ts'
import type { Spent } from '../challenges/store.ts'
import { openInSession } from '../challenges/store.ts'
import { newId } from '../crypto/random.ts'
import { newToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { check, inFull, knownKind } from './index.ts'
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
    if (result.spent) await recordWrong(world, who, result.spent)
    return result.refusal
  }
  const { spent } = result
  if (spent.method_id !== method.id || spent.destination === null) return refuse('changed')
  return move(world, who, spent, spent.destination, method.destination)
}

/** Logs the wrong answer; tells the owner when it switched the method off (NTF-01). */
async function recordWrong(world: World, who: Member, spent: Spent): Promise<void> {
  const { account_id: account, email, token_hash: sessionHash } = who.session
  const now = world.clock()
  const about = { account, sessionHash, methodKind: spent.kind }
  const { locked } = consequences(spent)
  const holder = { id: account, email }
  const details = { method: inFull(spent.kind, spent.method_name) }
  await recordAndTell(
    world.sql,
    [
      event(who, now, 'method.code-wrong', about),
      ...(locked ? [event(who, now, 'method.locked', about)] : []),
    ],
    locked ? noticeMessages(world, who, holder, 'method-locked', details) : [],
  )
  if (locked) world.delivery.wake()
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
  const about = {
    account: session.account_id,
    sessionHash: hash,
    methodKind: spent.kind,
    details: { method: spent.method_id },
  }
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

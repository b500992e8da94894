import { event } from '../audit/event.ts'
import { newToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { inFull } from './index.ts'
import type { Method } from './method.ts'
import { requiredBy } from './required-by.ts'
import { removeMethod } from './remove-store.ts'
import { findMethod } from './store.ts'

/**
 * Turns one method off and deletes its secret or number. Every other session, sign-in and trusted
 * device ends; with the last method go the recovery codes (ENR-06). Refused: not-found,
 * last-required-method, changed.
 */
export async function remove(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<{ cookies: { session: string } }>> {
  const { session } = who
  const method = await findMethod(world.sql, session.account_id, input.id)
  if (!method?.confirmed_at) return refuse('not-found')
  const team = await requiredBy(world, session.account_id, method)
  if (team) return refuse('last-required-method', { team })
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const holder = { id: session.account_id, email: session.email }
  const about = {
    account: session.account_id,
    sessionHash: hash,
    methodKind: method.kind,
    details: { method: method.id },
  }
  const details = { method: inFull(method.kind, method.name) }
  const told = (what: 'method-removed' | 'last-method-removed') =>
    JSON.stringify(noticeMessages(world, who, holder, what, details))
  const removed = await removeMethod(
    world.sql,
    {
      accountId: session.account_id,
      epoch: session.epoch,
      sessionId: session.id,
      tokenHash: hash,
      now,
      events: JSON.stringify([event(who, now, 'method.removed', about)]),
      messages: told('method-removed'),
    },
    method.id,
    told('last-method-removed'),
    async (held) =>
      (await requiredBy({ ...world, sql: held }, session.account_id, method)) === null,
  )
  if (!removed) return whyNot(world, session.account_id, method)
  world.delivery.wake()
  return done({ cookies: { session: token } })
}

async function whyNot(world: World, accountId: string, method: Method): Promise<Refusal> {
  const team = await requiredBy(world, accountId, method)
  return team ? refuse('last-required-method', { team }) : refuse('changed')
}

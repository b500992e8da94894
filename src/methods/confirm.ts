import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { guess } from '../challenges/guess.ts'
import { findOpen } from '../challenges/store.ts'
import type { Spent } from '../challenges/store.ts'
import { newToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { freshCodes } from '../recovery/make.ts'
import { findRecoverySet } from '../recovery/store.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { check } from './index.ts'
import { confirmMethod, findMethod } from './store.ts'

/** A method that is on now. `codes` are the account's first recovery codes, shown this once (RC-01). */
export type Confirmed = {
  readonly kind: string
  readonly name: string
  readonly codes: readonly string[] | null
  readonly cookies: { readonly session: string }
}

/**
 * Turns a pending method on with the first code from it. With the first method come the recovery
 * codes. Refused: not-found; already-done; step-over when this set-up is not the session's open one;
 * as `guess`; busy; changed when something else was faster.
 */
export async function confirm(
  world: World,
  who: Member,
  input: { id: string; code: string },
): Promise<Outcome<Confirmed>> {
  const { session } = who
  const pending = await findMethod(world.sql, session.account_id, input.id)
  if (!pending) return refuse('not-found')
  if (pending.confirmed_at) return refuse('already-done')
  const place = { sessionId: session.id, purpose: 'set-up' as const }
  const open = await findOpen(world.sql, place, world.clock())
  if (open?.method_id !== pending.id) return refuse('step-over')
  const result = await guess(world, place, input.code, check)
  if (!result.right) {
    if (result.spent) await recordWrong(world, who, result.spent)
    return result.refusal
  }
  if (result.spent.method_id !== input.id) return refuse('changed')
  return turnOn(world, who, result.spent, result.step)
}

async function turnOn(
  world: World,
  who: Member,
  spent: Spent,
  step: number | null,
): Promise<Outcome<Confirmed>> {
  const { session } = who
  const had = await findRecoverySet(world.sql, session.account_id)
  const fresh = had ? null : await freshCodes(world)
  if (fresh === 'busy') return refuse('busy', { seconds: 2 })
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const holder = { id: session.account_id, email: session.email }
  const about = {
    account: session.account_id,
    sessionHash: hash,
    methodKind: spent.kind,
    details: { method: spent.method_id },
  }
  const made = fresh ? { codes: fresh.codes.length } : {}
  const details = { method: spent.method_name, ...made }
  const confirmed = await confirmMethod(
    world.sql,
    {
      accountId: session.account_id,
      epoch: session.epoch,
      sessionId: session.id,
      tokenHash: hash,
      now,
      events: JSON.stringify([
        event(who, now, 'method.confirmed', about),
        ...(fresh ? [event(who, now, 'recovery.codes-made', about)] : []),
      ]),
      messages: JSON.stringify(noticeMessages(world, who, holder, 'method-added', details)),
    },
    {
      methodId: spent.method_id,
      kind: spent.kind,
      challengeId: spent.id,
      seed: spent.seed,
      step,
      set: fresh?.set ?? null,
    },
  )
  if (!confirmed) return refuse('changed')
  world.delivery.wake()
  return done({
    kind: spent.kind,
    name: spent.method_name,
    codes: fresh?.codes ?? null,
    cookies: { session: token },
  })
}

async function recordWrong(world: World, who: Member, spent: Spent): Promise<void> {
  const { account_id, token_hash } = who.session
  const about = { account: account_id, sessionHash: token_hash, methodKind: spent.kind }
  await record(world.sql, event(who, world.clock(), 'method.code-wrong', about))
}

import { emailKey } from '../accounts/email.ts'
import { guessKeys } from '../accounts/guesses.ts'
import { event } from '../audit/event.ts'
import type { About, Event } from '../audit/event.ts'
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
import { check, inFull } from './index.ts'
import { completeRecovery } from './recover-store.ts'
import type { Completion } from './recover-store.ts'
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
 * codes; in the session of a recovery it completes that, and new codes come, too (REC-07). Refused: not-found; already-done; step-over when this set-up is not the session's open one;
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
  const recovering = session.recovery_case !== null
  const had = !recovering && (await findRecoverySet(world.sql, session.account_id))
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
  const details = { method: inFull(spent.kind, spent.method_name), ...made }
  const told = recovering ? 'account-recovered' : 'method-added'
  const change = {
    accountId: session.account_id,
    epoch: session.epoch,
    sessionId: session.id,
    tokenHash: hash,
    now,
    events: JSON.stringify([
      ...(recovering ? [completedEvent(who, now, about)] : []),
      event(who, now, 'method.confirmed', about),
      ...(fresh ? [event(who, now, 'recovery.codes-made', about)] : []),
    ]),
    messages: JSON.stringify(noticeMessages(world, who, holder, told, details)),
  }
  const confirmation = {
    methodId: spent.method_id,
    kind: spent.kind,
    challengeId: spent.id,
    seed: spent.seed,
    step,
    set: fresh?.set ?? null,
  }
  const confirmed = recovering
    ? await completeRecovery(world.sql, change, confirmation, completionOf(world, who, now))
    : await confirmMethod(world.sql, change, confirmation)
  if (!confirmed) return refuse('changed')
  world.delivery.wake()
  return done({
    kind: spent.kind,
    name: spent.method_name,
    codes: fresh?.codes ?? null,
    cookies: { session: token },
  })
}

function completedEvent(who: Member, now: Date, about: About): Event {
  const details = { case: who.session.recovery_case ?? '' }
  return event(who, now, 'case.completed', { ...about, details })
}

/** What a recovery's completion brings besides: the freeze, and an ordinary session (REC-07). */
function completionOf(world: World, who: Member, now: Date): Completion {
  const { email, recovery_case: caseId } = who.session
  const hours = (count: number) => new Date(now.getTime() + count * 3_600_000)
  const { pair, account } = guessKeys(world, who, emailKey(email))
  return {
    caseId: caseId ?? '',
    sessionExpiresAt: hours(world.config.sessionLifetimeHours),
    frozenUntil: hours(world.config.recoveryFreezeHours),
    guesses: [pair, account],
  }
}

async function recordWrong(world: World, who: Member, spent: Spent): Promise<void> {
  const { account_id, token_hash } = who.session
  const about = { account: account_id, sessionHash: token_hash, methodKind: spent.kind }
  await record(world.sql, event(who, world.clock(), 'method.code-wrong', about))
}

import { event } from '../audit/event.ts'
import { recordAndTell } from '../audit/tell.ts'
import { consequences, guess } from '../challenges/guess.ts'
import { findOpen } from '../challenges/store.ts'
import type { Spent } from '../challenges/store.ts'
import { newToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { check, inFull } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason } from '../reasons.ts'
import { guessRecoveryCode, lockedDetails, locksCodes } from '../recovery/guess.ts'
import type { RecoverySpent } from '../recovery/store.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { open } from './ask.ts'
import type { SteppedUp } from './give-password.ts'
import { missingOnTheWay } from './missing.ts'
import { settleByCode, settleByRecoveryCode } from './settle.ts'

/**
 * The second step, given again inside a session; renews the session's id (SES-05). The password must
 * have been given before, but on the way to a page that asks for it (`missingOnTheWay`). Refused:
 * password-again, as `guess`, code-used.
 */
export async function answer(
  world: World,
  who: Member,
  input: { code: string; return_to: string | null },
): Promise<Outcome<SteppedUp>> {
  if (missingOnTheWay(world, who.session, false, input.return_to).password)
    return refuse('password-again')
  const place = { sessionId: who.session.id, purpose: 'step-up' as const }
  const result = await guess(world, place, input.code, check)
  if (!result.right) {
    if (result.spent) await recordWrong(world, who, result.spent, result.refusal.reason)
    return result.refusal
  }
  const { token, hash } = newToken(world.random)
  const settled = await settleByCode(world, who, hash, result.spent, result.step)
  if (!settled) return refuse('code-used')
  return done({ complete: true, return_to: input.return_to, cookies: { session: token } })
}

/**
 * The second step by a recovery code, which is used up (ENR-07); works when every method is switched
 * off. Refused: password-again, as `guessRecoveryCode`.
 */
export async function useRecoveryCode(
  world: World,
  who: Member,
  input: { recovery_code: string; return_to: string | null },
): Promise<Outcome<SteppedUp>> {
  if (missingOnTheWay(world, who.session, false, input.return_to).password)
    return refuse('password-again')
  const place = { sessionId: who.session.id, purpose: 'step-up' as const }
  if (!(await findOpen(world.sql, place, world.clock()))) await open(world, who, null)
  const result = await guessRecoveryCode(world, place, input.recovery_code)
  if (!result.right) {
    if (result.spent) await recordWrongRecovery(world, who, result.spent)
    return result.refusal
  }
  const { token, hash } = newToken(world.random)
  const settled = await settleByRecoveryCode(world, who, hash, result.spent, result.hash)
  if (!settled) return refuse('wrong-recovery-code')
  world.delivery.wake()
  return done({ complete: true, return_to: input.return_to, cookies: { session: token } })
}

async function recordWrongRecovery(world: World, who: Member, spent: RecoverySpent): Promise<void> {
  const { account_id: account, email, token_hash: sessionHash } = who.session
  const now = world.clock()
  const about = { account, sessionHash, methodKind: 'recovery-code' }
  const locked = locksCodes(spent)
  const holder = { id: account, email }
  await recordAndTell(
    world.sql,
    [
      event(who, now, 'recovery.code-wrong', about),
      ...(locked ? [event(who, now, 'method.locked', about)] : []),
    ],
    locked ? noticeMessages(world, who, holder, 'method-locked', lockedDetails) : [],
  )
  if (locked) world.delivery.wake()
}

async function recordWrong(world: World, who: Member, spent: Spent, reason: Reason): Promise<void> {
  const { account_id: account, email, token_hash: sessionHash } = who.session
  const now = world.clock()
  const about = { account, sessionHash, methodKind: spent.kind }
  const { locked } = consequences(spent)
  const holder = { id: account, email }
  const details = { method: inFull(spent.kind, spent.method_name) }
  await recordAndTell(
    world.sql,
    [
      event(who, now, 'step-up.code-wrong', { ...about, details: { reason } }),
      ...(locked ? [event(who, now, 'method.locked', about)] : []),
    ],
    locked ? noticeMessages(world, who, holder, 'method-locked', details) : [],
  )
  if (locked) world.delivery.wake()
}

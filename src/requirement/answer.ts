import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { judgeMailed, whyMailedNot } from '../challenges/mailed.ts'
import { spendMailedAttempt } from '../challenges/mailed-store.ts'
import type { MailedSpent } from '../challenges/mailed-store.ts'
import { keyedDigest, newToken } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason, Refusal } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { proveMailbox } from './store.ts'

export type Proven = {
  readonly return_to: string | null
  readonly cookies: { readonly session: string }
}

/**
 * Takes the code that was mailed (ENR-03): with it a first method may be set up in this session. It
 * opens nothing else, and never counts as a second step. Refused: step-over, too-many-wrong-codes,
 * wait-before-trying, method-locked (a hundred wrong ones), wrong-mailed-code, code-expired, code-used.
 */
export async function answer(
  world: World,
  who: Member,
  input: { code: string; return_to: string | null },
): Promise<Outcome<Proven>> {
  const { session } = who
  const key = keyedDigest(world.keys, 'guess-mailbox', session.account_id)
  const place = { sessionId: session.id, purpose: 'mailbox' } as const
  const spent = await spendMailedAttempt(world, place, key)
  if (!spent) return whyMailedNot(world, place, key, 'step-over')
  const reason = judgeMailed(world, spent, 'mailbox', input.code)
  if (reason) return refuseWrong(world, who, spent, reason)
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const about = { account: session.account_id, sessionHash: hash }
  const proven = await proveMailbox(world.sql, {
    challengeId: spent.id,
    seed: spent.seed,
    sessionId: session.id,
    now,
    key,
    tokenHash: hash,
    wanted: input.return_to,
    events: JSON.stringify([event(who, now, 'requirement.mailbox-proven', about)]),
  })
  if (!proven) return refuse('code-used')
  return done({ return_to: input.return_to, cookies: { session: token } })
}

async function refuseWrong(
  world: World,
  who: Member,
  spent: MailedSpent,
  reason: Reason,
): Promise<Refusal> {
  const about = {
    account: spent.account_id,
    sessionHash: who.session.token_hash,
    details: { reason },
  }
  await record(world.sql, event(who, world.clock(), 'requirement.code-wrong', about))
  const { attempts_left: attemptsLeft } = spent
  return refuse(attemptsLeft > 0 ? reason : 'too-many-wrong-codes', { attemptsLeft })
}

import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { whyMethodNot } from '../challenges/why-not.ts'
import { findOpen } from '../challenges/store.ts'
import { limits } from '../config.ts'
import { codesEqual, deriveCode, normaliseCode } from '../crypto/codes.ts'
import { keyedDigest, newToken } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason, Refusal } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { findCount, proveMailbox, spendMailboxAttempt } from './store.ts'
import type { MailboxSpent } from './store.ts'

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
  const spent = await spendMailboxAttempt(world, session.id, key)
  if (!spent) return whyNot(world, who, key)
  const reason = judge(world, spent, input.code)
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

/** Null when the code is right. */
function judge(world: World, spent: MailboxSpent, typed: string): Reason | null {
  const code = normaliseCode(typed, limits.codeDigits)
  const expected = deriveCode(world.keys, {
    seed: spent.seed,
    methodId: spent.account_id,
    destination: spent.destination,
    purpose: 'mailbox',
  })
  if (code === null || spent.sent_at === null || !codesEqual(code, expected)) {
    return 'wrong-mailed-code'
  }
  const age = world.clock().getTime() - spent.sent_at.getTime()
  return age >= limits.codeLifetimeSeconds * 1000 ? 'code-expired' : null
}

async function refuseWrong(
  world: World,
  who: Member,
  spent: MailboxSpent,
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

async function whyNot(world: World, { session }: Member, key: string): Promise<Refusal> {
  const now = world.clock()
  const place = { sessionId: session.id, purpose: 'mailbox' as const }
  const open = await findOpen(world.sql, place, now)
  if (!open) return refuse('step-over')
  if (open.attempts_left <= 0) return refuse('too-many-wrong-codes')
  const counted = await findCount(world.sql, key)
  return counted ? whyMethodNot(counted.count, counted.not_before, now) : refuse('step-over')
}

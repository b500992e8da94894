import type { LinkHolder } from '../accounts/open-link.ts'
import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { findOpen } from '../challenges/store.ts'
import { whyMethodNot } from '../challenges/why-not.ts'
import { limits } from '../config.ts'
import { codesEqual, deriveCode, normaliseCode } from '../crypto/codes.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Reason, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { findCount, proveCase, spendCaseAttempt } from './code-store.ts'
import type { CaseSpent } from './code-store.ts'
import { caseHere } from './look.ts'
import type { OpenHere } from './look.ts'

/**
 * Takes the code that was mailed: the person's own proof (REC-02). It opens nothing. Refused:
 * case-over, too-many-wrong-codes, wait-before-trying, method-locked (a hundred wrong ones),
 * wrong-mailed-code, code-expired, code-used.
 */
export async function answer(
  world: World,
  who: LinkHolder,
  input: { code: string; link?: string | undefined },
): Promise<Outcome<{ proven: true }>> {
  const here = await caseHere(world, who, input.link)
  if (!here) return refuse('case-over')
  const { one } = here
  const key = keyedDigest(world.keys, 'guess-case', one.account_id)
  const spent = await spendCaseAttempt(world, here.place.tokenHash, key)
  if (!spent) return whyNot(world, here, key)
  const reason = judge(world, spent, input.code)
  const about = { account: one.account_id, actor: null, details: { case: one.id } }
  const now = world.clock()
  if (reason) {
    await record(world.sql, event(who, now, 'case.code-wrong', about))
    const { attempts_left: attemptsLeft } = spent
    return refuse(attemptsLeft > 0 ? reason : 'too-many-wrong-codes', { attemptsLeft })
  }
  const proven = await proveCase(world.sql, {
    challengeId: spent.id,
    seed: spent.seed,
    now,
    caseId: one.id,
    key,
    events: JSON.stringify([
      event(who, now, 'case.proven', { ...about, details: { case: one.id, by: 'mailbox' } }),
    ]),
  })
  return proven ? done({ proven: true as const }) : refuse('code-used')
}

/** Null when the code is right. */
function judge(world: World, spent: CaseSpent, typed: string): Reason | null {
  const code = normaliseCode(typed, limits.codeDigits)
  const expected = deriveCode(world.keys, {
    seed: spent.seed,
    methodId: spent.account_id,
    destination: spent.destination,
    purpose: 'case',
  })
  if (code === null || spent.sent_at === null || !codesEqual(code, expected)) {
    return 'wrong-mailed-code'
  }
  const age = world.clock().getTime() - spent.sent_at.getTime()
  return age >= limits.codeLifetimeSeconds * 1000 ? 'code-expired' : null
}

async function whyNot(world: World, { place }: OpenHere, key: string): Promise<Refusal> {
  const now = world.clock()
  const open = await findOpen(world.sql, place, now)
  if (!open) return refuse('code-expired')
  if (open.attempts_left <= 0) return refuse('too-many-wrong-codes')
  const counted = await findCount(world.sql, key)
  return counted ? whyMethodNot(counted.count, counted.not_before, now) : refuse('code-expired')
}

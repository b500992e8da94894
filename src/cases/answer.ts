import type { LinkHolder } from '../accounts/open-link.ts'
import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { judgeMailed, whyMailedNot } from '../challenges/mailed.ts'
import { spendMailedAttempt } from '../challenges/mailed-store.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { proveCase } from './code-store.ts'
import { caseHere } from './look.ts'

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
  const spent = await spendMailedAttempt(world, here.place, key)
  if (!spent) return whyMailedNot(world, here.place, key, 'code-expired')
  const reason = judgeMailed(world, spent, 'case', input.code)
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

import { limits } from '../config.ts'
import { codesEqual, deriveCode, normaliseCode } from '../crypto/codes.ts'
import { refuse } from '../reasons.ts'
import type { Reason, Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import { findCount } from './mailed-store.ts'
import type { MailedSpent } from './mailed-store.ts'
import { findOpen } from './store.ts'
import type { Place } from './store.ts'
import { whyMethodNot } from './why-not.ts'

/** Why a code mailed to the account itself is not taken (CODE-02); null when it is right. */
export function judgeMailed(
  world: World,
  spent: MailedSpent,
  purpose: 'case' | 'mailbox',
  typed: string,
): Reason | null {
  const code = normaliseCode(typed, limits.codeDigits)
  const { seed, account_id: methodId, destination } = spent
  const expected = deriveCode(world.keys, { seed, methodId, destination, purpose })
  if (code === null || spent.sent_at === null || !codesEqual(code, expected)) {
    return 'wrong-mailed-code'
  }
  const age = world.clock().getTime() - spent.sent_at.getTime()
  return age >= limits.codeLifetimeSeconds * 1000 ? 'code-expired' : null
}

/**
 * Why no attempt at a mailed code could be spent: `over` when there is nothing to answer here,
 * too-many-wrong-codes, wait-before-trying or method-locked (a hundred wrong ones).
 */
export async function whyMailedNot(
  world: World,
  place: Place,
  key: string,
  over: Reason,
): Promise<Refusal> {
  const now = world.clock()
  const open = await findOpen(world.sql, place, now)
  if (!open) return refuse(over)
  if (open.attempts_left <= 0) return refuse('too-many-wrong-codes')
  const counted = await findCount(world.sql, key)
  return counted ? whyMethodNot(counted.count, counted.not_before, now) : refuse(over)
}

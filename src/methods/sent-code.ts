import type { Verdict } from '../challenges/guess.ts'
import type { Spent } from '../challenges/store.ts'
import { limits } from '../config.ts'
import { codesEqual, deriveCode, normaliseCode } from '../crypto/codes.ts'
import type { World } from '../world.ts'

/**
 * Checks a code that was sent by text or mail: six digits derived from the challenge, good for ten
 * minutes from its first sending (CODE-02, CODE-04). Refused: wrong-code, code-expired.
 */
export function checkSentCode(world: World, asked: Spent, typed: string): Verdict {
  const code = normaliseCode(typed, limits.codeDigits)
  const fits = code !== null && codesEqual(code, expectedCode(world, asked))
  if (!fits || asked.sent_at === null) return { right: false, reason: 'wrong-code' }
  const age = world.clock().getTime() - asked.sent_at.getTime()
  if (age >= limits.codeLifetimeSeconds * 1000) return { right: false, reason: 'code-expired' }
  return { right: true, step: null }
}

function expectedCode(world: World, asked: Spent): string {
  return deriveCode(world.keys, {
    seed: asked.seed,
    methodId: asked.method_id,
    destination: asked.destination ?? '',
    purpose: asked.purpose,
  })
}

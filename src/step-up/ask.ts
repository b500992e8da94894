import { openInSession } from '../challenges/store.ts'
import { newId } from '../crypto/random.ts'
import { limits } from '../config.ts'
import type { Method } from '../methods/method.ts'
import { sendAgain } from '../methods/send-again.ts'
import { refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** What a step-up's code confirms, as the message names it (CODE-07). */
export const action = 'change your security settings'

/**
 * Opens the session's step-up with that method and sends its code where it sends any.
 * Refused: method-not-available, changed, and as `sendCode`.
 */
export async function ask(
  world: World,
  who: Member,
  method: Method | undefined,
): Promise<Outcome<{ state: string }>> {
  if (!method || method.failures >= limits.methodFailuresMax) return refuse('method-not-available')
  if (!(await open(world, who, method))) return refuse('changed')
  return sendAgain(world, who, 'step-up', action)
}

/**
 * Opens the session's step-up, with a method or, for a recovery code, with none; sends nothing.
 * False when the session ended meanwhile.
 */
export function open(world: World, who: Member, method: Method | null): Promise<boolean> {
  const now = world.clock()
  const { session, source, browser } = who
  return openInSession(world.sql, {
    id: newId(now, world.random),
    purpose: 'step-up',
    sessionId: session.id,
    accountId: session.account_id,
    epoch: session.epoch,
    methodId: method?.id ?? null,
    destination: method?.destination ?? null,
    seed: world.random(16),
    attempts: world.config.attemptsMax,
    now,
    expiresAt: new Date(now.getTime() + limits.codeLifetimeSeconds * 1000),
    source,
    browser,
  })
}

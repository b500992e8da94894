import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { sendCode } from '../challenges/send-code.ts'
import { findOpen, turnTo } from '../challenges/store.ts'
import type { Open } from '../challenges/store.ts'
import { limits } from '../config.ts'
import { knownKind } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { challengeOf, meansOf, openReset } from './open-reset.ts'
import type { Reset, Resetter } from './open-reset.ts'

export type Sent = { readonly state: 'waiting' | 'accepted' | 'none' }

/**
 * Asks the reset's second step by one of the account's own methods and sends its code, except by mail
 * to the address the link went to (EML-02). Refused: reset-over, too-many-tries-to-reset,
 * method-not-available, and as `sendCode`.
 */
export async function chooseMethod(
  world: World,
  who: Resetter,
  input: { method: string },
): Promise<Outcome<Sent>> {
  const reset = await openReset(world, who)
  if (!reset) return refuse('reset-over')
  const { methods } = await meansOf(world, reset)
  if (!methods.some(({ id }) => id === input.method)) return refuseMethod(world, who, reset)
  const open = await challengeOf(world, who, reset)
  if (!open) return refuse('reset-over')
  if (open.attempts_left <= 0) return refuse('too-many-tries-to-reset')
  const { methodFailuresMax } = limits
  const seed = world.random(16)
  const turned = await turnTo(world.sql, open.id, input.method, seed, methodFailuresMax)
  if (!turned) return refuseMethod(world, who, reset)
  const present = await findOpen(world.sql, reset.place, world.clock())
  return present ? sendFor(world, who, present) : refuse('reset-over')
}

/** Sends the present method's code again: the same code within its life (CODE-04). */
export async function sendAgain(world: World, who: Resetter): Promise<Outcome<Sent>> {
  const reset = await openReset(world, who)
  const open = reset && (await findOpen(world.sql, reset.place, world.clock()))
  if (!open) return refuse('reset-over')
  if (open.attempts_left <= 0) return refuse('too-many-tries-to-reset')
  return sendFor(world, who, open)
}

async function refuseMethod(world: World, who: Resetter, reset: Reset): Promise<Outcome<Sent>> {
  const about = { account: reset.account_id, actor: null }
  await record(world.sql, event(who, world.clock(), 'password.reset-method-refused', about))
  return refuse('method-not-available')
}

async function sendFor(world: World, who: Resetter, open: Open): Promise<Outcome<Sent>> {
  if (open.kind === null) return refuse('method-not-available')
  const { sends } = knownKind(open.kind)
  if (!sends || open.destination === null) return done({ state: 'none' as const })
  return sendCode(world, who, {
    id: open.id,
    purpose: open.purpose,
    account_id: open.account_id,
    kind: open.kind,
    channel: sends,
    destination: open.destination,
    expires_at: open.expires_at,
    action: null,
  })
}

import type { GuessKeys } from '../accounts/guesses.ts'
import { event } from '../audit/event.ts'
import { sendCode } from '../challenges/send-code.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { newToken } from '../crypto/tokens.ts'
import { knownKind } from '../methods/index.ts'
import { done, refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { World } from '../world.ts'
import type { Known } from './give-password.ts'
import { openSignIn } from './store.ts'
import type { MethodFact } from './store.ts'
import type { Arrived, Visitor } from './visitor.ts'

/**
 * Opens the pending sign-in (FLOW-01) and, when the first method sends its codes, sends one. A code
 * that could not be sent does not stop the sign-in: the code screen says so and offers the others.
 * Refused: changed.
 */
export async function openPending(
  world: World,
  who: Visitor,
  keys: GuessKeys,
  known: Known,
  method: MethodFact | null,
  returnTo: string | null,
): Promise<Arrived | Refusal> {
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const id = newId(now, world.random)
  const expiresAt = new Date(now.getTime() + limits.signInLifetimeSeconds * 1000)
  const opened = await openSignIn(
    world,
    keys,
    {
      id,
      tokenHash: hash,
      accountId: known.id,
      epoch: known.epoch,
      methodId: method?.id ?? null,
      destination: method?.destination ?? null,
      seed: world.random(16),
      attempts: world.config.attemptsMax,
      now,
      expiresAt,
      returnTo,
      source: who.source,
      browser: who.browser,
    },
    JSON.stringify([event(who, now, 'sign-in.password-right', { account: known.id })]),
  )
  if (!opened) return refuse('changed')
  if (method) await sendFirst(world, who, known.id, id, expiresAt, method)
  return done({ next: 'second-step' as const, return_to: returnTo, cookies: { signIn: token } })
}

async function sendFirst(
  world: World,
  who: Visitor,
  accountId: string,
  id: string,
  expiresAt: Date,
  method: MethodFact,
): Promise<void> {
  const { kind, sends } = knownKind(method.kind)
  if (!sends || method.destination === null) return
  await sendCode(world, who, {
    id,
    purpose: 'sign-in',
    account_id: accountId,
    kind,
    channel: sends,
    destination: method.destination,
    expires_at: expiresAt,
    action: null,
  })
}

import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { allowedOf, askedOf } from '../methods/allowed.ts'
import { sendAgain as sendCodeAgain } from '../methods/send-again.ts'
import { listConfirmed } from '../methods/store.ts'
import { refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { action, ask } from './ask.ts'

/**
 * Asks for the proof by another of the person's methods. Refused: not-found, method-not-available
 * (also where a team rules it out, FLOW-07), and as `ask`.
 */
export async function chooseMethod(
  world: World,
  who: Member,
  input: { method: string },
): Promise<Outcome<{ state: string }>> {
  const methods = await listConfirmed(world.sql, who.session.account_id)
  const method = methods.find((one) => one.id === input.method)
  if (!method) return refuse('not-found')
  const asked = askedOf(methods, who.session.teams, world.clock())
  if (allowedOf([method], asked).length > 0) return ask(world, who, method)
  const { account_id: account, token_hash: sessionHash } = who.session
  const about = { account, sessionHash, methodKind: method.kind }
  await record(world.sql, event(who, world.clock(), 'step-up.method-refused', about))
  return refuse('method-not-available')
}

/** Sends the step-up's code again. Refused: step-over when none is open, and as `sendCode`. */
export function sendAgain(world: World, who: Member): Promise<Outcome<{ state: string }>> {
  return sendCodeAgain(world, who, 'step-up', action)
}

import { sendAgain as sendCodeAgain } from '../methods/send-again.ts'
import { listConfirmed } from '../methods/store.ts'
import { refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { action, ask } from './ask.ts'

/** Asks for the proof by another of the person's methods. Refused: not-found, and as `ask`. */
export async function chooseMethod(
  world: World,
  who: Member,
  input: { method: string },
): Promise<Outcome<{ state: string }>> {
  const methods = await listConfirmed(world.sql, who.session.account_id)
  const method = methods.find((one) => one.id === input.method)
  return method ? ask(world, who, method) : refuse('not-found')
}

/** Sends the step-up's code again. Refused: step-over when none is open, and as `sendCode`. */
export function sendAgain(world: World, who: Member): Promise<Outcome<{ state: string }>> {
  return sendCodeAgain(world, who, 'step-up', action)
}

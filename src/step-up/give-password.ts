import { event } from '../audit/event.ts'
import { newToken } from '../crypto/tokens.ts'
import { allowedOf, askedOf } from '../methods/allowed.ts'
import { toChoices } from '../methods/choices.ts'
import type { Method } from '../methods/method.ts'
import { listConfirmed } from '../methods/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { missingProofs } from '../sessions/fresh.ts'
import type { Member, Session } from '../sessions/session.ts'
import { notePassword } from '../sessions/store.ts'
import type { World } from '../world.ts'
import { ask } from './ask.ts'
import { checkPassword } from './check-password.ts'

export type SteppedUp = {
  /** Whether nothing more is missing. */
  readonly complete: boolean
  readonly return_to: string | null
  readonly cookies: { readonly session: string }
}

/**
 * The password, given again inside a session, under the same limits as at sign-in (LIM-06). When the
 * second step is missing too, its challenge is opened. Refused: wrong-password, busy, changed.
 */
export async function givePassword(
  world: World,
  who: Member,
  input: { password: string; return_to: string | null },
): Promise<Outcome<SteppedUp>> {
  const refusal = await checkPassword(world, who, input.password)
  return refusal ?? note(world, who, input.return_to)
}

async function note(
  world: World,
  who: Member,
  returnTo: string | null,
): Promise<Outcome<SteppedUp>> {
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const renewed: Session = { ...who.session, password_at: now, token_hash: hash }
  const methods = await listConfirmed(world.sql, who.session.account_id)
  const complete = !missingProofs(world, renewed, methods.length > 0).secondStep
  const about = { account: who.session.account_id, sessionHash: hash }
  const events = JSON.stringify(complete ? [event(who, now, 'step-up.done', about)] : [])
  if (!(await notePassword(world.sql, who.session, hash, now, events))) return refuse('changed')
  const allowed = allowedOf(methods, askedOf(methods, renewed.teams, now))
  if (!complete) await ask(world, { ...who, session: renewed }, firstToAsk(allowed))
  return done({ complete, return_to: returnTo, cookies: { session: token } })
}

/** The method last used, or the strongest when none was used yet (product.md, Signing in 3). */
function firstToAsk(methods: readonly Method[]): Method | undefined {
  const usable = toChoices(methods).filter((choice) => !choice.locked)
  const first = usable.find((choice) => choice.last_used) ?? usable[0]
  return methods.find((method) => method.id === first?.id)
}

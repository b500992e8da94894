import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { toChoices } from './choices.ts'
import type { Choice } from './choices.ts'
import { requiredBy } from './required-by.ts'
import { listConfirmed } from './store.ts'

/** One confirmed method, and the others that stay when it goes. */
export type MethodView = { readonly method: Choice; readonly others: readonly Choice[] }

/** What a page about one method shows. Refused: not-found. */
export async function lookAt(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<MethodView>> {
  const all = toChoices(await listConfirmed(world.sql, who.session.account_id))
  const method = all.find((choice) => choice.id === input.id)
  if (!method) return refuse('not-found')
  return done({ method, others: all.filter((choice) => choice !== method) })
}

/** The same before it is turned off. Refused: as `lookAt`; last-required-method (ENR-05). */
export async function lookAtRemoval(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<MethodView>> {
  const found = await lookAt(world, who, input)
  const team = found.ok && (await requiredBy(world, who.session.account_id, found.method))
  return team ? refuse('last-required-method', { team }) : found
}

import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { renameMethod } from './store.ts'

/** Gives one of the person's methods another name. Refused: not-found. */
export async function rename(
  world: World,
  who: Member,
  input: { id: string; name: string },
): Promise<Outcome> {
  const { account_id, token_hash } = who.session
  const details = { method: input.id }
  const about = { account: account_id, sessionHash: token_hash, details }
  const events = JSON.stringify([event(who, world.clock(), 'method.renamed', about)])
  const renamed = await renameMethod(world.sql, account_id, input.id, input.name, events)
  return renamed ? done({}) : refuse('not-found')
}

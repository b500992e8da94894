import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { keepWanted } from './store.ts'

/** Goes on to the set-up of a kind of method; keeps the page that was first wanted. Never refused. */
export async function chooseKind(
  world: World,
  { session }: Member,
  input: { kind: string; return_to: string | null },
): Promise<Outcome<{ kind: string }>> {
  if (input.return_to !== null) await keepWanted(world.sql, session.id, input.return_to)
  return done({ kind: input.kind })
}

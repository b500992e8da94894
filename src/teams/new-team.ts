import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { insertTeam } from './people-store.ts'
import { showTeam } from './store.ts'

/** The page that asks for a name. Never refused. */
export async function lookAtNewTeam(): Promise<Outcome<object>> {
  return done({})
}

/**
 * Makes another team, which the person owns and whose settings the menu shows from now on.
 * Refused: too-many-teams.
 */
export async function newTeam(
  world: World,
  who: Member,
  input: { name: string },
): Promise<Outcome<{ id: string; name: string }>> {
  const { session } = who
  const now = world.clock()
  const id = newId(now, world.random)
  const about = { account: session.account_id, team: id, sessionHash: session.token_hash }
  const made = await insertTeam(world.sql, {
    id,
    name: input.name,
    ownerId: session.account_id,
    now,
    ownedMax: limits.teamsOwnedMax,
    events: JSON.stringify([event(who, now, 'team.created', about)]),
  })
  if (!made) return refuse('too-many-teams', { max: limits.teamsOwnedMax })
  await showTeam(world.sql, session.id, id)
  return done({ id, name: input.name })
}

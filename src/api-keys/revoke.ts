import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { lookAt } from './look-at.ts'
import { newsFor } from './news.ts'
import { deleteKey } from './store.ts'

/**
 * Revokes one of the team's keys: the next request with it is refused. Tells its maker and the
 * team's owner (NTF-01). Refused: not-found.
 */
export async function revoke(world: World, who: InTeam, input: { id: string }): Promise<Outcome> {
  const key = await lookAt(world, who, input)
  if (!key.ok) return key
  const { account_id: account, token_hash: sessionHash } = who.session
  const team = who.team.team_id
  const details = { key: key.name, key_id: key.id }
  const about = { account, team, sessionHash, details }
  const events = JSON.stringify([event(who, world.clock(), 'api-key.revoked', about)])
  const messages = JSON.stringify(await newsFor(world, who, key, 'api-key-revoked'))
  const gone = await deleteKey(world.sql, key.id, team, events, messages)
  if (!gone) return refuse('not-found')
  world.delivery.wake()
  return done({})
}

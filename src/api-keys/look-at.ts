import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { listKeys } from './store.ts'
import type { KeyRow } from './store.ts'

/** A key as its team's admins see it; its token is known to nobody. */
export type KeyView = KeyRow & { readonly expired: boolean }

/** The team's keys, newest first; one that expired stays for a month. Never refused. */
export async function list(
  world: World,
  who: InTeam,
): Promise<Outcome<{ keys: readonly KeyView[] }>> {
  const now = world.clock()
  const rows = await listKeys(world.sql, who.team.team_id)
  return done({ keys: rows.map((row) => ({ ...row, expired: row.expires_at <= now })) })
}

/** One of the team's keys. Refused: not-found (another team's, ENR-09). */
export async function lookAt(
  world: World,
  who: InTeam,
  input: { id: string },
): Promise<Outcome<KeyView>> {
  const listed = await list(world, who)
  const key = listed.ok ? listed.keys.find(({ id }) => id === input.id) : undefined
  return key ? done(key) : refuse('not-found')
}

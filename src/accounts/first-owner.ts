import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { linkToken } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { insertFirstOwnerLink } from './link-store.ts'
import { openLink } from './open-link.ts'

/**
 * The address of the one-time link that makes the first owner, for the operator's eyes only
 * (PW-12); null when there is an account. Each one voids those before it and lives for
 * `firstOwnerLinkLifetimeHours`. Called at every start.
 */
export async function mintFirstOwnerLink(world: World): Promise<string | null> {
  const now = world.clock()
  const id = newId(now, world.random)
  const expiresAt = new Date(now.getTime() + limits.firstOwnerLinkLifetimeHours * 3_600_000)
  if (!(await insertFirstOwnerLink(world.sql, id, now, expiresAt))) return null
  const base = world.config.baseUrl.replace(/\/+$/, '')
  return `${base}/welcome/${linkToken(world.keys, id, 'first-owner')}`
}

/** Whether the link still works, and how long a password must be. Refused: link-over. */
export async function lookAtFirstOwnerLink(
  world: World,
  _who: Caller,
  input: { token: string },
): Promise<Outcome<{ password_characters_min: number }>> {
  if (!(await openLink(world, 'first-owner', input.token))) return refuse('link-over')
  return done({ password_characters_min: world.config.passwordCharactersMin })
}

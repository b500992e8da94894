import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { linkToken } from '../crypto/tokens.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { insertFirstOwnerLink } from './link-store.ts'
import { openLink } from './open-link.ts'
import type { LinkHolder, LinkNamed } from './open-link.ts'

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
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<{ id: string; password_characters_min: number }>> {
  const link = await openLink(world, who, 'first-owner', input)
  if (!link) return refuse('link-over')
  return done({ id: link.id, password_characters_min: world.config.passwordCharactersMin })
}

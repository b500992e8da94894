import { readLinkToken } from '../crypto/tokens.ts'
import type { World } from '../world.ts'
import { findLink } from './link-store.ts'
import type { FoundLink, LinkPurpose } from './link-store.ts'

/**
 * The link a token was made for, while it can still be used; null for any other text. Changes
 * nothing: a link may be fetched any number of times (EML-04). One round trip, none for a token
 * that was not made here for this purpose.
 */
export async function openLink(
  world: World,
  purpose: LinkPurpose,
  token: string,
): Promise<FoundLink | null> {
  const id = readLinkToken(world.keys, token, purpose)
  return id === null ? null : findLink(world.sql, purpose, id, world.clock())
}

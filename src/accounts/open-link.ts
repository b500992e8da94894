import { readLinkToken } from '../crypto/tokens.ts'
import type { Caller, World } from '../world.ts'
import { findLink } from './link-store.ts'
import type { FoundLink, LinkPurpose } from './link-store.ts'

/** Somebody with a mailed or printed link open in their browser, or not. */
export type LinkHolder = Caller & {
  /** The link's token, from its cookie. */
  readonly link: string | null
}

/** How a request says which link it means. */
export type LinkNamed = {
  /** The token itself, from an API call; without it, the cookie's. */
  readonly token?: string | undefined
  /** The id of the link that the form was made for. */
  readonly link?: string | undefined
}

/**
 * The id of the link a request means, if its token was made here for this purpose. Null also when
 * the form was made for another link than is open by now: what is typed for one never reaches
 * another (FLOW-09).
 */
export function linkIdOf(
  world: World,
  who: LinkHolder,
  purpose: LinkPurpose,
  { token, link }: LinkNamed,
): string | null {
  const id = readLinkToken(world.keys, token ?? who.link ?? '', purpose)
  return link === undefined || link === id ? id : null
}

/**
 * The link a request means, while it can still be used; null for anything else (`linkIdOf`).
 * Changes nothing: a link may be fetched any number of times (EML-04). One round trip, none when
 * there is no token of this purpose.
 */
export async function openLink(
  world: World,
  who: LinkHolder,
  purpose: LinkPurpose,
  named: LinkNamed,
): Promise<FoundLink | null> {
  const id = linkIdOf(world, who, purpose, named)
  return id === null ? null : findLink(world.sql, purpose, id, world.clock())
}

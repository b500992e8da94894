import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { verifyAddress } from './link-store.ts'
import type { FoundLink } from './link-store.ts'
import { openLink } from './open-link.ts'
import type { LinkHolder, LinkNamed } from './open-link.ts'

/** The address a link would confirm. Refused: link-over. */
export async function lookAtVerification(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<FoundLink & { email: string }>> {
  const link = await openLink(world, who, 'verify-email', input)
  return link?.email ? done({ ...link, email: link.email }) : refuse('link-over')
}

/**
 * Confirms the address the link was sent to, once, and only while it is the account's (EML-03).
 * Refused: link-over.
 */
export async function verifyEmail(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<{ email: string; cookies: { link: null } }>> {
  const link = await lookAtVerification(world, who, input)
  if (!link.ok) return link
  const now = world.clock()
  const about = { account: link.account_id }
  const events = JSON.stringify([event(who, now, 'account.email-verified', about)])
  return (await verifyAddress(world.sql, link.id, now, events))
    ? done({ email: link.email, cookies: { link: null } })
    : refuse('link-over')
}

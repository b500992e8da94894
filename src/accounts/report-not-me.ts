import { event } from '../audit/event.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { shutOut } from './link-store.ts'
import { openLink } from './open-link.ts'
import type { LinkHolder, LinkNamed } from './open-link.ts'

/** Whether a notice's link can still be used; says nothing about the account. Refused: link-over. */
export async function lookAtNotMe(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<{ id: string }>> {
  const link = await openLink(world, who, 'not-me', input)
  return link ? done({ id: link.id }) : refuse('link-over')
}

/**
 * "This was not me", from the link of a notice (NTF-03): ends every session, pending sign-in,
 * trusted device, API key and one-time pass of the account; its password and methods stay. Refused: link-over.
 */
export async function reportNotMe(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<{ cookies: { link: null } }>> {
  const link = await openLink(world, who, 'not-me', input)
  if (!link) return refuse('link-over')
  const now = world.clock()
  const about = { account: link.account_id, actor: null }
  const events = JSON.stringify([event(who, now, 'account.reported-not-me', about)])
  return (await shutOut(world.sql, link.id, now, events))
    ? done({ cookies: { link: null } })
    : refuse('link-over')
}

import { linkIdOf } from '../accounts/open-link.ts'
import type { LinkHolder, LinkNamed } from '../accounts/open-link.ts'
import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { confirmAddress as letCount, findAddressLink } from './store.ts'
import type { FoundAddressLink } from './store.ts'

/** The address a link would let count for notices. Changes nothing (EML-04). Refused: link-over. */
export async function lookAtAddress(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<FoundAddressLink>> {
  const id = linkIdOf(world, who, 'notify-email', input)
  const found = id && (await findAddressLink(world.sql, 'notify-email', id, world.clock()))
  return found ? done(found) : refuse('link-over')
}

/** From now on security notices go to this address too; all of them are told (NTF-01, NTF-02). */
export async function confirmAddress(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<{ email: string; cookies: { link: null } }>> {
  const found = await lookAtAddress(world, who, input)
  if (!found.ok) return found
  const { id, account_id: account, email, present } = found
  const now = world.clock()
  const told = { id: account, email: present }
  const notices = noticeMessages(world, who, told, 'address-added', { address: email })
  const counts = await letCount(
    world.sql,
    id,
    now,
    JSON.stringify([event(who, now, 'account.address-confirmed', { account })]),
    JSON.stringify(notices),
  )
  if (!counts) return refuse('link-over')
  world.delivery.wake()
  return done({ email, cookies: { link: null } })
}

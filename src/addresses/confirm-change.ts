import { emailKey } from '../accounts/email.ts'
import { linkIdOf } from '../accounts/open-link.ts'
import type { LinkHolder, LinkNamed } from '../accounts/open-link.ts'
import { event } from '../audit/event.ts'
import { maskDestination } from '../delivery/mask.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { findAddressLink, putInForce } from './store.ts'
import type { FoundAddressLink } from './store.ts'

/** What a link would put in force, and the present address as who reads the new one may see it. */
export type ChangeSeen = FoundAddressLink & { readonly masked: string }

/** The address a link would put in force. Changes nothing (EML-04). Refused: link-over. */
export async function lookAtChange(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<ChangeSeen>> {
  const id = linkIdOf(world, who, 'change-email', input)
  const found = id && (await findAddressLink(world.sql, 'change-email', id, world.clock()))
  return found ? done({ ...found, masked: maskDestination(found.present) }) : refuse('link-over')
}

/**
 * Puts the new address in force with the link mailed to it (EML-03): every session, sign-in, trusted
 * device, open code and link of before ends, codes by mail move along, and both addresses are told.
 * Signs nobody in (FLOW-08). Refused: link-over, also when the address got an account meanwhile.
 */
export async function confirmChange(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<{ email: string; cookies: { link: null } }>> {
  const found = await lookAtChange(world, who, input)
  if (!found.ok) return found
  const { id, account_id: account, email, present } = found
  const now = world.clock()
  const notices = [present, email].flatMap((address) =>
    noticeMessages(world, who, { id: account, email: address }, 'email-changed', {
      address: email,
    }),
  )
  const inForce = await putInForce(
    world.sql,
    id,
    now,
    emailKey(email),
    JSON.stringify([event(who, now, 'account.email-changed', { account })]),
    JSON.stringify(notices),
  )
  if (!inForce) return refuse('link-over')
  world.delivery.wake()
  return done({ email, cookies: { link: null } })
}

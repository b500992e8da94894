import { emailKey, readEmail } from '../accounts/email.ts'
import { linkLimits, sendWithin } from '../accounts/send-link.ts'
import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { maskDestination } from '../delivery/mask.ts'
import { linkMessage } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { keptBack } from './ask-change.ts'
import { insertAddress } from './store.ts'
import type { NewAddress } from './store.ts'

/**
 * Adds an address that security notices go to as well, once the link mailed to it is used (NTF-02).
 * Asked again it mails another link. Refused: not-an-email, same-email, no-room-for-address (or it
 * counts already), wait-for-link, changed.
 */
export async function addAddress(
  world: World,
  who: Member,
  input: { email: string },
): Promise<Outcome<{ email: string }>> {
  const { session } = who
  const email = readEmail(input.email)
  if (email === null) return refuse('not-an-email', undefined, { email: 'not-an-email' })
  const key = emailKey(email)
  if (key === emailKey(session.email)) {
    return refuse('same-email', undefined, { email: 'same-email' })
  }
  const address = newAddress(world, who, email, key)
  const now = world.clock()
  const details = { to: maskDestination(email) }
  const about = { account: session.account_id, sessionHash: session.token_hash, details }
  const events = JSON.stringify([event(who, now, 'account.address-added', about)])
  const mail = linkMessage(world, {
    template: 'notify-email',
    account_id: session.account_id,
    destination: email,
    link_id: address.linkId,
    expires_at: address.expiresAt,
  })
  let added: Added = 'changed'
  const budget = linkLimits(world, who, 'notify-destination', key)
  const sent = await sendWithin(world, budget, async (sql) => {
    added = await insertAddress(sql, address, events, JSON.stringify([mail]))
  })
  if (!sent.ok) return keptBack(world, who, sent)
  const came = added as Added
  if (came === 'changed') return refuse('changed')
  if (came === 'full')
    return refuse('no-room-for-address', { max: limits.notificationAddressesMax })
  world.delivery.wake()
  return done({ email })
}

type Added = Awaited<ReturnType<typeof insertAddress>>

function newAddress(world: World, { session }: Member, email: string, key: string): NewAddress {
  const now = world.clock()
  return {
    id: newId(now, world.random),
    linkId: newId(now, world.random),
    accountId: session.account_id,
    epoch: session.epoch,
    email,
    emailKey: key,
    now,
    expiresAt: new Date(now.getTime() + limits.linkLifetimeHours * 3_600_000),
  }
}

import { event } from '../audit/event.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { lookAtOther } from './look.ts'
import { deleteAddress } from './store.ts'

/**
 * No more notices to that address; all addresses are told, this one for the last time (NTF-02).
 * Refused: not-found.
 */
export async function removeAddress(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome> {
  const { session } = who
  const found = await lookAtOther(world, who, input)
  if (!found.ok) return found
  const now = world.clock()
  const account = session.account_id
  const about = { account, sessionHash: session.token_hash }
  const told = { id: account, email: session.email }
  const gone = await deleteAddress(
    world.sql,
    account,
    input.id,
    JSON.stringify([event(who, now, 'account.address-removed', about)]),
    JSON.stringify(noticeMessages(world, who, told, 'address-removed', { address: found.email })),
  )
  if (!gone) return refuse('not-found')
  world.delivery.wake()
  return done({})
}

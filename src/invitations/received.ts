import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { listReceived } from './joining-store.ts'
import type { Received } from './joining-store.ts'

export type ReceivedList = {
  readonly invitations: readonly Received[]
  /** The address is not confirmed, so nothing that was sent to it counts yet. */
  readonly unconfirmed: boolean
}

/** The invitations to the person's confirmed address. Changes nothing; never refused. */
export async function listMine(world: World, who: Member): Promise<Outcome<ReceivedList>> {
  const { account_id: account, email_verified_at: confirmed } = who.session
  const invitations = await listReceived(world.sql, account, world.clock())
  return done({ invitations, unconfirmed: confirmed === null })
}

/** One of them. Refused: not-found, for those of others and those that are over (ENR-09). */
export async function lookAtMine(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<{ invitation: Received }>> {
  const all = await listReceived(world.sql, who.session.account_id, world.clock())
  const invitation = all.find(({ id }) => id === input.id)
  return invitation ? done({ invitation }) : refuse('not-found')
}

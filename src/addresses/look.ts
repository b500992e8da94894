import { limits } from '../config.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { findPendingChange, listAddresses } from './store.ts'
import type { NotificationAddress, PendingChange } from './store.ts'

/** The account's address, a change of it that waits, and where notices go besides. */
export type Addresses = {
  readonly email: string
  readonly email_verified: boolean
  readonly pending: PendingChange | null
  readonly others: readonly NotificationAddress[]
  /** How many more there may be. */
  readonly room: number
}

/** The addresses of the person. Changes nothing; never refused. */
export async function look(world: World, { session }: Member): Promise<Outcome<Addresses>> {
  const [pending, others] = await Promise.all([
    findPendingChange(world.sql, session.account_id, world.clock()),
    listAddresses(world.sql, session.account_id),
  ])
  return done({
    email: session.email,
    email_verified: session.email_verified_at !== null,
    pending,
    others,
    room: Math.max(0, limits.notificationAddressesMax - others.length),
  })
}

/** One of the further addresses. Refused: not-found. */
export async function lookAtOther(
  world: World,
  { session }: Member,
  input: { id: string },
): Promise<Outcome<NotificationAddress>> {
  const others = await listAddresses(world.sql, session.account_id)
  const found = others.find((one) => one.id === input.id)
  return found ? done(found) : refuse('not-found')
}

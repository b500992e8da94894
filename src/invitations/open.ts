import { linkIdOf } from '../accounts/open-link.ts'
import type { LinkHolder, LinkNamed } from '../accounts/open-link.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Session } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { findByLink } from './joining-store.ts'
import type { Received } from './joining-store.ts'

/** Somebody with an invitation's link, signed in or not. */
export type Invited = LinkHolder & { readonly session: Session | null }

/** What a link opens: the invitation, its address, and how it goes on from there. */
export type Opened = Omit<Received, 'id'> & {
  /** The link's id. */
  readonly id: string
  readonly email: string
  /** The address has an account: its owner signs in to accept. */
  readonly has_account: boolean
  readonly signed_in: boolean
  readonly password_characters_min: number
}

/**
 * The invitation of a link. Changes nothing (EML-04). Refused: invitation-over; invitation-of-another,
 * for who is signed in to another account than its address has (TEAM-10).
 */
export async function open(world: World, who: Invited, input: LinkNamed): Promise<Outcome<Opened>> {
  const id = linkIdOf(world, who, 'invitation', input)
  const found = id === null ? null : await findByLink(world.sql, id, world.clock())
  if (found === null) return refuse('invitation-over')
  const { account_id: account, link_id, ...invitation } = found
  if (who.session !== null && who.session.account_id !== account) {
    return refuse('invitation-of-another')
  }
  return done({
    ...invitation,
    id: link_id,
    has_account: account !== null,
    signed_in: who.session !== null,
    password_characters_min: world.config.passwordCharactersMin,
  })
}

import { emailKey } from '../accounts/email.ts'
import { linkIdOf } from '../accounts/open-link.ts'
import type { LinkHolder } from '../accounts/open-link.ts'
import { limits } from '../config.ts'
import { hashToken } from '../crypto/tokens.ts'
import { newId } from '../crypto/random.ts'
import { findOpen } from '../challenges/store.ts'
import type { Open } from '../challenges/store.ts'
import { allowedOf, askedOf } from '../methods/allowed.ts'
import { knownKind } from '../methods/index.ts'
import type { Method } from '../methods/method.ts'
import { listConfirmed } from '../methods/store.ts'
import { listTeams } from '../policy/store.ts'
import type { World } from '../world.ts'
import { findReset, openChallenge } from './store.ts'
import type { FoundReset } from './store.ts'

/** Somebody with a link to a new password open in their browser, or not. */
export type Resetter = LinkHolder

/** A reset that can still be done: its link, and where its second step's challenge is. */
export type Reset = FoundReset & {
  readonly token: string
  readonly place: { readonly tokenHash: Buffer; readonly purpose: 'reset' }
}

/**
 * The reset this browser has open, while its link can still be used; null for anything else, and when
 * the form was made for another (`link`, that one's id; `linkIdOf`). Changes nothing. One round trip.
 */
export async function openReset(world: World, who: Resetter, link?: string): Promise<Reset | null> {
  const token = who.link ?? ''
  const id = linkIdOf(world, who, 'reset-password', { link })
  const tokenHash = hashToken(token)
  if (id === null || tokenHash === null) return null
  const found = await findReset(world.sql, id, world.clock())
  return found && { ...found, token, place: { tokenHash, purpose: 'reset' } }
}

/** The account's methods, and those of them that count at a reset. */
export type Means = {
  readonly enrolled: boolean
  readonly methods: readonly Method[]
  /** Codes by mail to the link's own address were left out (EML-02). */
  readonly mailboxLeftOut: boolean
}

/**
 * Which methods prove at this reset that it is not only somebody who can read the mailbox: a code
 * mailed to where the link went proves nothing more than the link did (EML-02). What a team rules out
 * at the sign-in, where there is another, counts here no more (FLOW-07).
 */
export async function meansOf(world: World, reset: Reset): Promise<Means> {
  const [all, teams] = await Promise.all([
    listConfirmed(world.sql, reset.account_id),
    listTeams(world.sql, reset.account_id),
  ])
  const allowed = allowedOf(all, askedOf(all, teams, world.clock()))
  const methods = allowed.filter((method) => !goesToLinksAddress(method, reset))
  return { enrolled: all.length > 0, methods, mailboxLeftOut: methods.length < allowed.length }
}

function goesToLinksAddress({ kind, destination }: Method, { email }: Reset): boolean {
  if (knownKind(kind).sends !== 'mail' || destination === null) return false
  return emailKey(destination) === emailKey(email)
}

/** Whether the second step was passed, not too long ago. */
export function isProven(world: World, open: Open | null): boolean {
  if (!open?.proven_at) return false
  return world.clock().getTime() - open.proven_at.getTime() < limits.resetProofSeconds * 1000
}

/**
 * The challenge of the reset's second step, opened when there is none; null when the reset ended
 * meanwhile. A link has one, with one set of attempts for its whole life (LIM-04).
 */
export async function challengeOf(world: World, who: Resetter, reset: Reset): Promise<Open | null> {
  const now = world.clock()
  await openChallenge(world.sql, {
    id: newId(now, world.random),
    tokenHash: reset.place.tokenHash,
    linkId: reset.id,
    seed: world.random(16),
    attempts: world.config.attemptsMax,
    now,
    source: who.source,
    browser: who.browser,
  })
  return findOpen(world.sql, reset.place, now)
}

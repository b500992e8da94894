import { event } from '../audit/event.ts'
import type { About } from '../audit/event.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { eraseAccount, teamInTheWay, teamsThatGo } from './deletion-store.ts'
import type { Deleted } from './deletion-store.ts'
import { emailKey } from './email.ts'
import { guessKeys } from './guesses.ts'
import type { Person } from './person.ts'

export type DeletionSeen = {
  readonly email: string
  /** Names of teams that go too, because nobody else is in them. */
  readonly teams: readonly string[]
}

/** What a deletion would take along. Refused: hand-over-first. */
export async function lookAtDeletion(world: World, who: Person): Promise<Outcome<DeletionSeen>> {
  const { account_id, email } = who.session
  const team = await teamInTheWay(world.sql, account_id)
  if (team !== null) return refuse('hand-over-first', { team })
  return done({ email, teams: await teamsThatGo(world.sql, account_id) })
}

/**
 * Deletes the person's own account, at once and for good (PRV-03). They type its address, and are
 * told by mail. Refused: other-address; hand-over-first for the owner of a team with other members;
 * changed.
 */
export async function deleteAccount(
  world: World,
  who: Person,
  input: { email: string },
): Promise<Outcome<{ cookies: { session: null } }>> {
  const { account_id: id, email, epoch, token_hash: sessionHash } = who.session
  if (emailKey(input.email) !== emailKey(email)) {
    return refuse('other-address', undefined, { email: 'other-address' })
  }
  const { gone, owns } = await erase(world, who, { id, email, epoch }, { account: id, sessionHash })
  if (owns !== null) return refuse('hand-over-first', { team: owns })
  return gone ? done({ cookies: { session: null } }) : refuse('changed')
}

/**
 * Erases an account, for whoever may: `about` says in the log who did. The one mail about it holds the
 * address, and goes within an hour of being sent (`src/clean-up.ts`).
 */
export async function erase(
  world: World,
  who: Caller,
  account: { readonly id: string; readonly email: string; readonly epoch: number | null },
  about: About,
): Promise<Deleted> {
  const now = world.clock()
  const guesses = [
    guessKeys(world, who, emailKey(account.email)).account,
    guessKeys(world, who, emailKey(account.email)).pair,
    keyedDigest(world.keys, 'guess-mailbox', account.id),
  ]
  const deleted = await eraseAccount(world.sql, {
    accountId: account.id,
    epoch: account.epoch,
    guesses,
    events: JSON.stringify([event(who, now, 'account.deleted', about)]),
    messages: JSON.stringify(noticeMessages(world, who, account, 'account-deleted')),
  })
  if (deleted.gone) world.delivery.wake()
  return deleted
}

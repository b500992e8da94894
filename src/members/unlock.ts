import { guessKeys } from '../accounts/guesses.ts'
import { linkLimits, sendWithin } from '../accounts/send-link.ts'
import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { keyedDigest } from '../crypto/tokens.ts'
import type { Sql } from '../database/port.ts'
import { mailFor, newLink } from '../passwords/ask.ts'
import { insertResetLink } from '../passwords/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { endWaits, holdStill } from './act-store.ts'
import type { Doing } from './act-store.ts'
import { doingOf, whyNot } from './doing.ts'
import { aimAt } from './look-at-member.ts'
import { listRefusedSources } from './member-store.ts'
import type { OneMember } from './member-store.ts'

/**
 * Ends what a member has to wait for: methods, recovery codes, passwords (product.md, Teams 4). Counts
 * stay, so the next wrong one waits again. Where the password is closed, the link to choose a new one
 * is mailed too (LIM-08); a method that is switched off stays so (LIM-02). The member is told.
 * Refused: as `aimAt`, member-changed, wait-for-link.
 */
export async function unlock(
  world: World,
  who: InTeam,
  input: { member: string },
): Promise<Outcome<{ link_mailed: boolean }>> {
  const aimed = await aimAt(world, who, input.member, 'unlock')
  if (!aimed.ok) return aimed
  const { member } = aimed
  const doing = doingOf(world, who, member, { kind: 'member.unlocked', notice: 'admin-unlocked' })
  const keys = await waitingKeys(world, who, member)
  const closed = member.password_closed_at !== null
  const refusal = closed
    ? await withLink(world, who, member, (held) => write(held, doing, keys))
    : await world.sql.tx((held) => write(held, doing, keys)).then(asRefusal)
  if (refusal === 'not-allowed') return whyNot(world, who, member.id, 'unlock')
  if (refusal !== null) return refusal
  world.delivery.wake()
  return done({ link_mailed: closed })
}

async function write(held: Sql, doing: Doing, keys: readonly string[]): Promise<boolean> {
  await holdStill(held, doing)
  return endWaits(held, doing, keys)
}

function asRefusal(written: boolean): 'not-allowed' | null {
  return written ? null : 'not-allowed'
}

/** The keys of the member's wrong passwords from where they last came, and of mailed codes. */
async function waitingKeys(world: World, who: InTeam, member: OneMember): Promise<string[]> {
  const longest = world.config.waitLongestSeconds * 1000
  const since = new Date(world.clock().getTime() - longest)
  const sources = await listRefusedSources(world.sql, member.id, since)
  const pairs = sources.map((source) => guessKeys(world, { ...who, source }, member.email_key).pair)
  return [...pairs, keyedDigest(world.keys, 'guess-mailbox', member.id)]
}

const notAllowed = new Error('not allowed: roll back')

/** With the link to a new password, within the limits of such mails; all of it or nothing. */
async function withLink(
  world: World,
  who: InTeam,
  member: OneMember,
  write: (held: Sql) => Promise<boolean>,
): Promise<Refusal | 'not-allowed' | null> {
  const link = newLink(world, member.email, member)
  const about = { account: member.id, actor: who.session.account_id, team: who.team.team_id }
  const events = JSON.stringify([event(who, world.clock(), 'password.reset-asked', about)])
  const messages = JSON.stringify(mailFor(world, link))
  const sendLimits = linkLimits(world, who, 'reset-destination', member.email_key)
  const sending = sendWithin(world, sendLimits, async (held) => {
    if (!(await write(held))) throw notAllowed
    await insertResetLink(held, link, events, messages)
  })
  const sent = await sending.catch((error: unknown) => {
    if (error === notAllowed) return null
    throw error
  })
  if (sent === null) return 'not-allowed'
  if (sent.ok) return null
  const details = { for: 'reset-password', reason: sent.reason }
  const kept = event(who, world.clock(), 'code.send-refused-by-limit', { ...about, details })
  await record(world.sql, kept)
  return refuse('wait-for-link', { seconds: sent.waitSeconds })
}

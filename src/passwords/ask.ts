import { emailKey, readEmail } from '../accounts/email.ts'
import { linkLimits, sendWithin } from '../accounts/send-link.ts'
import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { linkMessage } from '../delivery/outbox.ts'
import type { Message } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { insertResetLink, lookUpForReset } from './store.ts'
import type { AtAddress, NewResetLink } from './store.ts'

/** The page that asks for the address. Never refused. */
export async function lookAtAsking(): Promise<Outcome> {
  return done({})
}

/**
 * Mails a link to choose a new password to the account of this address; nothing else changes until
 * that is used (PW-08). The answer and the statements are the same when there is no such account, when
 * it is disabled, and when a limit keeps the mail back (FLOW-11). Refused: not-an-email.
 */
export async function ask(world: World, who: Caller, input: { email: string }): Promise<Outcome> {
  const address = readEmail(input.email)
  if (address === null) return refuse('not-an-email', undefined, { email: 'not-an-email' })
  const key = emailKey(address)
  const found = await lookUpForReset(world.sql, key)
  const about = { account: found.id, actor: null }
  const link = newLink(world, address, found)
  const events = JSON.stringify([event(who, world.clock(), 'password.reset-asked', about)])
  const messages = JSON.stringify(mailFor(world, link))
  const sendLimits = linkLimits(world, who, 'reset-destination', key)
  const sent = await sendWithin(world, sendLimits, (sql) =>
    insertResetLink(sql, link, events, messages),
  )
  if (!sent.ok) {
    const details = { for: 'reset-password', reason: sent.reason }
    const kind = 'code.send-refused-by-limit'
    await record(world.sql, event(who, world.clock(), kind, { ...about, details }))
  }
  world.delivery.wake()
  return done({})
}

/** Nobody's link is written too, so that the work is the same; it is used up from the start. */
export function newLink(world: World, address: string, found: AtAddress): NewResetLink {
  const now = world.clock()
  return {
    id: newId(now, world.random),
    accountId: found.id,
    email: found.email ?? address,
    epoch: found.epoch,
    now,
    expiresAt: new Date(now.getTime() + limits.resetLinkLifetimeMinutes * 60_000),
    usedAt: found.id === null ? now : null,
  }
}

/** The mail with that link; none for nobody's. */
export function mailFor(world: World, link: NewResetLink): Message[] {
  if (link.accountId === null) return []
  const message = linkMessage(world, {
    template: 'reset-password',
    account_id: link.accountId,
    destination: link.email,
    link_id: link.id,
    expires_at: link.expiresAt,
  })
  return [message]
}

import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { linkMessage } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { insertLink } from './link-store.ts'
import type { Person } from './person.ts'
import { linkLimits, sendWithin } from './send-link.ts'

/**
 * Mails the link that confirms the person's address again. Refused: already-done (it is
 * confirmed), wait-for-link.
 */
export async function askVerification(world: World, who: Person): Promise<Outcome> {
  const { session } = who
  if (session.email_verified_at !== null) return refuse('already-done')
  const now = world.clock()
  const about = { account: session.account_id, sessionHash: session.token_hash }
  const details = { for: 'verify-email' }
  const sendLimits = linkLimits(world, who, 'verify-destination', session.email)
  const link = {
    id: newId(now, world.random),
    purpose: 'verify-email' as const,
    accountId: session.account_id,
    email: session.email,
    now,
    expiresAt: new Date(now.getTime() + limits.linkLifetimeHours * 3_600_000),
    usedAt: null,
  }
  const message = linkMessage(world, {
    template: 'verify-email',
    account_id: session.account_id,
    destination: session.email,
    link_id: link.id,
    expires_at: link.expiresAt,
  })
  const events = JSON.stringify([event(who, now, 'code.sent', { ...about, details })])
  const sent = await sendWithin(world, sendLimits, (sql) =>
    insertLink(sql, link, events, JSON.stringify([message])),
  )
  if (sent.ok) return (world.delivery.wake(), done({}))
  const refused = { ...about, details: { ...details, reason: sent.reason } }
  await record(world.sql, event(who, now, 'code.send-refused-by-limit', refused))
  return refuse('wait-for-link', { seconds: sent.waitSeconds })
}

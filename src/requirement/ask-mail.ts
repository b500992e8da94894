import { deliverySaid } from '../challenges/progress.ts'
import type { Said } from '../challenges/progress.ts'
import { sendCode } from '../challenges/send-code.ts'
import { findOpen, openInSession } from '../challenges/store.ts'
import type { Open } from '../challenges/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { listConfirmed } from '../methods/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { missingProofs } from '../sessions/fresh.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { keepWanted } from './store.ts'

/**
 * Mails a code to the account's address, which has to be entered before a first method may be set up
 * at a team's demand (ENR-03); within its life the same one again. Keeps the page that was wanted.
 * Refused: already-done (nothing of the kind is missing), changed, step-over, and as `sendCode`.
 */
export async function askMail(
  world: World,
  who: Member,
  input: { return_to: string | null },
): Promise<Outcome<{ state: 'waiting' | 'accepted' }>> {
  const { session } = who
  const methods = await listConfirmed(world.sql, session.account_id)
  if (!missingProofs(world, session, methods.length > 0).mailbox) return refuse('already-done')
  if (input.return_to !== null) await keepWanted(world.sql, session.id, input.return_to)
  const open = (await present(world, who)) ?? (await begin(world, who))
  if (open === null) return refuse('changed')
  return sendCode(world, who, {
    id: open.id,
    purpose: 'mailbox',
    account_id: session.account_id,
    kind: 'mailbox',
    channel: 'mail',
    destination: session.email,
    expires_at: open.expires_at,
    action: null,
    session_hash: session.token_hash,
  })
}

async function present(world: World, { session }: Member): Promise<Open | null> {
  const place = { sessionId: session.id, purpose: 'mailbox' as const }
  const open = await findOpen(world.sql, place, world.clock())
  const live = open !== null && open.attempts_left > 0 && open.destination === session.email
  return live ? open : null
}

async function begin(
  world: World,
  { session, source, browser }: Member,
): Promise<{ id: string; expires_at: Date } | null> {
  const now = world.clock()
  const id = newId(now, world.random)
  const expiresAt = new Date(now.getTime() + limits.codeLifetimeSeconds * 1000)
  const opened = await openInSession(world.sql, {
    id,
    purpose: 'mailbox',
    sessionId: session.id,
    accountId: session.account_id,
    epoch: session.epoch,
    // No method answers here: the account's own id stands in its place where the code is derived.
    methodId: session.account_id,
    destination: session.email,
    seed: world.random(16),
    attempts: world.config.attemptsMax,
    now,
    expiresAt,
    source,
    browser,
  })
  return opened ? { id, expires_at: expiresAt } : null
}

/** How far the mailed code has come. Refused: step-over. */
export async function lookAtDelivery(world: World, who: Member): Promise<Outcome<Said>> {
  const open = await present(world, who)
  return open ? done(deliverySaid(open)) : refuse('step-over')
}

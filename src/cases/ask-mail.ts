import type { LinkHolder } from '../accounts/open-link.ts'
import { sendCode } from '../challenges/send-code.ts'
import { findOpen } from '../challenges/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { openCaseChallenge } from './code-store.ts'
import { caseHere } from './look.ts'
import type { OpenHere } from './look.ts'

/**
 * Mails a code to the account's address, to be entered on the case's page: the person's own proof
 * where the password is not given (REC-02). Within its life the same one again.
 * Refused: case-over, address-unconfirmed, already-done, and as `sendCode`.
 */
export async function askMail(
  world: World,
  who: LinkHolder,
): Promise<Outcome<{ state: 'waiting' | 'accepted' }>> {
  const here = await caseHere(world, who)
  if (!here) return refuse('case-over')
  const { one } = here
  if (one.proof !== null) return refuse('already-done')
  if (one.email_verified_at === null) return refuse('address-unconfirmed')
  const open = (await present(world, here)) ?? (await begin(world, who, here))
  if (open === null) return refuse('case-over')
  return sendCode(world, who, {
    id: open.id,
    purpose: 'case',
    account_id: one.account_id,
    kind: 'mailbox',
    channel: 'mail',
    destination: one.email,
    expires_at: open.expires_at,
    action: null,
  })
}

type Begun = { readonly id: string; readonly expires_at: Date }

async function present(world: World, { one, place }: OpenHere): Promise<Begun | null> {
  const open = await findOpen(world.sql, place, world.clock())
  return open && open.attempts_left > 0 && open.destination === one.email ? open : null
}

async function begin(
  world: World,
  who: LinkHolder,
  { one, place }: OpenHere,
): Promise<Begun | null> {
  const now = world.clock()
  const id = newId(now, world.random)
  const expiresAt = new Date(now.getTime() + limits.codeLifetimeSeconds * 1000)
  const opened = await openCaseChallenge(world.sql, {
    id,
    caseId: one.id,
    tokenHash: place.tokenHash,
    destination: one.email,
    seed: world.random(16),
    attempts: world.config.attemptsMax,
    now,
    expiresAt,
    source: who.source,
    browser: who.browser,
  })
  return opened ? { id, expires_at: expiresAt } : null
}

/** Lets this browser forget the case's link ("Not you?"); the link itself stays good. Never refused. */
export async function leave(): Promise<Outcome<{ cookies: { link: null } }>> {
  return done({ cookies: { link: null } })
}

import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { linkMessage } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { emailKey, readEmail } from './email.ts'
import { insertLink } from './link-store.ts'
import type { NewLink } from './link-store.ts'
import { linkLimits, sendWithin } from './send-link.ts'
import { lookUpAddress } from './store.ts'
import type { AtAddress } from './store.ts'

/** Whether people may sign up by themselves here. Refused: sign-up-closed. */
export async function lookAtSignUpDoor(world: World): Promise<Outcome> {
  return world.config.signUpOpen ? done({}) : refuse('sign-up-closed')
}

/**
 * Mails a link to make an account, or, to an address that has one, a mail that says so. The answer
 * and the work are the same for both, and also when a limit keeps the mail back (FLOW-11). Closed
 * until there is a first owner (PW-12). Refused: sign-up-closed, not-an-email.
 */
export async function askSignUp(
  world: World,
  who: Caller,
  input: { email: string },
): Promise<Outcome> {
  if (!world.config.signUpOpen) return refuse('sign-up-closed')
  const address = readEmail(input.email)
  if (address === null) return refuse('not-an-email', undefined, { email: 'not-an-email' })
  const found = await lookUpAddress(world.sql, emailKey(address))
  if (!found.founded) return refuse('sign-up-closed')
  const about = { account: found.id, actor: null }
  const asked = event(who, world.clock(), 'sign-up.asked', about)
  const link = newLink(world, address, found)
  const message = mailFor(world, link, found)
  const sendLimits = linkLimits(world, who, 'sign-up-destination', address)
  const sent = await sendWithin(world, sendLimits, (sql) =>
    insertLink(sql, link, JSON.stringify([asked]), JSON.stringify([message])),
  )
  if (!sent.ok) {
    const details = { for: 'sign-up', reason: sent.reason }
    const kind = 'code.send-refused-by-limit'
    await record(world.sql, event(who, world.clock(), kind, { ...about, details }))
  }
  world.delivery.wake()
  return done({})
}

/** A known address gets a link too, so that the work is the same; it is used up from the start. */
function newLink(world: World, address: string, found: AtAddress): NewLink {
  const now = world.clock()
  return {
    id: newId(now, world.random),
    purpose: 'sign-up',
    accountId: null,
    email: address,
    now,
    expiresAt: new Date(now.getTime() + limits.linkLifetimeHours * 3_600_000),
    usedAt: found.id === null ? null : now,
  }
}

function mailFor(world: World, link: NewLink, found: AtAddress) {
  const known = found.id !== null
  return linkMessage(world, {
    template: known ? 'sign-up-existing' : 'sign-up',
    account_id: found.id,
    destination: found.email ?? link.email,
    link_id: known ? null : link.id,
    expires_at: link.expiresAt,
  })
}

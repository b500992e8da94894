import { emailKey, readEmail } from '../accounts/email.ts'
import { linkLimits, sendWithin } from '../accounts/send-link.ts'
import { lookUpAddress } from '../accounts/store.ts'
import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { maskDestination } from '../delivery/mask.ts'
import { linkMessage, noticeMessages } from '../delivery/outbox.ts'
import type { Message } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { insertChange } from './store.ts'
import type { NewChange } from './store.ts'

/**
 * Mails a link to a new address for the account and tells the old one, which stays in force until the
 * link is used (EML-03). All is the same, then and afterwards, when the new address has an account
 * already: only that one is told, and the link goes to nobody (FLOW-11). Refused: not-an-email,
 * same-email, wait-for-link, changed.
 */
export async function askChange(
  world: World,
  who: Member,
  input: { email: string },
): Promise<Outcome<{ email: string }>> {
  const { session } = who
  const address = readEmail(input.email)
  if (address === null) return refuse('not-an-email', undefined, { email: 'not-an-email' })
  const key = emailKey(address)
  if (key === emailKey(session.email)) {
    return refuse('same-email', undefined, { email: 'same-email' })
  }
  const taken = (await lookUpAddress(world.sql, key)).id
  const change = newChange(world, who, address)
  const now = world.clock()
  const details = { to: maskDestination(address) }
  const about = { account: session.account_id, sessionHash: session.token_hash, details }
  const holder = { id: session.account_id, email: session.email }
  const texts = [
    [event(who, now, 'account.email-change-asked', about)],
    [mailFor(world, change, taken)],
    noticeMessages(world, who, holder, 'email-change-asked', { address }),
  ].map((one) => JSON.stringify(one)) as [string, string, string]
  let changed = false
  const sent = await sendWithin(
    world,
    linkLimits(world, who, 'change-destination', key),
    async (sql) => {
      changed = !(await insertChange(sql, change, ...texts))
    },
  )
  if (!sent.ok) return keptBack(world, who, sent)
  if (changed) return refuse('changed')
  world.delivery.wake()
  return done({ email: address })
}

function newChange(world: World, { session }: Member, email: string): NewChange {
  const now = world.clock()
  return {
    linkId: newId(now, world.random),
    accountId: session.account_id,
    epoch: session.epoch,
    email,
    now,
    expiresAt: new Date(now.getTime() + limits.linkLifetimeHours * 3_600_000),
  }
}

/** To an address with an account a mail that says so; it is told as that account's own. */
function mailFor(world: World, change: NewChange, taken: string | null): Message {
  return linkMessage(world, {
    template: taken === null ? 'change-email' : 'sign-up-existing',
    account_id: taken ?? change.accountId,
    destination: change.email,
    link_id: taken === null ? change.linkId : null,
    expires_at: change.expiresAt,
  })
}

/** Logs that a limit kept the mail back, and says how long to wait. */
export async function keptBack(
  world: World,
  who: Member,
  sent: { readonly reason: string; readonly waitSeconds: number },
): Promise<Outcome<never>> {
  const { session } = who
  const details = { for: 'address', reason: sent.reason }
  const about = { account: session.account_id, sessionHash: session.token_hash, details }
  await record(world.sql, event(who, world.clock(), 'code.send-refused-by-limit', about))
  return refuse('wait-for-link', { seconds: sent.waitSeconds })
}

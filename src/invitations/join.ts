import { checkNewPassword } from '../accounts/check-new-password.ts'
import { emailKey } from '../accounts/email.ts'
import type { LinkNamed } from '../accounts/open-link.ts'
import type { NewAccount } from '../accounts/store.ts'
import { event } from '../audit/event.ts'
import { newId } from '../crypto/random.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { joinWithNewAccount } from './joining-store.ts'
import { open } from './open.ts'
import type { Invited, Opened } from './open.ts'

export type Join = LinkNamed & { readonly name: string; readonly password: string }

type Joined = { id: string; email: string; cookies: { link: null } }

/**
 * Makes an account for the invited address, which the link has proven, and its membership, once.
 * Signs nobody in (FLOW-08). Refused: as `open`; invitation-to-account when the address has an account,
 * whose owner has to sign in; as `checkNewPassword`; busy.
 */
export async function join(world: World, who: Invited, input: Join): Promise<Outcome<Joined>> {
  const opened = await open(world, who, input)
  if (!opened.ok) return opened
  if (opened.has_account) return refuse('invitation-to-account')
  const { email, team } = opened
  const refusal = checkNewPassword(world, input.password, [email, input.name, team])
  if (refusal) return refusal
  const passwordHash = await world.passwords.hash(input.password)
  if (passwordHash === 'busy') return refuse('busy', { seconds: 2 })
  const id = newId(world.clock(), world.random)
  const account = { id, email, emailKey: emailKey(email), name: input.name, passwordHash }
  return settle(world, who, input, opened, account)
}

async function settle(
  world: World,
  who: Invited,
  input: Join,
  opened: Opened,
  account: NewAccount,
): Promise<Outcome<Joined>> {
  if (await write(world, who, opened, account)) {
    world.delivery.wake()
    return done({ id: account.id, email: account.email, cookies: { link: null } })
  }
  // Changed or gone meanwhile: what is there now decides.
  const now = await open(world, who, input)
  if (!now.ok) return now
  if (now.has_account) return refuse('invitation-to-account')
  return settle(world, who, input, now, account)
}

function write(world: World, who: Caller, opened: Opened, account: NewAccount): Promise<boolean> {
  const now = world.clock()
  const { id, role, team_id: team } = opened
  const events = [
    event(who, now, 'account.created', { account: account.id, team }),
    event(who, now, 'member.joined', { account: account.id, team, details: { role } }),
  ]
  return joinWithNewAccount(world.sql, id, role, account, {
    now,
    events: JSON.stringify(events),
    messages: JSON.stringify(noticeMessages(world, who, account, 'account-created')),
  })
}

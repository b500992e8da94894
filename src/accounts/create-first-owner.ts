import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { newId } from '../crypto/random.ts'
import { linkMessage } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { checkNewPassword } from './check-new-password.ts'
import { emailKey, readEmail } from './email.ts'
import { openLink } from './open-link.ts'
import type { LinkHolder, LinkNamed } from './open-link.ts'
import { createOwner } from './store.ts'
import type { FirstOwner } from './store.ts'

export type CreateFirstOwner = LinkNamed & {
  readonly team: string
  readonly name: string
  readonly email: string
  readonly password: string
}

/**
 * Makes the first account, its team and its ownership with the one-time link (PW-12), and mails a
 * link to confirm the address. Signs nobody in (FLOW-08). Refused: link-over, also when there is an
 * account already; not-an-email, as `checkNewPassword`, busy.
 */
export async function createFirstOwner(
  world: World,
  who: LinkHolder,
  input: CreateFirstOwner,
): Promise<Outcome<{ id: string; email: string; cookies: { link: null } }>> {
  const link = await openLink(world, who, 'first-owner', input)
  if (!link) return refuse('link-over')
  const email = readEmail(input.email)
  const wrong = checkFields(world, input, email)
  if (wrong || email === null) return wrong ?? refuse('not-an-email')
  const passwordHash = await world.passwords.hash(input.password)
  if (passwordHash === 'busy') return refuse('busy', { seconds: 2 })
  const owner = firstOwner(world, input, email, passwordHash)
  return (await write(world, who, link.id, owner))
    ? done({ id: owner.id, email, cookies: { link: null } })
    : refuse('link-over')
}

/** Says all that is wrong at once. */
function checkFields(world: World, input: CreateFirstOwner, email: string | null): Refusal | null {
  const words = [input.email, input.name, input.team]
  const password = checkNewPassword(world, input.password, words)
  if (email !== null) return password
  if (!password) return refuse('not-an-email', undefined, { email: 'not-an-email' })
  return refuse('bad-input', password.details, { ...password.fields, email: 'not-an-email' })
}

function firstOwner(
  world: World,
  { name, team }: CreateFirstOwner,
  email: string,
  passwordHash: string,
): FirstOwner {
  const now = world.clock()
  const id = () => newId(now, world.random)
  const expiresAt = new Date(now.getTime() + limits.linkLifetimeHours * 3_600_000)
  return {
    id: id(),
    email,
    emailKey: emailKey(email),
    name,
    passwordHash,
    team: { id: id(), name: team },
    verifyLink: { id: id(), expiresAt },
  }
}

async function write(
  world: World,
  who: Caller,
  linkId: string,
  owner: FirstOwner,
): Promise<boolean> {
  const now = world.clock()
  const about = { account: owner.id, team: owner.team.id }
  const created = event(who, now, 'account.first-owner-created', about)
  const mail = linkMessage(world, {
    template: 'verify-email',
    account_id: owner.id,
    destination: owner.email,
    link_id: owner.verifyLink.id,
    expires_at: owner.verifyLink.expiresAt,
  })
  const events = JSON.stringify([created])
  const made = await createOwner(world.sql, linkId, now, owner, events, JSON.stringify([mail]))
  if (made) world.delivery.wake()
  return made
}

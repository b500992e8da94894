import { event } from '../audit/event.ts'
import { newId } from '../crypto/random.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Caller, World } from '../world.ts'
import { checkNewPassword } from './check-new-password.ts'
import { emailKey } from './email.ts'
import { openLink } from './open-link.ts'
import type { LinkHolder, LinkNamed } from './open-link.ts'
import { createAccount, lookUpAddress } from './store.ts'
import type { NewAccount } from './store.ts'

export type SignUp = LinkNamed & {
  readonly name: string
  readonly password: string
}

/** What a sign-up link opens: the address it was sent to, and how long a password must be. */
export type OpenSignUp = {
  readonly id: string
  readonly email: string
  readonly password_characters_min: number
}

/** Refused: sign-up-closed; link-over, also when the address got an account meanwhile. */
export async function lookAtSignUp(
  world: World,
  who: LinkHolder,
  input: LinkNamed,
): Promise<Outcome<OpenSignUp>> {
  if (!world.config.signUpOpen) return refuse('sign-up-closed')
  const link = await openLink(world, who, 'sign-up', input)
  if (!link?.email) return refuse('link-over')
  const { id, email } = link
  const found = await lookUpAddress(world.sql, emailKey(email))
  if (found.id !== null) return refuse('link-over')
  return done({ id, email, password_characters_min: world.config.passwordCharactersMin })
}

/**
 * Makes an account with the link from the mail, its address proven by that (EML-03), and uses the
 * link up. Signs nobody in (FLOW-08). Refused: as `lookAtSignUp`, as `checkNewPassword`, busy.
 */
export async function signUp(
  world: World,
  who: LinkHolder,
  input: SignUp,
): Promise<Outcome<{ id: string; email: string; cookies: { link: null } }>> {
  const link = await lookAtSignUp(world, who, input)
  if (!link.ok) return link
  const { email } = link
  const refusal = checkNewPassword(world, input.password, [email, input.name])
  if (refusal) return refusal
  const passwordHash = await world.passwords.hash(input.password)
  if (passwordHash === 'busy') return refuse('busy', { seconds: 2 })
  const id = newId(world.clock(), world.random)
  const account = { id, email, emailKey: emailKey(email), name: input.name, passwordHash }
  return (await write(world, who, link.id, account))
    ? done({ id, email, cookies: { link: null } })
    : refuse('link-over')
}

async function write(
  world: World,
  who: Caller,
  linkId: string,
  account: NewAccount,
): Promise<boolean> {
  const now = world.clock()
  const events = JSON.stringify([event(who, now, 'account.created', { account: account.id })])
  const messages = JSON.stringify(noticeMessages(world, who, account, 'account-created'))
  const made = await createAccount(world.sql, linkId, now, account, events, messages)
  if (made) world.delivery.wake()
  return made
}

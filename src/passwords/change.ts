import { checkNewPassword } from '../accounts/check-new-password.ts'
import { event } from '../audit/event.ts'
import { newToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import { checkPassword } from '../step-up/check-password.ts'
import type { World } from '../world.ts'
import { lookAtChange } from './look-at-change.ts'
import { changePassword } from './store.ts'

export type ChangePassword = {
  readonly current_password: string
  readonly new_password: string
}

/**
 * Changes the password of somebody signed in. Needs the present one and, once a method is on, a recent
 * second step; ends every other session, pending sign-in, trusted device, open code and reset link,
 * and renews this session's id (PW-07). Refused: step-up-required, as `checkNewPassword`, as
 * `checkPassword`, changed.
 */
export async function change(
  world: World,
  who: Member,
  input: ChangePassword,
): Promise<Outcome<{ cookies: { session: string } }>> {
  const may = await lookAtChange(world, who)
  if (!may.ok) return may
  const { email, name } = who.session
  const unfit = checkNewPassword(world, input.new_password, [email, name])
  if (unfit) return { ...unfit, fields: { new_password: unfit.reason } }
  const refusal = await checkPassword(world, who, input.current_password)
  if (refusal) return refusal
  const passwordHash = await world.passwords.hash(input.new_password)
  if (passwordHash === 'busy') return refuse('busy', { seconds: 2 })
  const token = await write(world, who, passwordHash)
  return token === null ? refuse('changed') : done({ cookies: { session: token } })
}

/** Gives the session's new token; null when the account or the session changed meanwhile. */
async function write(world: World, who: Member, passwordHash: string): Promise<string | null> {
  const { account_id: accountId, epoch, id: sessionId, email } = who.session
  const now = world.clock()
  const { token, hash: tokenHash } = newToken(world.random)
  const about = { account: accountId, sessionHash: tokenHash }
  const events = JSON.stringify([event(who, now, 'password.changed', about)])
  const holder = { id: accountId, email }
  const messages = JSON.stringify(noticeMessages(world, who, holder, 'password-changed'))
  const change = { accountId, epoch, sessionId, tokenHash, now, events, messages }
  if (!(await changePassword(world.sql, change, passwordHash))) return null
  world.delivery.wake()
  return token
}

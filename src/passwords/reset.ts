import { checkNewPassword } from '../accounts/check-new-password.ts'
import { emailKey } from '../accounts/email.ts'
import { guessKeys } from '../accounts/guesses.ts'
import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { look } from './look.ts'
import { openReset } from './open-reset.ts'
import type { Reset, Resetter } from './open-reset.ts'
import { resetPassword } from './store.ts'

/**
 * Sets the new password and uses the link up. It signs nobody in and leaves the methods as they are;
 * whoever is enrolled passed the second step before (PW-10). Every session, pending sign-in, trusted
 * device and other link ends (PW-07), and an account that was closed after too many wrong passwords
 * is open again (LIM-08). Refused: reset-over, reset-not-confirmed, as `checkNewPassword`, busy.
 */
export async function reset(
  world: World,
  who: Resetter,
  input: { password: string; link?: string | undefined },
): Promise<Outcome<{ cookies: { link: null } }>> {
  const found = await openReset(world, who, input.link)
  if (!found) return refuse('reset-over')
  const screen = await look(world, who)
  if (!screen.ok) return screen
  if (screen.next !== 'new-password') {
    // Of two posts of one link, the other may just have used it up.
    return refuse((await openReset(world, who)) ? 'reset-not-confirmed' : 'reset-over')
  }
  const unfit = checkNewPassword(world, input.password, [found.email, found.name])
  if (unfit) return unfit
  const passwordHash = await world.passwords.hash(input.password)
  if (passwordHash === 'busy') return refuse('busy', { seconds: 2 })
  if (!(await write(world, who, found, passwordHash))) return refuse('reset-over')
  world.delivery.wake()
  return done({ cookies: { link: null } })
}

function write(world: World, who: Resetter, found: Reset, passwordHash: string): Promise<boolean> {
  const now = world.clock()
  const about = { account: found.account_id, actor: null }
  const holder = { id: found.account_id, email: found.email }
  const { pair, account } = guessKeys(world, who, emailKey(found.email))
  return resetPassword(world.sql, {
    linkId: found.id,
    now,
    passwordHash,
    tokenHash: found.place.tokenHash,
    provenSince: new Date(now.getTime() - limits.resetProofSeconds * 1000),
    guesses: [pair, account],
    events: JSON.stringify([event(who, now, 'password.reset', about)]),
    messages: JSON.stringify(noticeMessages(world, who, holder, 'password-reset')),
  })
}

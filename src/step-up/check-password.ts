import { emailKey } from '../accounts/email.ts'
import { charge, clear, giveBack, guessKeys, recordWrongPassword } from '../accounts/guesses.ts'
import { event } from '../audit/event.ts'
import { refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { readPasswordHash } from './store.ts'

/**
 * Null when this is the present password of somebody signed in; under the same limits as at sign-in,
 * with the same counts (LIM-06). Refused: wrong-password, also while a limit holds; busy.
 */
export async function checkPassword(
  world: World,
  who: Member,
  password: string,
): Promise<Refusal | null> {
  const { session } = who
  const keys = guessKeys(world, who, emailKey(session.email))
  const tries = await charge(world, keys)
  const charged = tries !== null
  const stored = charged ? await readPasswordHash(world.sql, session.account_id) : null
  const verdict = await world.passwords.verify(stored, password)
  const about = { account: session.account_id, sessionHash: session.token_hash }
  if (verdict === 'busy') {
    const busy = [event(who, world.clock(), 'sign-in.busy', about)]
    if (charged) await giveBack(world, keys, JSON.stringify(busy))
    return refuse('busy', { seconds: 2 })
  }
  if (verdict === 'wrong') {
    const wrong = event(who, world.clock(), 'step-up.password-wrong', about)
    await recordWrongPassword(world, keys, tries, wrong)
    return refuse('wrong-password')
  }
  await clear(world, keys)
  return null
}

import { emailKey, readEmail } from '../accounts/email.ts'
import { openCase } from '../cases/open-case.ts'
import { lookUpForCase } from '../cases/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** The page to open a case for somebody. Never refused. */
export async function lookAtOpening(): Promise<Outcome> {
  return done({})
}

/**
 * Opens a case for somebody who got in touch by another way. Whoever opens it can't approve it
 * (REC-03); the person still has to prove who they are. An open case of the account is found instead.
 * Refused: not-an-email, not-enrolled (also where there is no such account), wait-for-link.
 */
export async function openFor(
  world: World,
  who: Member,
  input: { email: string; contact: string; password_lost: boolean },
): Promise<Outcome<{ id: string }>> {
  const address = readEmail(input.email)
  if (address === null) return refuse('not-an-email', undefined, { email: 'not-an-email' })
  const key = emailKey(address)
  const found = await lookUpForCase(world.sql, key)
  const came = await openCase(world, who, {
    accountId: found.id,
    contact: input.contact,
    passwordLost: input.password_lost,
    proof: null,
    askedBy: who.session.account_id,
    way: 'support',
    limit: { label: 'case-account', key: `${who.session.account_id} ${key}` },
  })
  if ('limited' in came) return refuse('wait-for-link', { seconds: came.limited.waitSeconds })
  return came.opened === null ? refuse('not-enrolled') : done({ id: came.opened.id })
}

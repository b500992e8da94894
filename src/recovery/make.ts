import { event } from '../audit/event.ts'
import { limits } from '../config.ts'
import {
  newRecoveryCodes,
  normaliseRecoveryCode,
  showRecoveryCode,
} from '../crypto/recovery-codes.ts'
import { newToken } from '../crypto/tokens.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { findRecoverySet, markSaved, replaceRecoverySet } from './store.ts'
import type { NewSet } from './store.ts'

/** Fresh codes: as the person sees them, once, and as they are stored. */
export type Fresh = { readonly codes: readonly string[]; readonly set: NewSet }

/** Makes a set of codes; stores nothing. One password hash for each (RC-02, RC-03). */
export async function freshCodes(world: World): Promise<Fresh | 'busy'> {
  const codes = newRecoveryCodes(limits.recoveryCodes, limits.recoveryCodeCharacters, world.random)
  const salt = world.random(32)
  const hashes: Buffer[] = []
  for (const code of codes) {
    const hash = await world.passwords.hashWithSalt(normaliseRecoveryCode(code) ?? code, salt)
    if (hash === 'busy') return 'busy'
    hashes.push(hash)
  }
  return { codes: codes.map(showRecoveryCode), set: { salt, hashes } }
}

/**
 * A new set in the place of the old one, which is void at once (RC-05); the first one for somebody
 * whose methods were brought from elsewhere. Every other session, sign-in and trusted device ends.
 * Refused: not-found before the first method, busy, changed.
 */
export async function makeCodes(
  world: World,
  who: Member,
): Promise<Outcome<{ codes: readonly string[]; cookies: object }>> {
  const { session } = who
  if (session.kinds.length === 0 && !(await findRecoverySet(world.sql, session.account_id))) {
    return refuse('not-found')
  }
  const fresh = await freshCodes(world)
  if (fresh === 'busy') return refuse('busy', { seconds: 2 })
  const now = world.clock()
  const { token, hash } = newToken(world.random)
  const holder = { id: session.account_id, email: session.email }
  const about = { account: session.account_id, sessionHash: hash }
  const replaced = await replaceRecoverySet(
    world.sql,
    {
      accountId: session.account_id,
      epoch: session.epoch,
      sessionId: session.id,
      tokenHash: hash,
      now,
      events: JSON.stringify([event(who, now, 'recovery.codes-made', about)]),
      messages: JSON.stringify(noticeMessages(world, who, holder, 'recovery-codes-made')),
    },
    fresh.set,
  )
  if (!replaced) return refuse('changed')
  world.delivery.wake()
  return done({ codes: fresh.codes, cookies: { session: token } })
}

/** Notes that the person ticked "I have saved these codes" (RC-01). */
export async function saveCodes(world: World, who: Member): Promise<Outcome> {
  const now = world.clock()
  const about = { account: who.session.account_id, sessionHash: who.session.token_hash }
  const events = JSON.stringify([event(who, now, 'recovery.codes-saved', about)])
  await markSaved(world.sql, who.session.account_id, now, events)
  return done({})
}

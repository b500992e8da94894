import { limits } from '../config.ts'
import { hashToken } from '../crypto/tokens.ts'
import type { World } from '../world.ts'
import type { Session } from './session.ts'
import { findSession, markSeen } from './store.ts'

/**
 * The session this cookie value belongs to, or null when it is malformed, unknown, ended, idle for
 * too long, or of an account that changed since (SES-03). One round trip, and one more a minute.
 */
export async function check(world: World, cookie: string | null): Promise<Session | null> {
  const hash = cookie === null ? null : hashToken(cookie)
  if (!hash) return null
  const now = world.clock()
  const session = await findSession(world, hash)
  if (session && now.getTime() - session.seen_at.getTime() >= limits.sessionSeenSeconds * 1000) {
    await markSeen(world.sql, session.id, now)
  }
  return session
}

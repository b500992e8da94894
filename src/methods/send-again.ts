import { sendCode } from '../challenges/send-code.ts'
import { findOpen } from '../challenges/store.ts'
import type { SessionPurpose } from '../challenges/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { knownKind } from './index.ts'

/**
 * Sends the code of the session's open challenge for that purpose again. Refused: step-over when
 * none is open or no tries are left, and as `sendCode`.
 */
export async function sendAgain(
  world: World,
  who: Member,
  purpose: SessionPurpose,
  action: string | null = null,
): Promise<Outcome<{ state: 'waiting' | 'accepted' | 'none' }>> {
  const place = { sessionId: who.session.id, purpose }
  const open = await findOpen(world.sql, place, world.clock())
  if (!open || open.kind === null || open.attempts_left <= 0) return refuse('step-over')
  const { sends } = knownKind(open.kind)
  if (!sends || open.destination === null) return done({ state: 'none' as const })
  return sendCode(world, who, {
    id: open.id,
    purpose,
    account_id: open.account_id,
    kind: open.kind,
    channel: sends,
    destination: open.destination,
    expires_at: open.expires_at,
    action,
    session_hash: who.session.token_hash,
  })
}

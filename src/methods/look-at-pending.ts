import { progressOf } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { findOpen } from '../challenges/store.ts'
import type { Open } from '../challenges/store.ts'
import { maskDestination } from '../delivery/mask.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'
import { knownKind } from './index.ts'
import type { Method } from './method.ts'
import { findMethod, readPendingSecret } from './store.ts'

/** A set-up that waits for its first code. */
export type PendingView = {
  readonly id: string
  readonly kind: string
  readonly title: string
  readonly name: string
  readonly masked: string | null
  readonly sends: 'text' | 'mail' | null
  /** Null when it has to be started again: its time or its tries ran out, or another one began. */
  readonly progress: Progress | null
  /** What only the replies of this set-up's own acts may show (TOTP-08); empty everywhere else. */
  readonly shown: Readonly<Record<string, string>>
}

/** A set-up in progress, without what is shown only once. Refused: not-found, already-done. */
export async function lookAtPending(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<PendingView>> {
  const method = await findMethod(world.sql, who.session.account_id, input.id)
  if (!method) return refuse('not-found')
  if (method.confirmed_at) return refuse('already-done')
  return done(toView(world, method, await findLive(world, who, method.id)))
}

/**
 * The same with what the start of the set-up showed, for the reply to a refused code: only to the
 * session whose set-up is still open (TOTP-08). Refused: as `lookAtPending`.
 */
export async function showPendingAgain(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<PendingView>> {
  const pending = await lookAtPending(world, who, input)
  if (!pending.ok || pending.progress === null) return pending
  const { showAgain } = knownKind(pending.kind)
  const { session } = who
  const stored = showAgain && (await readPendingSecret(world.sql, session.account_id, input.id))
  if (!showAgain || !stored) return pending
  return done({ ...pending, shown: showAgain(world, session, { methodId: input.id, ...stored }) })
}

/** The session's open set-up challenge, if it is for this method and takes answers still. */
async function findLive(world: World, who: Member, methodId: string): Promise<Open | null> {
  const place = { sessionId: who.session.id, purpose: 'set-up' as const }
  const open = await findOpen(world.sql, place, world.clock())
  return open !== null && open.method_id === methodId && open.attempts_left > 0 ? open : null
}

function toView(world: World, method: Method, open: Open | null): PendingView {
  const { title, sends } = knownKind(method.kind)
  return {
    id: method.id,
    kind: method.kind,
    title,
    name: method.name,
    masked: method.destination && maskDestination(method.destination),
    sends,
    progress: open && progressOf(world.config, open, world.clock()),
    shown: {},
  }
}

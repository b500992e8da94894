import { event } from './audit/event.ts'
import type { EventKind } from './audit/kinds.ts'
import { record } from './audit/store.ts'
import type { Asker } from './http/route.ts'
import type { Reason } from './reasons.ts'
import type { World } from './world.ts'

/** Refusals that look like an attack, or a fault of ours (AUD-01). */
const kinds: Partial<Record<Reason, EventKind>> = {
  'forgery-suspected': 'request.forgery-refused',
  'not-found': 'request.foreign-id',
  'step-up-required': 'request.step-up-missing',
  unexpected: 'request.failed',
}

/** Writes a suspicious refusal into the security log; others leave no trace here. */
export async function note(world: World, asker: Asker, reason: Reason): Promise<void> {
  const kind = kinds[reason]
  if (kind === undefined) return
  const account = asker.session?.account_id ?? null
  const sessionHash = asker.session?.token_hash ?? null
  await record(world.sql, event(asker, world.clock(), kind, { account, sessionHash }))
}

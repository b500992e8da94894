import { event } from './audit/event.ts'
import type { EventKind } from './audit/kinds.ts'
import { record } from './audit/store.ts'
import { accountOf } from './challenges/store.ts'
import type { Asker } from './http/route.ts'
import type { Reason, Refusal } from './reasons.ts'
import type { World } from './world.ts'

/** Refusals that look like an attack, or a fault of ours (AUD-01). */
const kinds: Partial<Record<Reason, EventKind>> = {
  'forgery-suspected': 'request.forgery-refused',
  'not-found': 'request.foreign-id',
  'step-up-required': 'request.step-up-missing',
  'support-required': 'request.foreign-id',
  unexpected: 'request.failed',
}

/** What its sender may not do, whatever they prove. */
const notAllowed: readonly Reason[] = [
  'role-required',
  'owner-required',
  'role-not-higher',
  'shared-account',
  'support-account',
  'scope-required',
  'stop-by-mail',
  'frozen',
  'invitation-of-another',
]

/** The same of an answer that was not looked at; one that was is logged by who looked at it. */
const unseen: Partial<Record<Reason, EventKind>> = {
  'wait-before-trying': 'code.refused-by-limit',
  'method-locked': 'code.refused-by-limit',
  'too-many-tries': 'code.refused-by-limit',
  'too-many-tries-to-reset': 'code.refused-by-limit',
  'too-many-wrong-codes': 'code.refused-by-limit',
  'wrong-recovery-code': 'recovery.code-wrong',
  'wrong-one-time-pass': 'pass.wrong',
  'code-used': 'request.out-of-order',
  'sign-in-over': 'request.out-of-order',
  'step-over': 'request.out-of-order',
  'password-again': 'request.out-of-order',
  'reset-not-confirmed': 'request.out-of-order',
}

/** Writes a suspicious refusal into the security log; others leave no trace here. */
export async function note(world: World, asker: Asker, refusal: Refusal): Promise<void> {
  const { reason } = refusal
  const kind = kindOf(refusal)
  if (kind === null) return
  const { session, signIn, team, apiKey } = asker
  const account = session?.account_id ?? (signIn && (await accountOf(world.sql, signIn)))
  const about = {
    account,
    actor: session?.account_id ?? null,
    // What was asked of one team is no other team's.
    team: team?.team_id ?? (apiKey === undefined ? null : (session?.team_id ?? null)),
    sessionHash: session?.token_hash ?? null,
    details: reason in kinds ? {} : { reason },
  }
  await record(world.sql, event(asker, world.clock(), kind, about))
}

function kindOf({ reason, details }: Refusal): EventKind | null {
  if (notAllowed.includes(reason)) return 'request.not-allowed'
  const ofUnseen = details?.['attemptsLeft'] === undefined ? unseen[reason] : undefined
  return kinds[reason] ?? ofUnseen ?? null
}

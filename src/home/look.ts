import { findOpenCase, lastStopped } from '../cases/store.ts'
import { toChoices } from '../methods/choices.ts'
import type { Choice } from '../methods/choices.ts'
import { listConfirmed } from '../methods/store.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { findRecoverySet } from '../recovery/store.ts'
import type { RecoverySet } from '../recovery/store.ts'
import { listReceived } from '../invitations/joining-store.ts'
import type { Received } from '../invitations/joining-store.ts'
import { comingOf } from '../requirement/coming.ts'
import type { Coming } from '../requirement/coming.ts'
import type { Member } from '../sessions/session.ts'
import { lookAtUnfinished } from '../sign-in/look-at-unfinished.ts'
import type { Unfinished } from '../sign-in/look-at-unfinished.ts'
import type { World } from '../world.ts'

/** From this many recovery codes left on, a new set is worth making. */
const fewCodes = 3

/** For how long Home says that a sign-in stopped a recovery. */
const stoppedShownDays = 3

/** The one thing most worth doing next. */
export type NextThing =
  | 'turn-on'
  | 'save-codes'
  | 'replace-locked'
  | 'make-codes'
  | 'add-stronger'
  | 'add-second'
  | 'nothing'

export type Home = {
  readonly name: string
  readonly on: boolean
  /** Titles of the methods, strongest first, each once. */
  readonly methods: readonly string[]
  readonly recovery_codes_left: number
  readonly next: NextThing
  /** What a team will require that is missing yet. */
  readonly coming: Coming | null
  /** Right passwords without the second step, until they were seen (NTF-04). */
  readonly alarm: Unfinished
  /** Invitations to teams that wait for an answer. */
  readonly invitations: readonly Received[]
  /** A support recovery of this account is open: whoever asked for it. */
  readonly recovery_open: boolean
  /** When a sign-in stopped one, in the last days; null when none did. */
  readonly recovery_stopped_at: Date | null
  /** Until then nothing that protects the account can be changed (REC-07). */
  readonly frozen_until: Date | null
}

/** How protected the person is, and what would help most (ENR-08). Changes nothing; never refused. */
export async function look(world: World, { session }: Member): Promise<Outcome<Home>> {
  const now = world.clock()
  const since = new Date(now.getTime() - stoppedShownDays * 86_400_000)
  const [methods, recovery, alarm, invitations, open, stopped] = await Promise.all([
    listConfirmed(world.sql, session.account_id),
    findRecoverySet(world.sql, session.account_id),
    lookAtUnfinished(world, { session }),
    listReceived(world.sql, session.account_id, now),
    findOpenCase(world.sql, session.account_id),
    lastStopped(world.sql, session.account_id, since),
  ])
  const { frozen_until: frozen } = session
  const choices = toChoices(methods)
  return done({
    name: session.name,
    on: choices.length > 0,
    methods: [...new Set(choices.map(({ title }) => title))],
    recovery_codes_left: recovery?.codes_left ?? 0,
    next: nextThing(choices, recovery),
    coming: comingOf(session, world.clock()),
    alarm,
    invitations,
    recovery_open: open !== null,
    recovery_stopped_at: stopped,
    frozen_until: frozen !== null && frozen > now ? frozen : null,
  })
}

function nextThing(choices: readonly Choice[], recovery: RecoverySet | null): NextThing {
  if (choices.length === 0) return 'turn-on'
  if (!recovery?.saved_at) return 'save-codes'
  if (choices.some(({ locked }) => locked)) return 'replace-locked'
  if (recovery.codes_left <= fewCodes) return 'make-codes'
  if (choices.every(isWeak)) return 'add-stronger'
  return choices.length === 1 ? 'add-second' : 'nothing'
}

function isWeak({ strength }: Choice): boolean {
  return strength === 'restricted' || strength === 'weakest'
}

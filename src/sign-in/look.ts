import { findOpen } from '../challenges/store.ts'
import { whyNot } from '../challenges/why-not.ts'
import type { Open } from '../challenges/store.ts'
import { progressOf } from '../challenges/progress.ts'
import type { Progress } from '../challenges/progress.ts'
import { askedOf } from '../methods/allowed.ts'
import { toChoices } from '../methods/choices.ts'
import type { Choice } from '../methods/choices.ts'
import type { Method } from '../methods/method.ts'
import { listConfirmed } from '../methods/store.ts'
import { trustDays } from '../policy/policy.ts'
import type { Membership } from '../policy/policy.ts'
import { findPass } from '../passes/store.ts'
import type { Pass } from '../passes/store.ts'
import { listTeams } from '../policy/store.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { findRecoverySet } from '../recovery/store.ts'
import type { Visitor } from './visitor.ts'

/** The code screen: what is asked now, and what else may be chosen. */
export type Screen = Progress & {
  readonly email: string
  readonly now_asked: Choice | null
  readonly choices: readonly Choice[]
  readonly recovery_codes_left: number
  /** An admin made a pass for this account that can stand in once. */
  readonly one_time_pass: boolean
  /** For how many days this device may be remembered; 0: a team forbids it (TD-08). */
  readonly trust_days: number
  /** Who in the team may let the person back in (TEAM-07); null: nobody there may, as with support. */
  readonly team_help: TeamHelp | null
}

export type TeamHelp = { readonly team: string; readonly by: 'admin-or-owner' | 'owner' }

/** What the pending sign-in is waiting for. Refused: sign-in-over, too-many-tries. */
export async function look(world: World, who: Visitor): Promise<Outcome<Screen>> {
  if (!who.signIn) return refuse('sign-in-over')
  const now = world.clock()
  const open = await findOpen(world.sql, { tokenHash: who.signIn }, now)
  if (!open || open.attempts_left <= 0) return whyNot(world, { tokenHash: who.signIn })
  const [methods, recovery, teams, pass] = await Promise.all([
    listConfirmed(world.sql, open.account_id),
    findRecoverySet(world.sql, open.account_id),
    listTeams(world.sql, open.account_id),
    findPass(world.sql, open.account_id, now),
  ])
  return done(screen(world, open, methods, { codesLeft: recovery?.codes_left ?? 0, pass }, teams))
}

function screen(
  world: World,
  open: Open,
  methods: readonly Method[],
  spare: { readonly codesLeft: number; readonly pass: Pass | null },
  teams: readonly Membership[],
): Screen {
  const now = world.clock()
  const choices = toChoices(methods, askedOf(methods, teams, now))
  return {
    email: open.email,
    now_asked: choices.find((choice) => choice.id === open.method_id) ?? null,
    choices,
    recovery_codes_left: spare.codesLeft,
    one_time_pass: spare.pass !== null,
    trust_days: trustDays(teams),
    team_help: open.support ? null : teamHelp(teams),
    ...progressOf(world.config, open, now),
  }
}

/** Who stands above the person in their only team: of several none may help alone (TEAM-07). */
function teamHelp([only, ...others]: readonly Membership[]): TeamHelp | null {
  if (only === undefined || others.length > 0 || only.role === 'owner') return null
  return { team: only.name, by: only.role === 'admin' ? 'owner' : 'admin-or-owner' }
}

import { event } from '../audit/event.ts'
import { strengthsOf } from '../methods/index.ts'
import type { Policy, Role } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'
import type { Strength } from '../policy/strength.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { readTeam, renameTeam } from './general-store.ts'
import type { Alike } from './general-store.ts'
import type { InTeam } from './in-team.ts'
import { policyView } from './look-at-policy.ts'
import type { PolicyView } from './look-at-policy.ts'
import { noPolicy } from './wanted.ts'

/** How many of a team are ready: for those who manage it. */
export type Readiness = {
  readonly ready: number
  readonly not_ready: number
  /** Of those not ready. */
  readonly exempt: number
}

/** A team as its General page shows it. */
export type General = {
  readonly team: string
  readonly name: string
  readonly role: Role
  readonly owner: string | null
  readonly members: number
  readonly created_at: Date
  readonly policy: PolicyView
  /** Who changed what is required last, and when. */
  readonly changed_by: string | null
  readonly changed_at: Date | null
  /** Null for members. */
  readonly readiness: Readiness | null
}

/** Reads a team and what it requires. Refused: not-found. */
export async function lookAtGeneral(world: World, { team }: InTeam): Promise<Outcome<General>> {
  const now = world.clock()
  const facts = await readTeam(world.sql, team.team_id, now)
  if (facts === null) return refuse('not-found')
  const { groups, ...about } = facts
  return done({
    ...about,
    team: team.team_id,
    role: team.role,
    members: groups.reduce((all, { members }) => all + members, 0),
    policy: policyView(team.policy ?? noPolicy, now),
    readiness: team.role === 'member' ? null : readinessOf(groups, countedIn(team.policy)),
  })
}

/** What counts in a team: what it requires, when it does. */
function countedIn(policy: Policy | null): readonly Strength[] {
  return policy?.required ? policy.strengths : strengths
}

function readinessOf(groups: readonly Alike[], allowed: readonly Strength[]): Readiness {
  const isReady = ({ kinds }: Alike) => strengthsOf(kinds).some((one) => allowed.includes(one))
  const sum = (some: readonly Alike[]) => some.reduce((all, { members }) => all + members, 0)
  const others = groups.filter((one) => !isReady(one))
  return {
    ready: sum(groups.filter(isReady)),
    not_ready: sum(others),
    exempt: sum(others.filter(({ exempt }) => exempt)),
  }
}

/** Names the team otherwise (AUD-01). Never refused. */
export async function rename(
  world: World,
  { session, team, ...caller }: InTeam,
  { name }: { name: string },
): Promise<Outcome<{ team: string; name: string }>> {
  const { account_id: account, token_hash: sessionHash } = session
  const details = { from: team.name, to: name }
  const about = { account, sessionHash, team: team.team_id, details }
  const events = JSON.stringify([event(caller, world.clock(), 'team.renamed', about)])
  await renameTeam(world.sql, team.team_id, name, events)
  return done({ team: team.team_id, name })
}

import type { Policy } from '../policy/policy.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import { idleSince } from '../sessions/store.ts'
import type { World } from '../world.ts'
import { changesOf } from './changes.ts'
import { impactOf } from './impact.ts'
import type { Impact } from './impact.ts'
import { countCrowd } from './impact-store.ts'
import type { InTeam } from './in-team.ts'
import { previewsOf } from './preview.ts'
import type { LetterPreview } from './preview.ts'
import { latestDay, noPolicy, toPolicy, toWanted } from './wanted.ts'
import type { Wanted } from './wanted.ts'

/** What a team requires, as it is said: `version` is what a change has to name. */
export type PolicyView = Wanted & {
  readonly version: number
  readonly since: Date | null
  readonly bites_at: Date | null
}

/** What the team requires. Changes nothing; never refused. */
export async function lookAtPolicy(world: World, who: InTeam): Promise<Outcome<PolicyView>> {
  return done(policyView(who.team.policy ?? noPolicy, world.clock()))
}

/** A policy as it is said. */
export function policyView(policy: Policy, now: Date): PolicyView {
  const { version, since, bites_at } = policy
  return { ...toWanted(policy, now), version, since, bites_at }
}

/**
 * What a policy would do, before it is wanted by anybody: whom it concerns, what becomes different.
 * What is not given stays as it is. Changes nothing. Refused: bad-input as `toPolicy`.
 */
export async function lookAtImpact(
  world: World,
  { team }: InTeam,
  input: Partial<Wanted>,
): Promise<Outcome<Impact & { changes: readonly string[]; loosens: boolean }>> {
  const now = world.clock()
  const before = team.policy ?? noPolicy
  const made = toPolicy(before, { ...toWanted(before, now), ...input }, now)
  if (!made.ok) return made
  const { sentences, loosens } = changesOf(before, made.policy, now)
  const crowd = await countCrowd(world.sql, team.team_id, now, idleSince(world.config, now))
  return done({ ...impactOf(crowd, made.policy.strengths), changes: sentences, loosens })
}

/** Everything that the panel of the switch shows. */
export type Panel = {
  readonly team: string
  readonly team_name: string
  readonly policy: PolicyView
  readonly impact: Impact
  /** Who asks has no method of their own: it is for them to begin. */
  readonly unprotected: boolean
  /** The first and the last day that may be chosen. */
  readonly first_day: Date
  readonly last_day: Date
  readonly previews: readonly LetterPreview[]
}

/** Opens the panel; changes nothing. Never refused. */
export async function lookAtPanel(world: World, who: InTeam): Promise<Outcome<Panel>> {
  const now = world.clock()
  const { session, team } = who
  const before = team.policy ?? noPolicy
  const crowd = await countCrowd(world.sql, team.team_id, now, idleSince(world.config, now))
  const example = { ...before, required: true, since: now, paused_until: null }
  return done({
    team: team.team_id,
    team_name: team.name,
    policy: policyView(before, now),
    impact: impactOf(crowd, before.strengths),
    unprotected: session.kinds.length === 0,
    first_day: new Date(now.getTime() + 86_400_000),
    last_day: latestDay((before.required && before.since) || now),
    previews: previewsOf(world, who, example, null),
  })
}

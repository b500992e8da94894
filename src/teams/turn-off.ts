import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'
import { apply } from './apply.ts'
import type { InTeam } from './in-team.ts'
import { policyView } from './look-at-policy.ts'
import type { PolicyView } from './look-at-policy.ts'
import { latestDay, noPolicy, toWanted } from './wanted.ts'

/** What is required before it is turned off or paused. */
export type Standing = {
  readonly team: string
  readonly team_name: string
  readonly policy: PolicyView
  readonly first_day: Date
  readonly last_day: Date
}

/** What holds now, for the pages that ask before it is turned off or paused. Never refused. */
export async function lookAtStanding(world: World, { team }: InTeam): Promise<Outcome<Standing>> {
  const now = world.clock()
  return done({
    team: team.team_id,
    team_name: team.name,
    policy: policyView(team.policy ?? noPolicy, now),
    first_day: new Date(now.getTime() + 86_400_000),
    last_day: latestDay(now),
  })
}

/** Requires nothing any more; what counts and who joined when stay known. Refused: as `apply`. */
export async function turnOff(
  world: World,
  who: InTeam,
  { version }: { version: number },
): Promise<Outcome<{ team: string; version: number }>> {
  const before = toWanted(who.team.policy ?? noPolicy, world.clock())
  const applied = await apply(world, who, { ...before, required: false, version })
  return applied.ok ? done({ ...applied, team: who.team.team_id }) : applied
}

import { demand, trustDays } from '../policy/policy.ts'
import type { Membership, Policy } from '../policy/policy.ts'
import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { Member } from '../sessions/session.ts'
import type { World } from '../world.ts'

/** One of the person's teams, with what it asks of them. */
export type MyTeam = {
  readonly id: string
  readonly name: string
  readonly role: Membership['role']
  readonly joined_at: Date
  /** Null while the team requires nothing of this person. */
  readonly requires: {
    readonly strengths: Policy['strengths']
    readonly due: boolean
    readonly due_at: Date | null
  } | null
  readonly trust_days: number
}

/** The person's teams, oldest first (TEAM-05). No statement of its own; never refused. */
export async function listMine(
  world: World,
  { session }: Member,
): Promise<Outcome<{ teams: readonly MyTeam[] }>> {
  const now = world.clock()
  return done({ teams: session.teams.map((team) => toMine(team, now, session.created_at)) })
}

function toMine(membership: Membership, now: Date, start: Date): MyTeam {
  const { team_id: id, name, role, joined_at } = membership
  const { teams, strengths, due, due_at } = demand([membership], now, start)
  const requires = teams.length === 0 ? null : { strengths, due, due_at }
  return { id, name, role, joined_at, requires, trust_days: trustDays([membership]) }
}

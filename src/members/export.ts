import { event } from '../audit/event.ts'
import { record } from '../audit/store.ts'
import { limits } from '../config.ts'
import { turns } from '../database/turns.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { measuresOf } from './filters.ts'
import { queryOf, toView } from './list.ts'
import type { Asked, MemberView } from './list.ts'
import { listMembers } from './list-store.ts'

const batch = 2000

export type Exported = { readonly members: readonly MemberView[]; readonly now: Date }

type Narrowed = Omit<Asked, 'after'>

const inTurn = turns(limits.exportsAtOnceMax)

/**
 * All members of the list that is looked at, for a file (TEAM-08), in batches that each go on where
 * the one before ended. It is logged who took it. Refused: bad-input; busy while as many are being
 * made as this process has room for.
 */
export async function exportMembers(
  world: World,
  who: InTeam,
  input: Narrowed,
): Promise<Outcome<Exported>> {
  return (await inTurn(() => collect(world, who, input))) ?? refuse('busy', { seconds: 5 })
}

async function collect(world: World, who: InTeam, input: Narrowed): Promise<Outcome<Exported>> {
  const { session, team } = who
  const now = world.clock()
  const measures = measuresOf(team.policy, now)
  const first = queryOf({ ...input, after: '' }, team.team_id, team.policy, now)
  if ('ok' in first) return first
  const members: MemberView[] = []
  for (let query = { ...first, count: batch }; ;) {
    const rows = await listMembers(world.sql, query, measures)
    members.push(...rows.map((row) => toView(row, team.policy, now)))
    const last = rows.at(-1)
    if (!last || rows.length < batch) break
    query = { ...query, after: last }
  }
  const about = {
    account: session.account_id,
    team: team.team_id,
    sessionHash: session.token_hash,
    details: { members: members.length, show: input.show },
  }
  await record(world.sql, event(who, now, 'members.exported', about))
  return done({ members, now })
}

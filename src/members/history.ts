import type { EventKind } from '../audit/kinds.ts'
import { reasonIn, saysMethod, sentenceOf, spoken } from '../audit/words.ts'
import { limits } from '../config.ts'
import { kindOf } from '../methods/index.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { listMemberEvents } from './member-store.ts'
import type { MemberEvent } from './member-store.ts'

/** One thing that happened to a member, in words. */
export type Happened = {
  readonly at: Date
  readonly kind: EventKind
  readonly sentence: string
  /** The kind of method it was about, as people call it, where the sentence does not say it. */
  readonly method: string | null
  /** Who did it, when it was somebody else, and the reason they gave. */
  readonly actor: string | null
  readonly reason: string | null
  readonly source: string
  readonly browser: string
}

export type History = {
  readonly events: readonly Happened[]
  /** Where the older ones begin; null when there are none. */
  readonly next: number | null
}

/** What happened to a member in this team since they joined, a page of it, newest first. */
export async function readHistory(
  world: World,
  { team }: InTeam,
  memberId: string,
  before: number | null,
): Promise<History> {
  const most = limits.memberEventsPerPage
  const from = before ?? Number.MAX_SAFE_INTEGER
  const rows = await listMemberEvents(world.sql, team.team_id, memberId, from, most + 1)
  const shown = rows.slice(0, most)
  return {
    events: shown.map(inWords),
    next: rows.length > most ? (shown.at(-1)?.id ?? null) : null,
  }
}

function inWords({ id: _id, method_kind, details, ...row }: MemberEvent): Happened {
  const about = method_kind !== null && !row.kind.startsWith('recovery.')
  const method = (about && kindOf(method_kind)?.title) || null
  const parties = { actor: row.actor ?? 'The member', account: 'the member' }
  return {
    ...row,
    sentence: spoken(sentenceOf({ kind: row.kind, details, method, parties })),
    method: saysMethod(row.kind) ? null : method,
    reason: reasonIn(row.kind, details),
  }
}

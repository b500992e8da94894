import { event } from '../audit/event.ts'
import type { EventKind } from '../audit/kinds.ts'
import { noticeMessages } from '../delivery/outbox.ts'
import type { Message, NoticeDetails, NoticeEvent } from '../delivery/outbox.ts'
import { refuse } from '../reasons.ts'
import type { Refusal } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import type { Doing } from './act-store.ts'
import { aimAt } from './look-at-member.ts'
import type { Act } from './may.ts'
import type { OneMember } from './member-store.ts'

/** What an act leaves behind: the event with its details, and what the member is told. */
export type Trace = {
  readonly kind: EventKind
  readonly details?: Readonly<Record<string, string | number | boolean>>
  readonly notice: NoticeEvent
  readonly words?: NoticeDetails
  /** Who else is told. */
  readonly more?: readonly Message[]
}

/** An act ready to be written: with its event (AUD-01) and the notice to the member (NTF-01). */
export function doingOf(world: World, who: InTeam, member: OneMember, trace: Trace): Doing {
  const { session, team } = who
  const now = world.clock()
  const about = {
    account: member.id,
    actor: session.account_id,
    team: team.team_id,
    sessionHash: session.token_hash,
    details: trace.details ?? {},
  }
  const words = { team: team.name, by: session.name, ...trace.words }
  const told = noticeMessages(world, who, member, trace.notice, words)
  return {
    teamId: team.team_id,
    actorId: session.account_id,
    memberId: member.id,
    now,
    events: JSON.stringify([event(who, now, trace.kind, about)]),
    messages: JSON.stringify([...told, ...(trace.more ?? [])]),
  }
}

/** Why an act came to nothing that was allowed a moment ago. Refused: as `aimAt`, changed. */
export async function whyNot(
  world: World,
  who: InTeam,
  memberId: string,
  act: Act,
): Promise<Refusal> {
  const again = await aimAt(world, who, memberId, act)
  return again.ok ? refuse('member-changed') : again
}

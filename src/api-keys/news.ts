import { noticeMessages } from '../delivery/outbox.ts'
import type { Message, NoticeEvent } from '../delivery/outbox.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { listTold } from './store.ts'

/** The notices about a key, to its maker and the team's owner, once to whoever is both (NTF-01). */
export async function newsFor(
  world: World,
  who: InTeam,
  key: { readonly name: string; readonly made_by: string },
  what: Extract<NoticeEvent, 'api-key-made' | 'api-key-revoked'>,
): Promise<Message[]> {
  const told = await listTold(world.sql, who.team.team_id, key.made_by)
  const details = { key: key.name, team: who.team.name, by: who.session.name }
  return told.flatMap((person) => noticeMessages(world, who, person, what, details))
}

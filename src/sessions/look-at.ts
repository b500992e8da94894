import { done, refuse } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { World } from '../world.ts'

import type { Member } from './session.ts'
import { idleSince, listSessions } from './store.ts'
import type { SessionRow } from './store.ts'

/** An open session as its person sees it. */
export type SessionView = SessionRow & { readonly current: boolean }

/** The person's open sessions, last used first. Changes nothing; never refused. */
export async function list(
  world: World,
  who: Member,
): Promise<Outcome<{ sessions: readonly SessionView[] }>> {
  return done({ sessions: await openSessions(world, who) })
}

/** One of the person's open sessions. Refused: not-found. */
export async function lookAt(
  world: World,
  who: Member,
  input: { id: string },
): Promise<Outcome<SessionView>> {
  const session = (await openSessions(world, who)).find((one) => one.id === input.id)
  return session ? done(session) : refuse('not-found')
}

/** The same as rows, for the pages that show more than sessions. */
export async function openSessions(world: World, who: Member): Promise<SessionView[]> {
  const now = world.clock()
  const { account_id: account, id } = who.session
  const rows = await listSessions(world.sql, account, now, idleSince(world.config, now))
  return rows.map((row) => ({ ...row, current: row.id === id }))
}

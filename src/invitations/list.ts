import { done } from '../reasons.ts'
import type { Outcome } from '../reasons.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { countInvitations, listInvitations } from './store.ts'
import type { Invitation, Place } from './store.ts'

/** An invitation in the list; `expired`: its link no longer works until it is sent again. */
export type Pending = Invitation & { readonly expired: boolean }

export type PendingList = {
  readonly total: number
  readonly invitations: readonly Pending[]
  /** Where the next page begins; null at the end. */
  readonly next: string | null
}

const pageSize = 50

/**
 * The team's invitations that nobody has accepted yet, newest first, a page at a time. Changes
 * nothing; never refused.
 */
export async function list(
  world: World,
  { team }: InTeam,
  input: { after: string | null },
): Promise<Outcome<PendingList>> {
  const now = world.clock()
  const [total, rows] = await Promise.all([
    countInvitations(world.sql, team.team_id),
    listInvitations(world.sql, team.team_id, pageSize + 1, readPlace(input.after)),
  ])
  const shown = rows.slice(0, pageSize)
  const last = shown.at(-1)
  return done({
    total,
    invitations: shown.map((row) => ({ ...row, expired: row.expires_at <= now })),
    next: last && rows.length > pageSize ? `${last.created_at.getTime()}.${last.id}` : null,
  })
}

/** The place that `next` named; null for any other text, which begins at the top. */
function readPlace(after: string | null): Place | null {
  const found = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(after ?? '')
  return found ? { at: new Date(Number(found[1])), id: found[2] ?? '' } : null
}

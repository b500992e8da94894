import { limits } from './config.ts'
import { reportUnfinished } from './sign-in/report-unfinished.ts'
import type { World } from './world.ts'

/** What goes, and how many hours after the time it names. */
const statements: readonly (readonly [text: string, hours: number])[] = [
  ['DELETE FROM challenges WHERE expires_at < $1 RETURNING 1', limits.challengeRetentionHours],
  ['DELETE FROM sessions WHERE expires_at < $1 RETURNING 1', 0],
  ['DELETE FROM trusted_devices WHERE expires_at < $1 RETURNING 1', 0],
  ['DELETE FROM passes WHERE expires_at < $1 RETURNING 1', 0],
  [
    'DELETE FROM invitations WHERE expires_at < $1 RETURNING 1',
    limits.invitationRetentionDays * 24,
  ],
  ['DELETE FROM links WHERE expires_at < $1 RETURNING 1', limits.challengeRetentionHours],
  [
    'DELETE FROM methods WHERE confirmed_at IS NULL AND pending_until < $1 RETURNING 1',
    limits.challengeRetentionHours,
  ],
  ['DELETE FROM policy_drafts WHERE made_at < $1 RETURNING 1', limits.draftLifetimeHours],
  ['DELETE FROM guesses WHERE at < $1 AND NOT (known AND count > 0) RETURNING 1', 24],
  ['DELETE FROM sends WHERE times[cardinality(times)] < $1 RETURNING 1', 24],
  ['DELETE FROM cases WHERE closed_at < $1 RETURNING 1', limits.eventsRetentionDays * 24],
  ['DELETE FROM messages WHERE created_at < $1 RETURNING 1', limits.messageRetentionDays * 24],
  ['DELETE FROM events WHERE at < $1 RETURNING 1', limits.eventsRetentionDays * 24],
  [
    `DELETE FROM team_events t WHERE t.at < $1
       AND NOT EXISTS (SELECT FROM events e WHERE e.id = t.event_id) RETURNING 1`,
    limits.eventsRetentionDays * 24,
  ],
  ['DELETE FROM api_keys WHERE expires_at < $1 RETURNING 1', limits.apiKeyRetentionDays * 24],
]

/**
 * Deletes what is past its retention (CODE-05, PRV-03), once owners were told of what they must hear
 * of first. Gives how many rows went. Deleting twice does no harm.
 */
export async function cleanUp(world: World): Promise<number> {
  await reportUnfinished(world)
  const now = world.clock().getTime()
  let gone = 0
  for (const [text, hours] of statements) {
    const rows = await world.sql.query(text, [new Date(now - hours * 3_600_000)])
    gone += rows.length
  }
  return gone
}

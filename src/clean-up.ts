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
  [
    `DELETE FROM messages m WHERE (m.accepted_at < $1 OR m.failed_at < $1)
       AND m.account_id IS NOT NULL
       AND NOT EXISTS (SELECT FROM accounts a WHERE a.id = m.account_id) RETURNING 1`,
    0,
  ],
  // Texts to a number that is its account's no more.
  [
    `DELETE FROM messages m WHERE m.channel = 'text' AND (m.accepted_at < $1 OR m.failed_at < $1)
       AND NOT EXISTS (SELECT FROM methods d
         WHERE d.account_id = m.account_id AND d.destination = m.destination) RETURNING 1`,
    limits.challengeRetentionHours,
  ],
  // Whole sealed ranges, the oldest first, so that what is left of the log still fits its seals.
  [
    `DELETE FROM events e USING (SELECT from_id, to_id, newest_at FROM event_seals
         WHERE to_id >= (SELECT min(id) FROM events) ORDER BY to_id LIMIT 2000) AS s
       WHERE s.newest_at < $1 AND e.id BETWEEN s.from_id AND s.to_id RETURNING 1`,
    limits.eventsRetentionDays * 24,
  ],
  [
    `DELETE FROM team_events t WHERE t.at < $1
       AND NOT EXISTS (SELECT FROM events e WHERE e.id = t.event_id) RETURNING 1`,
    limits.eventsRetentionDays * 24,
  ],
  ['DELETE FROM api_keys WHERE expires_at < $1 RETURNING 1', limits.apiKeyRetentionDays * 24],
]

/**
 * Deletes what is past its retention (CODE-05, PRV-03), once owners were told of what they must hear
 * of first. Gives how many rows went, by table. Deleting twice does no harm.
 */
export async function cleanUp(world: World): Promise<ReadonlyMap<string, number>> {
  await reportUnfinished(world)
  const now = world.clock().getTime()
  const gone = new Map<string, number>()
  for (const [text, hours] of statements) {
    const rows = await world.sql.query(text, [new Date(now - hours * 3_600_000)])
    const table = /^DELETE FROM (\w+)/.exec(text)?.[1] ?? ''
    gone.set(table, (gone.get(table) ?? 0) + rows.length)
  }
  return gone
}

import { insertEvents } from '../audit/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import type { Policy } from '../policy/policy.ts'
import { insertAnnouncements } from './announce.ts'

/** A change of a policy, ready to be written. */
export type Change = {
  readonly teamId: string
  readonly accountId: string
  /** The account's epoch as it was read: a method that went since then makes it another. */
  readonly epoch: number
  readonly baseVersion: number
  readonly policy: Policy
  /** Kinds of method that count under the new policy. */
  readonly kinds: readonly string[]
  readonly now: Date
  readonly events: string
  /** JSON of `Announced`; null when the members are not mailed. */
  readonly announcement: string | null
  /** JSON of what the owners are told. */
  readonly notice: string
}

const owners = `INSERT INTO messages (id, channel, template, account_id, destination, parameters,
    created_at, expires_at, next_try_at)
  SELECT md5(concat_ws(' ', 'policy-changed', c.team_id, m.account_id, c.version))::uuid, 'mail',
    'policy-changed', m.account_id, a.email,
    $17::jsonb || jsonb_build_object('own', m.account_id = $2), $14,
    $14::timestamptz + interval '${limits.announcementLifetimeDays} days', $14
  FROM changed c JOIN memberships m ON m.team_id = c.team_id AND m.role = 'owner'
    JOIN accounts a ON a.id = m.account_id`

/*
 * Decides two races. Of two admins who change one policy, the first raises its version and the
 * second finds another than the one they saw. And whoever changes it must still be an admin with a
 * method that counts under what they make (TEAM-04): their place in the team and their account are
 * locked, so that a role or a method that goes at the same moment goes before, and is seen, or after.
 * The team is locked first, as by all who change its people: nobody without a method becomes its owner
 * while it begins to require one.
 * Events, the notice to the owners and the mails to all members are written with it, or not at all.
 * Where it forbids trusted devices they go, and again where it allows them once more, with those that
 * were made at the moment of the first: none comes back (TD-05).
 */
const apply = `
  WITH actor AS (
    SELECT a.id FROM teams t JOIN memberships m ON m.team_id = t.id
      JOIN accounts a ON a.id = m.account_id
    WHERE t.id = $1 AND a.id = $2 AND a.epoch = $3 AND a.disabled_at IS NULL AND a.kinds && $5::text[]
      AND m.role IN ('owner', 'admin')
    FOR NO KEY UPDATE OF t, a FOR SHARE OF m),
  changed AS (
    INSERT INTO policies AS p (team_id, version, required, bites, since, bites_at, joiner_days,
      strengths, trust_days, paused_until, changed_at, changed_by)
    SELECT $1, $4::integer + 1, $6, $7, $8, $9, $10, $11, $12, $13, $14, actor.id FROM actor
    WHERE $4::integer = 0 OR EXISTS (SELECT FROM policies e WHERE e.team_id = $1)
    ON CONFLICT (team_id) DO UPDATE SET version = excluded.version, required = excluded.required,
      bites = excluded.bites, since = excluded.since, bites_at = excluded.bites_at,
      joiner_days = excluded.joiner_days, strengths = excluded.strengths,
      trust_days = excluded.trust_days, paused_until = excluded.paused_until,
      changed_at = excluded.changed_at, changed_by = excluded.changed_by
    WHERE p.version = $4
    RETURNING *),
  undrafted AS (DELETE FROM policy_drafts d USING changed c
    WHERE d.team_id = c.team_id AND d.account_id = $2),
  untrusted AS (DELETE FROM trusted_devices d USING changed c, memberships m
    WHERE m.team_id = c.team_id AND d.account_id = m.account_id AND (c.trust_days = 0 OR EXISTS
      (SELECT FROM policies before WHERE before.team_id = c.team_id AND before.trust_days = 0))),
  logged AS (${insertEvents('$15', 'changed')}),
  told AS (${owners}),
  mailed AS (${insertAnnouncements(
    { announced: '$16', kinds: '$5', now: '$14' },
    'changed',
    '$16::jsonb IS NOT NULL',
  )} RETURNING 1)
  SELECT version, (SELECT count(*)::int FROM mailed) AS mailed FROM changed`

/**
 * Changes a team's policy with its events and mails. Gives how many members are mailed; null when
 * the version or the account is not what it was. One round trip.
 */
export async function applyPolicy(
  sql: Sql,
  change: Change,
): Promise<{ readonly version: number; readonly mailed: number } | null> {
  const { policy: p } = change
  const [row] = await sql.query<{ version: number; mailed: number }>(apply, [
    change.teamId,
    change.accountId,
    change.epoch,
    change.baseVersion,
    change.kinds,
    p.required,
    p.bites,
    p.since,
    p.bites_at,
    p.joiner_days,
    p.strengths,
    p.trust_days,
    p.paused_until,
    change.now,
    change.events,
    change.announcement,
    change.notice,
  ])
  return row ?? null
}

/** The present version of a team's policy; 0 without one. */
export async function readVersion(sql: Sql, teamId: string): Promise<number> {
  const [row] = await sql.query<{ version: number }>(
    'SELECT version FROM policies WHERE team_id = $1',
    [teamId],
  )
  return row?.version ?? 0
}

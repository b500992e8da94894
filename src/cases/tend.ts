import type { Sql } from '../database/port.ts'
import { approvedByEnough } from '../policy/store.ts'
import type { World } from '../world.ts'
import { limits } from '../config.ts'
import { heldCase } from './store.ts'

const expire = `
  SELECT stop_case(k.id, 'expired', $1, NULL, NULL, '', '', '', NULL) AS stopped
  FROM ${heldCase(
    `coalesce(k.closes_at, k.opens_at + interval '14 days', k.expires_at) <= $1`,
    'SKIP LOCKED',
  )} k`

/* One approval was enough when it was given; their account is worth more to a thief now (REC-03). */
const outgrown = `
  SELECT stop_case(k.id, 'manages-others', $1, NULL, NULL, '', '', '', NULL) AS stopped
  FROM ${heldCase(`k.stage = 'waiting' AND NOT ${approvedByEnough}`, 'SKIP LOCKED')} k`

/*
 * Decides which copy makes a case's link: each that looks at the same moment waits for the case's row
 * and finds the link there. The wait is over only by the clock of who makes it, so the link is held
 * against the wait again when it is used: a clock that ran an hour ahead opens nothing early.
 */
const sendLinks = `
  WITH ready AS (
    UPDATE cases k SET link_id = gen_random_uuid(), closes_at = $1 + make_interval(hours => $2)
    FROM accounts a
    WHERE k.closed_at IS NULL AND k.opens_at <= $1 AND k.link_id IS NULL AND a.id = k.account_id
      AND a.disabled_at IS NULL AND a.email_verified_at IS NOT NULL
    RETURNING k.id, k.link_id, k.closes_at, a.id AS account_id, a.email, a.epoch),
  linked AS (
    INSERT INTO links (id, purpose, account_id, email, epoch, created_at, expires_at)
    SELECT link_id, 'recover-account', account_id, email, epoch, $1, closes_at FROM ready),
  mailed AS (
    INSERT INTO messages (id, channel, template, account_id, destination, link_id, created_at,
      expires_at, next_try_at)
    SELECT gen_random_uuid(), 'mail', 'recover-account', account_id, email, link_id, $1, closes_at,
      $1 FROM ready),
  logged AS (
    INSERT INTO events (at, kind, account_id, team_id, others, source, browser, request_id, details)
    SELECT $1, 'case.link-sent', account_id, teams.ids[1], nullif(teams.ids[2:], '{}'), '', '', '',
      jsonb_build_object('case', id)
    FROM ready CROSS JOIN LATERAL (SELECT array_agg(m.team_id ORDER BY m.joined_at, m.team_id) AS ids
      FROM memberships m WHERE m.account_id = ready.account_id) AS teams)
  SELECT id FROM ready`

/** What became of the cases that were due. */
export type Tended = {
  readonly expired: number
  readonly outgrown: number
  readonly sent: number
}

/**
 * Ends the cases whose time ran out, and those that one person approved whose account manages others
 * by now; mails the link of those whose wait is over (REC-05). Any number of copies may do it at once.
 */
export async function tendCases(world: Pick<World, 'sql' | 'clock' | 'delivery'>): Promise<Tended> {
  const now = world.clock()
  const expired = await count(world.sql, expire, [now])
  const stopped = await count(world.sql, outgrown, [now])
  const sent = await count(world.sql, sendLinks, [now, limits.recoverLinkLifetimeHours])
  if (expired + stopped + sent > 0) world.delivery.wake()
  return { expired, outgrown: stopped, sent }
}

async function count(sql: Sql, text: string, values: unknown[]): Promise<number> {
  return (await sql.query(text, values)).length
}

import { insertEvents } from '../audit/store.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'
import { memberParameters, pace } from './announce.ts'
import { countingKinds, dueAt, kindLists } from './due-store.ts'

const columns = `id, channel, template, account_id, destination, parameters, created_at,
  expires_at, next_try_at`

/** A reminder is of no use once its day has come. */
const expiry = (now: string, due: string) => `CASE WHEN ${due} > ${now}
  THEN least(${due}, ${now}::timestamptz + interval '${limits.announcementLifetimeDays} days')
  ELSE ${now}::timestamptz + interval '${limits.announcementLifetimeDays} days' END`

/** A reminder by hand. */
export type Reminding = {
  readonly teamId: string
  /** Null: everybody who is not ready. */
  readonly accounts: readonly string[] | null
  readonly now: Date
  readonly notAfter: Date
  /** JSON of `Announced`. */
  readonly filled: string
  readonly kinds: readonly string[]
  /** JSON of the event, which is written once for each member. */
  readonly event: string
}

/*
 * Decides the race of two who remind one member: the membership's row is changed by one of them, and
 * the other finds it reminded today. `strangers`: accounts named that are not of the team, which
 * leave everybody alone (ENR-09).
 */
const byHand = `
  WITH strangers AS (
    SELECT FROM unnest($2::uuid[]) AS n(id) WHERE NOT EXISTS (
      SELECT FROM memberships s WHERE s.team_id = $1 AND s.account_id = n.id)),
  m AS (
    UPDATE memberships m SET reminded_at = $3
    WHERE m.team_id = $1 AND ($2::uuid[] IS NULL OR m.account_id = ANY($2::uuid[]))
      AND NOT m.kinds && $6::text[] AND (m.exempt_until IS NULL OR m.exempt_until <= $3)
      AND (m.reminded_at IS NULL OR m.reminded_at <= $4)
      AND NOT EXISTS (SELECT FROM strangers)
    RETURNING m.team_id, m.account_id, m.kinds, m.first_joined_at, m.exempt_until),
  told AS (
    INSERT INTO messages (${columns})
    SELECT md5(concat_ws(' ', 'reminder', m.team_id, m.account_id, $3::timestamptz))::uuid, 'mail',
      'reminder', m.account_id, a.email,
      ${memberParameters({ announced: '$5', kinds: '$6' })}, $3, ${expiry('$3', dueAt)},
      $3::timestamptz + ${pace}
    FROM m JOIN policies p ON p.team_id = m.team_id
      JOIN accounts a ON a.id = m.account_id AND a.disabled_at IS NULL
    RETURNING account_id),
  logged AS (${insertEvents(
    `(SELECT jsonb_agg($7::jsonb || jsonb_build_object('account_id', told.account_id)) FROM told)`,
    'told',
  )})
  SELECT (SELECT count(*)::int FROM told) AS reminded, EXISTS (SELECT FROM strangers) AS strangers`

/** Reminds members by hand; see `remindMembers`. One round trip. */
export async function remindByHand(
  sql: Sql,
  given: Reminding,
): Promise<{ readonly reminded: number; readonly strangers: boolean }> {
  const { teamId, accounts, now, notAfter, filled, kinds, event } = given
  const [row] = await sql.query<{ reminded: number; strangers: boolean }>(byHand, [
    teamId,
    accounts,
    now,
    notAfter,
    filled,
    kinds,
    event,
  ])
  return row ?? { reminded: 0, strangers: false }
}

/** How many would be reminded now, of everybody who is not ready. */
export async function countToRemind(
  sql: Sql,
  { teamId, kinds, now, notAfter }: Pick<Reminding, 'teamId' | 'kinds' | 'now' | 'notAfter'>,
): Promise<{ readonly due: number; readonly lately: number }> {
  const [row] = await sql.query<{ due: number; lately: number }>(
    `SELECT (count(*) FILTER (WHERE reminded_at IS NULL OR reminded_at <= $4))::int AS due,
       (count(*) FILTER (WHERE reminded_at > $4))::int AS lately
     FROM memberships WHERE team_id = $1 AND NOT kinds && $2::text[]
       AND (exempt_until IS NULL OR exempt_until <= $3)`,
    [teamId, kinds, now, notAfter],
  )
  return row ?? { due: 0, lately: 0 }
}

/** Days before a member's date on which they are reminded, least first. */
export const reminderDays = [1, 3, 7] as const

/*
 * Who may have a date within the next 7 days: of a team whose own date or pause is then; who joined
 * a team within its days for later ones; whose exemption ends then. Each by an index, so that the
 * work does not grow with the number of members that need no reminder.
 */
const near = `
  SELECT m.team_id, m.account_id FROM policies p JOIN memberships m ON m.team_id = p.team_id
  WHERE p.required AND (p.bites_at > $1 AND p.bites_at <= $2
    OR p.paused_until > $1 AND p.paused_until <= $2)
  UNION
  SELECT m.team_id, m.account_id FROM policies p JOIN memberships m ON m.team_id = p.team_id
    AND m.joined_at > $1::timestamptz - interval '${limits.graceDaysMax} days'
  WHERE p.required AND p.joiner_days > 0
  UNION
  SELECT m.team_id, m.account_id FROM memberships m
  WHERE m.exempt_until > $1 AND m.exempt_until <= $2`

/*
 * Of several days that have come only the last counts: a process that was down sends one reminder.
 * None is sent for a day before the policy was last changed, because its announcement said the same.
 * A reminder's id is made of member, date and days: whoever runs this, it is written once. All write
 * in one order, so that two who run it never wait for each other in a ring.
 */
const bySchedule = `
  WITH near AS (${near}),
  due AS (
    SELECT m.team_id, m.account_id, m.kinds, m.first_joined_at, m.exempt_until,
      ${dueAt} AS due, p.version, p.bites, p.changed_at, t.name AS team_name,
      ${countingKinds('$3', '$4')} AS counting, k.titles
    FROM near n JOIN memberships m ON m.team_id = n.team_id AND m.account_id = n.account_id
      JOIN policies p ON p.team_id = m.team_id AND p.required JOIN teams t ON t.id = m.team_id,
      LATERAL (SELECT array_agg(l.title) AS titles
        FROM unnest($4::text[], $5::text[]) AS l(strength, title)
        WHERE l.strength = ANY(p.strengths)) k
    WHERE NOT m.kinds && ${countingKinds('$3', '$4')}),
  todo AS (
    SELECT due.*, a.email, day.before,
      md5(concat_ws(' ', 'reminder', due.team_id, due.account_id, due.due, day.before))::uuid AS id
    FROM due JOIN accounts a ON a.id = due.account_id AND a.disabled_at IS NULL,
      LATERAL (SELECT d AS before FROM unnest(ARRAY[${reminderDays.join(', ')}]) AS d
        WHERE due.due - make_interval(days => d) <= $1 ORDER BY d LIMIT 1) day
    WHERE due.due > $1 AND due.due - make_interval(days => day.before) > due.changed_at),
  fresh AS (
    SELECT * FROM todo WHERE NOT EXISTS (SELECT FROM messages g WHERE g.id = todo.id)
    ORDER BY team_id, account_id LIMIT $6),
  told AS (
    INSERT INTO messages (${columns})
    SELECT id, 'mail', 'reminder', account_id, email, jsonb_build_object('team', team_id,
      'team_name', team_name, 'version', version, 'bites', bites, 'kinds', counting,
      'methods', titles, 'due', due, 'ready', false, 'has_any', cardinality(kinds) > 0),
      $1, ${expiry('$1', 'due')}, $1::timestamptz + ${pace}
    FROM fresh ON CONFLICT (id) DO NOTHING RETURNING account_id, parameters ->> 'team' AS team)
  SELECT account_id, team FROM told`

/**
 * Writes the reminders whose time has come, at most `most` of them. Gives whom they are for. One
 * round trip.
 */
export function remindBySchedule(
  sql: Sql,
  now: Date,
  titles: readonly string[],
  most: number,
): Promise<{ readonly account_id: string; readonly team: string }[]> {
  const horizon = new Date(now.getTime() + reminderDays[2] * 86_400_000)
  return sql.query(bySchedule, [now, horizon, ...kindLists(), titles, most])
}

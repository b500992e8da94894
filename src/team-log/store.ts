import type { Event } from '../audit/event.ts'
import { limits } from '../config.ts'
import type { Sql } from '../database/port.ts'

/** An event with the names that its sentence needs; null of who is not there any more. */
export type LogRow = Pick<
  Event,
  'at' | 'account_id' | 'actor_id' | 'method_kind' | 'source' | 'browser' | 'details'
> & {
  readonly id: number
  readonly kind: string
  readonly account: string | null
  readonly actor: string | null
  /** The API key it was done with, while there is one. */
  readonly key: string | null
}

/** Which of a team's events, in which order: the newest, those before an event, or those after. */
export type Asked = {
  readonly team: string
  /** From this moment on, and until just before that one. */
  readonly from: Date | null
  readonly to: Date | null
  /** Only of these kinds. */
  readonly kinds: readonly string[] | null
  /** Only what was done by this account or happened to it. */
  readonly member: string | null
  readonly before: number | null
  readonly after: number | null
}

type Order = 'older' | 'newer'
type Way = 'all' | 'kinds' | 'member'

/* $1 team, $2 from, $3 to, $4 the event to go on from, $5 kinds, $6 member. */
const seen = `(e.team_id = $1 OR $1 = ANY(e.others))`

/* Where a page begins: an event that is not in this team's log is nowhere, and nothing follows. */
const edge = (order: Order) => `SELECT coalesce($4::bigint, 0) AS id,
    CASE WHEN $4::bigint IS NULL THEN '${order === 'older' ? '' : '-'}infinity'::timestamptz
      ELSE (SELECT e.at FROM events e WHERE e.id = $4 AND ${seen}) END AS at`

/** One way to the events in order: at most `limit` of those that `where` finds by an index. */
function branch(from: string, id: string, where: string, order: Order, limit: number): string {
  const [than, way] = order === 'older' ? ['<', 'DESC'] : ['>', 'ASC']
  return `(SELECT ${id} AS id, e.at FROM ${from} e WHERE ${where}
      AND e.at >= coalesce($2::timestamptz, '-infinity')
      AND e.at < coalesce($3::timestamptz, 'infinity')
      AND (e.at, ${id}) ${than} ((SELECT at FROM edge), (SELECT id FROM edge))
    ORDER BY e.at ${way}, ${id} ${way} LIMIT ${limit})`
}

function branches(way: Way, order: Order, limit: number): string[] {
  const of = (from: string, id: string, where: string) => branch(from, id, where, order, limit)
  const ofKinds = '($5::text[] IS NULL OR e.kind = ANY($5))'
  if (way === 'all') {
    return [
      of('events', 'e.id', 'e.team_id = $1'),
      of('team_events', 'e.event_id', 'e.team_id = $1'),
    ]
  }
  if (way === 'kinds') {
    const ofKind = (from: string, id: string) => `(SELECT found.id, found.at
      FROM unnest($5::text[]) AS one CROSS JOIN LATERAL
        ${of(from, id, 'e.team_id = $1 AND e.kind = one')} AS found)`
    return [ofKind('events', 'e.id'), ofKind('team_events', 'e.event_id')]
  }
  return [
    of('events', 'e.id', `e.account_id = $6 AND ${seen} AND ${ofKinds}`),
    of(
      'events',
      'e.id',
      `e.actor_id = $6 AND e.actor_id IS DISTINCT FROM e.account_id AND e.team_id = $1 AND ${ofKinds}`,
    ),
  ]
}

/* Names are looked up for the rows of the page alone. */
function statement(way: Way, order: Order, limit: number): string {
  const direction = order === 'older' ? 'DESC' : 'ASC'
  return `WITH edge AS (${edge(order)}),
  page AS (SELECT id FROM (${branches(way, order, limit).join(' UNION ALL ')}) AS ways
    ORDER BY at ${direction}, id ${direction} LIMIT ${limit})
  SELECT e.id, e.at, e.kind, e.account_id, e.actor_id, e.method_kind, e.source, e.browser, e.details,
    a.name AS account, b.name AS actor, k.name AS key
  FROM page JOIN events e ON e.id = page.id
  LEFT JOIN accounts a ON a.id = e.account_id
  LEFT JOIN accounts b ON b.id = e.actor_id
  LEFT JOIN api_keys k ON k.id = (e.details ->> 'api_key')::uuid AND k.team_id = $1
  ORDER BY e.at DESC, e.id DESC`
}

const ways = ['all', 'kinds', 'member'] as const

const statements = (order: Order, limit: number) =>
  Object.fromEntries(ways.map((way) => [way, statement(way, order, limit)])) as Record<Way, string>

/** One more than a page, to know whether there are more. */
const pages = {
  older: statements('older', limits.eventsPerPage + 1),
  newer: statements('newer', limits.eventsPerPage + 1),
}

/** How many events an export reads at a time. */
export const eventsPerRead = 1000

const reads = statements('older', eventsPerRead)

/**
 * The events of a page, newest first, and perhaps one more at its far end. One round trip: two index
 * scans over the team's events (its own, and those its members share with other teams), with kinds
 * two for each of them, with a member two over what is theirs; none reads more than a page.
 */
export function readPage(sql: Sql, asked: Asked): Promise<LogRow[]> {
  const order = asked.after === null ? 'older' : 'newer'
  return sql.query<LogRow>(pages[order][wayOf(asked)], valuesOf(asked, order))
}

/** The next thousand events of an export, newest first. */
export function readOn(sql: Sql, asked: Asked): Promise<LogRow[]> {
  return sql.query<LogRow>(reads[wayOf(asked)], valuesOf(asked, 'older'))
}

function wayOf({ member, kinds }: Asked): Way {
  if (member !== null) return 'member'
  return kinds === null ? 'all' : 'kinds'
}

function valuesOf(asked: Asked, order: Order): unknown[] {
  const { team, from, to, kinds, member } = asked
  const at = order === 'older' ? asked.before : asked.after
  const values = [team, from, to, at, kinds, member]
  return values.slice(0, { all: 4, kinds: 5, member: 6 }[wayOf(asked)])
}

/** The member of this team with that address. */
export async function findMember(
  sql: Sql,
  team: string,
  emailKey: string,
): Promise<{ readonly id: string; readonly name: string } | null> {
  const [row] = await sql.query<{ id: string; name: string }>(
    `SELECT a.id, a.name FROM memberships m JOIN accounts a ON a.id = m.account_id
     WHERE m.team_id = $1 AND m.email_key = $2 LIMIT 1`,
    [team, emailKey],
  )
  return row ?? null
}

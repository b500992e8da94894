import type { Sql } from '../database/port.ts'
import { together } from '../database/together.ts'
import type { Role } from '../policy/policy.ts'
import { conditions, number, shows, sorts } from './filters.ts'
import type { Measures, Numbered, Show, Sort } from './filters.ts'

/** A row of a list, as the database has it. `key`: what it is sorted by, for the next page. */
export type MemberRow = {
  readonly id: string
  readonly key: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly joined_at: Date
  readonly first_joined_at: Date
  readonly exempt_until: Date | null
  readonly kinds: readonly string[]
  readonly locked: boolean
  readonly unreachable: boolean
  readonly last_sign_in_at: Date | null
  readonly trusted_devices: number
}

/** What a list asks for. */
export type Query = {
  readonly teamId: string
  readonly show: Show
  readonly sort: Sort
  /** Letters to look for in names and addresses; empty: all. */
  readonly term: string
  /** The key and id of the row before; null from the beginning. */
  readonly after: Cursor | null
  readonly count: number
  /** A device trusted before that time counts no more in this team (TD-08). */
  readonly trustedSince: Date
}

export type Cursor = { readonly key: string; readonly id: string }

type Order = {
  readonly key: string
  readonly after: string
  /** The columns and direction of the index. */
  readonly by: (row: string) => string
  /** A cursor before all. */
  readonly start: string
}

const ascending = (column: string): Order => ({
  key: `p.${column}`,
  after: `(m.${column}, m.account_id) > ($2::text COLLATE "C", $3::uuid)`,
  by: (row) => `${row}.${column}, ${row}.account_id`,
  start: '',
})

const microsecond = `interval '1 microsecond'`

const orders: Readonly<Record<Sort, Order>> = {
  name: ascending('name_key'),
  email: ascending('email_key'),
  joined: {
    key: '(extract(epoch FROM p.joined_at) * 1000000)::bigint::text',
    after: `(m.joined_at, m.account_id) < ('epoch'::timestamptz + $2::bigint * ${microsecond}, $3::uuid)`,
    by: (row) => `${row}.joined_at DESC, ${row}.account_id DESC`,
    start: '7258118400000000',
  },
}

/** Before every id. */
const noId = '00000000-0000-0000-0000-000000000000'

/*
 * One page: its rows by the index of the sort, from memberships alone; only these are looked up in
 * accounts and trusted_devices. So what else is stored does not matter, and no page is dearer than
 * the one before it.
 */
function page(sort: Sort, show: Show): Numbered {
  const { key, after, by } = orders[sort]
  const { text, takes } = number(conditions[show], 8)
  const statement = `
    WITH page AS (
      SELECT m.account_id, m.role, m.joined_at, m.first_joined_at, m.exempt_until, m.kinds, m.locked,
        m.unreachable, m.name_key, m.email_key
      FROM memberships m WHERE m.team_id = $1 AND ${after}
        AND ($4 = '' OR strpos(m.search, (SELECT plain_letters($4))) > 0) AND ${text}
      ORDER BY ${by('m')} LIMIT $5)
    SELECT p.account_id AS id, ${key} AS key, a.name, a.email, p.role, p.joined_at,
      p.first_joined_at, p.exempt_until, p.kinds, p.locked, p.unreachable, a.last_sign_in_at,
      (SELECT count(*)::int FROM trusted_devices d WHERE d.account_id = a.id AND d.epoch = a.epoch
        AND d.expires_at > $6 AND d.created_at > $7) AS trusted_devices
    FROM page p JOIN accounts a ON a.id = p.account_id ORDER BY ${by('p')}`
  return { text: statement, takes }
}

const pages = Object.fromEntries(
  sorts.flatMap((sort) => shows.map((show) => [`${sort} ${show}`, page(sort, show)])),
) as Readonly<Record<`${Sort} ${Show}`, Numbered>>

/** Members of one team, in order, from the cursor on. One round trip. */
export function listMembers(sql: Sql, query: Query, measures: Measures): Promise<MemberRow[]> {
  const { teamId, show, sort, term, after, count, trustedSince } = query
  const { text, takes } = pages[`${sort} ${show}`]
  const start = orders[sort].start
  const cursor = after ?? { key: start, id: noId }
  const { key, id } = cursor
  const values = [teamId, key, id, term, count, measures.now, trustedSince]
  return sql.query<MemberRow>(text, [...values, ...takes.map((name) => measures[name])])
}

/** How many members each list has. */
export type Counts = Readonly<Record<Show, number>> & {
  /** Invitations that wait for an answer. */
  readonly pending: number
}

const counting = number(
  `SELECT ${shows
    .map((show) => `count(*) FILTER (WHERE ${conditions[show]})::int AS "${show}"`)
    .join(', ')},
    (SELECT count(*)::int FROM invitations i WHERE i.team_id = $1 AND i.expires_at > $now) AS pending
  FROM memberships m WHERE m.team_id = $1`,
  2,
)

type Counter = (teamId: string) => Promise<Counts | null>

const counters = new WeakMap<Sql, { readonly count: Counter; readonly of: Map<string, Measures> }>()

/**
 * How many members of each status a team has, and how many invitations wait. It reads the whole team
 * and costs as much as some pages: what is asked while one count is on its way shares the next one.
 */
export async function countMembers(
  sql: Sql,
  teamId: string,
  measures: Measures,
): Promise<Counts | null> {
  let counter = counters.get(sql)
  if (!counter) {
    const of = new Map<string, Measures>()
    const count = together((teamIds) => countAll(sql, teamIds, of))
    counter = { count, of }
    counters.set(sql, counter)
  }
  counter.of.set(teamId, measures)
  return counter.count(teamId)
}

async function countAll(
  sql: Sql,
  teamIds: readonly string[],
  of: Map<string, Measures>,
): Promise<Map<string, Counts>> {
  const found = new Map<string, Counts>()
  const all = teamIds.map(async (teamId) => {
    const measures = of.get(teamId)
    of.delete(teamId)
    if (!measures) return
    const values = [teamId, ...counting.takes.map((name) => measures[name])]
    const [row] = await sql.query<Counts>(counting.text, values)
    if (row) found.set(teamId, row)
  })
  await Promise.all(all)
  return found
}

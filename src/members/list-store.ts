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
  readonly column: 'name_key' | 'email_key' | 'joined_at'
  /** The column as text, for the next cursor, and a cursor before all. */
  readonly key: string
  readonly start: string
  readonly after: string
  readonly direction: '' | ' DESC'
}

const ascending = (column: 'name_key' | 'email_key'): Order => ({
  column,
  key: `p.${column}`,
  start: '',
  after: `(m.${column}, m.account_id) > ($2::text COLLATE "C", $3::uuid)`,
  direction: '',
})

const microsecond = `interval '1 microsecond'`

const orders: Readonly<Record<Sort, Order>> = {
  name: ascending('name_key'),
  email: ascending('email_key'),
  joined: {
    column: 'joined_at',
    key: '(extract(epoch FROM p.joined_at) * 1000000)::bigint::text',
    start: '7258118400000000',
    after: `(m.joined_at, m.account_id) < ('epoch'::timestamptz + $2::bigint * ${microsecond}, $3::uuid)`,
    direction: ' DESC',
  },
}

/** Before every id. */
const noId = '00000000-0000-0000-0000-000000000000'

/*
 * One page: its rows from the index of the sort alone, which holds what they are narrowed by and all
 * that is shown of a membership; only these are looked up in accounts and trusted_devices. So neither
 * what else is stored nor where in the list the page is matters. As one JSON text of lists: reading
 * fifty rows takes twice as long.
 */
function page(sort: Sort, show: Show): Numbered {
  const { column, key, after, direction } = orders[sort]
  const { text, takes } = number(guessed(conditions[show]), 8)
  const by = (row: string) => `${row}.${column}${direction}, ${row}.account_id${direction}`
  const also = column === 'joined_at' ? '' : `m.${column}, `
  const statement = `
    WITH page AS (
      SELECT m.account_id, ${also}m.role, m.joined_at, m.first_joined_at, m.exempt_until, m.kinds,
        m.locked, m.unreachable
      FROM memberships m WHERE m.team_id = $1 AND ${after}
        AND ${guessed(`$4 = '' OR strpos(m.search, (SELECT plain_letters($4))) > 0`)} AND ${text}
      ORDER BY ${by('m')} LIMIT $5)
    SELECT coalesce(json_agg(json_build_array(a.id, ${key}, a.name, a.email, p.role, p.joined_at,
      p.first_joined_at, p.exempt_until, p.kinds, p.locked, p.unreachable, a.last_sign_in_at,
      (SELECT count(*) FROM trusted_devices d WHERE d.account_id = a.id
        AND d.epoch = a.epoch AND d.expires_at > $6 AND d.created_at > $7)) ORDER BY ${by('p')}), '[]')
      AS rows
    FROM page p JOIN accounts a ON a.id = p.account_id`
  return { text: statement, takes }
}

/*
 * A condition of which the planner knows nothing: it takes half of the rows to fit and so goes through
 * the index in its order, which is never dear; with a better guess it would gather rows and sort them.
 */
function guessed(condition: string): string {
  return `CASE WHEN ${condition} THEN true ELSE false END`
}

const pages = Object.fromEntries(
  sorts.flatMap((sort) => shows.map((show) => [`${sort} ${show}`, page(sort, show)])),
) as Readonly<Record<`${Sort} ${Show}`, Numbered>>

/** A row as the statement lists it: moments are texts. */
type RawRow = readonly [
  id: string,
  key: string,
  name: string,
  email: string,
  role: Role,
  joined: string,
  firstJoined: string,
  exemptUntil: string | null,
  kinds: readonly string[],
  locked: boolean,
  unreachable: boolean,
  lastSignIn: string | null,
  trustedDevices: number,
]

/** Members of one team, in order, from the cursor on. One round trip. */
export async function listMembers(
  sql: Sql,
  query: Query,
  measures: Measures,
): Promise<MemberRow[]> {
  const { teamId, show, sort, term, after, count, trustedSince } = query
  const { text, takes } = pages[`${sort} ${show}`]
  const start = orders[sort].start
  const cursor = after ?? { key: start, id: noId }
  const { key, id } = cursor
  const values = [teamId, key, id, term, count, measures.now, trustedSince]
  const more = takes.map((name) => measures[name])
  const [found] = await sql.query<{ rows: RawRow[] }>(text, [...values, ...more])
  return (found?.rows ?? []).map(readRow)
}

function readRow(raw: RawRow): MemberRow {
  const [id, key, name, email, role, joined, firstJoined, exempt, kinds, locked, unreachable] = raw
  const [lastSignIn, trustedDevices] = [raw[11], raw[12]]
  return {
    id,
    key,
    name,
    email,
    role,
    joined_at: new Date(joined),
    first_joined_at: new Date(firstJoined),
    exempt_until: exempt === null ? null : new Date(exempt),
    kinds,
    locked,
    unreachable,
    last_sign_in_at: lastSignIn === null ? null : new Date(lastSignIn),
    trusted_devices: trustedDevices,
  }
}

/** How many members each list has. */
export type Counts = Readonly<Record<Show, number>> & {
  /** Invitations that wait for an answer. */
  readonly pending: number
}

/* Whether a member's methods count is asked once for each, not once for each list. */
const counting = number(
  `SELECT ${shows
    .map((show) => `count(*) FILTER (WHERE ${counted(conditions[show])})::int AS "${show}"`)
    .join(', ')},
    (SELECT count(*)::int FROM invitations i WHERE i.team_id = $1 AND i.expires_at > $now) AS pending
  FROM (SELECT m.kinds && $counted AS has, m.kinds && $strong AS has_strong, m.locked,
      m.exempt_until, m.first_joined_at, m.never_signed_in, m.unreachable
    FROM memberships m WHERE m.team_id = $1 OFFSET 0) m`,
  2,
)

function counted(condition: string): string {
  return condition
    .replaceAll('m.kinds && $counted', 'm.has')
    .replaceAll('m.kinds && $strong', 'm.has_strong')
}

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

import { limits } from '../config.ts'
import { knownKind } from '../methods/index.ts'
import type { Policy, Role } from '../policy/policy.ts'
import { strengths } from '../policy/strength.ts'
import type { Strength } from '../policy/strength.ts'
import { done, refuse } from '../reasons.ts'
import type { Outcome, Refusal } from '../reasons.ts'
import { coverageOf } from '../teams/coverage-store.ts'
import type { Coverage as Day } from '../teams/coverage-store.ts'
import type { InTeam } from '../teams/in-team.ts'
import type { World } from '../world.ts'
import { readCursor, writeCursor } from './cursor.ts'
import { measuresOf } from './filters.ts'
import type { Show, Sort } from './filters.ts'
import { countMembers, listMembers } from './list-store.ts'
import type { Counts, MemberRow, Query } from './list-store.ts'
import { statusOf } from './status.ts'
import type { Status } from './status.ts'

/** What a list may be asked for. */
export type Asked = {
  readonly show: Show
  readonly sort: Sort
  readonly q: string
  readonly after: string
}

/** A kind of method a member has: never where its codes go (TEAM-08). */
export type KindView = {
  readonly kind: string
  readonly title: string
  readonly strength: Strength
}

/** A member as an admin sees them in a list; nothing else leaves the server (TEAM-08). */
export type MemberView = {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
  readonly status: Status
  readonly methods: readonly KindView[]
  readonly last_sign_in_at: Date | null
  readonly trusted_devices: number
  readonly joined_at: Date
  /** Their address is confirmed, so that mails arrive. */
  readonly reachable: boolean
}

export type MemberList = {
  readonly members: readonly MemberView[]
  /** Where the next page begins; null on the last one. */
  readonly next: string | null
  readonly asked: Asked
}

/**
 * One page of the team's members with their status. Two statements at most: the session's and this
 * one. Refused: bad-input (a place in the list that is none).
 */
export async function list(world: World, who: InTeam, input: Asked): Promise<Outcome<MemberList>> {
  const { policy, team_id: teamId } = who.team
  const query = queryOf(input, teamId, policy, world.clock())
  if ('ok' in query) return query
  const rows = await listMembers(world.sql, query, measuresOf(policy, world.clock()))
  const more = rows.length > limits.membersPerPage
  const shown = more ? rows.slice(0, limits.membersPerPage) : rows
  const last = shown.at(-1)
  return done({
    members: shown.map((row) => toView(row, policy, world.clock())),
    next: more && last ? writeCursor(last) : null,
    asked: input,
  })
}

const dayMs = 86_400_000

/** What the store is asked for: one row more than a page, to know whether there is another. */
export function queryOf(
  { show, sort, q, after }: Asked,
  teamId: string,
  policy: Policy | null,
  now: Date,
): Query | Refusal {
  const cursor = after === '' ? null : readCursor(after, sort)
  if (after !== '' && cursor === null) {
    return refuse('bad-input', undefined, { after: 'field-not-right' })
  }
  const days = Math.min(limits.trustLifetimeDays, policy?.trust_days ?? limits.trustLifetimeDays)
  return {
    teamId,
    show,
    sort,
    term: q,
    after: cursor,
    count: limits.membersPerPage + 1,
    trustedSince: new Date(now.getTime() - days * dayMs),
  }
}

/** A row as it is shown. */
export function toView(row: MemberRow, policy: Policy | null, now: Date): MemberView {
  return {
    id: row.id,
    name: row.name,
    email: row.email,
    role: row.role,
    status: statusOf(row, policy, now),
    methods: kindViews(row.kinds),
    last_sign_in_at: row.last_sign_in_at,
    trusted_devices: row.trusted_devices,
    joined_at: row.joined_at,
    reachable: !row.unreachable,
  }
}

/** Kinds of methods, strongest first. */
export function kindViews(kinds: readonly string[]): KindView[] {
  return kinds
    .map((name) => knownKind(name))
    .map(({ kind, title, strength }) => ({ kind, title, strength }))
    .toSorted((a, b) => strengths.indexOf(a.strength) - strengths.indexOf(b.strength))
}

/** The counts above the list, and how they came about. */
export type Coverage = {
  readonly counts: Counts
  readonly days: readonly Day[]
}

/** How many members have which status, and the last 90 days. Changes nothing; never refused. */
export async function coverage(world: World, { team }: InTeam): Promise<Outcome<Coverage>> {
  const now = world.clock()
  const [counts, days] = await Promise.all([
    countMembers(world.sql, team.team_id, measuresOf(team.policy, now)),
    coverageOf(world.sql, team.team_id, limits.coverageDays),
  ])
  if (counts === null) throw new Error('counting gave no row')
  return done({ counts, days })
}

export type MembersScreen = MemberList &
  Coverage & {
    /** The team requires something to be reminded of. */
    readonly reminds: boolean
  }

/** What the Members page shows: a page of the list, the counts, the chart. Refused: as `list`. */
export async function look(
  world: World,
  who: InTeam,
  input: Asked,
): Promise<Outcome<MembersScreen>> {
  const [listed, covered] = await Promise.all([list(world, who, input), coverage(world, who)])
  if (!listed.ok) return listed
  if (!covered.ok) return covered
  return done({ ...listed, ...covered, reminds: who.team.policy?.required === true })
}

import type { Sql } from '../database/port.ts'
import { newId } from '../crypto/random.ts'
import type { World } from '../world.ts'
import { readLine } from './import-line.ts'
import type { Unfit, Wanted } from './import-line.ts'
import { knownAddresses, knownTeams } from './import-store.ts'
import type { KnownTeam } from './import-store.ts'
import type { Row } from './read-table.ts'

/** A line that will be taken: into which team, and whether that is made with it. */
export type Planned = Wanted & { readonly teamId: string | null; readonly newTeam: string | null }

export type Plan = {
  readonly take: readonly Planned[]
  readonly unfit: readonly Unfit[]
  /** How many are there already; they are left as they are. */
  readonly known: number
}

/**
 * What an import of these lines would do, from the lines and what is there now. Owners come first, so
 * that their teams are there when the members come. Changes nothing.
 */
export async function planImport(world: World, rows: readonly Row[]): Promise<Plan> {
  const { wanted, unfit } = sortOut(rows)
  const known = await knownOf(world.sql, wanted)
  const fresh = wanted.filter(({ emailKey }) => !known.has(emailKey))
  const teams = await teamsOf(world.sql, wanted)
  const place = placer(world, teams)
  const take: Planned[] = []
  const unplaced: Unfit[] = []
  const ownersFirst = [
    ...fresh.filter(({ role }) => role === 'owner'),
    ...fresh.filter(({ role }) => role !== 'owner'),
  ]
  for (const line of ownersFirst) {
    const placed = place(line)
    if ('why' in placed) unplaced.push({ number: line.number, why: [placed.why] })
    else take.push({ ...line, ...placed })
  }
  const all = [...unfit, ...unplaced].toSorted((a, b) => a.number - b.number)
  return { take, unfit: all, known: wanted.length - fresh.length }
}

/** Each line by itself; an address that comes again is not taken twice. */
function sortOut(rows: readonly Row[]): { wanted: Wanted[]; unfit: Unfit[] } {
  const wanted: Wanted[] = []
  const unfit: Unfit[] = []
  const first = new Map<string, number>()
  for (const row of rows) {
    const line = readLine(row)
    const before = 'why' in line ? undefined : first.get(line.emailKey)
    if ('why' in line) unfit.push(line)
    else if (before !== undefined) {
      unfit.push({ number: line.number, why: [`email: the same as in line ${before}`] })
    } else {
      first.set(line.emailKey, line.number)
      wanted.push(line)
    }
  }
  return { wanted, unfit }
}

const batchLines = 5000

async function knownOf(sql: Sql, wanted: readonly Wanted[]): Promise<Set<string>> {
  const known = new Set<string>()
  for (let at = 0; at < wanted.length; at += batchLines) {
    const keys = wanted.slice(at, at + batchLines).map(({ emailKey }) => emailKey)
    for (const key of await knownAddresses(sql, keys)) known.add(key)
  }
  return known
}

async function teamsOf(sql: Sql, wanted: readonly Wanted[]): Promise<Map<string, KnownTeam[]>> {
  const named = [...new Set(wanted.flatMap(({ team }) => (team === null ? [] : [team])))]
  const known = await knownTeams(sql, named)
  const fits = (name: string) => known.filter((team) => team.id === name || team.name === name)
  return new Map(named.map((name) => [name, fits(name)]))
}

type Place = Pick<Planned, 'teamId' | 'newTeam'> | { readonly why: string }

/** Says for one line after the other where it goes, and remembers the teams that are to be made. */
function placer(world: World, teams: Map<string, KnownTeam[]>): (line: Wanted) => Place {
  return ({ team: name, role }) => {
    if (name === null) return { teamId: null, newTeam: null }
    const [team, second] = teams.get(name) ?? []
    if (second) return { why: 'team: several have this name; write the id' }
    if (!team && role !== 'owner') {
      return { why: 'team: there is none of this name, and no line that can be taken is its owner' }
    }
    if (team && role !== 'owner') return { teamId: team.id, newTeam: null }
    if (team?.owned) return { why: 'role: this team has an owner' }
    const id = team?.id ?? newId(world.clock(), world.random)
    teams.set(name, [{ id, name, owned: true }])
    return { teamId: id, newTeam: team ? null : name }
  }
}

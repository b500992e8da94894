import { limits } from '../config.ts'
import { sameBytes } from '../crypto/equal.ts'
import { noMac, rowsHash, sealMac } from '../crypto/log-seal.ts'
import type { World } from '../world.ts'
import { countOutside, listSeals, readRows } from './seal-store.ts'
import type { LogRow, Outside, Seal } from './seal-store.ts'

type Checking = Pick<World, 'sql' | 'keys' | 'clock'>

/** A seal that was noted elsewhere: its number, and how its mac begins, in hexadecimal. */
export type Noted = { readonly number: number; readonly mac: string }

/** The first range that does not fit, and why, as a sentence. */
export type Misfit = {
  readonly number: number
  readonly from_id: number
  readonly to_id: number
  readonly why: string
}

export type Checked = Outside & {
  readonly misfit: Misfit | null
  /** Rows that are there and fit their seals. */
  readonly sealed: number
  readonly last: Seal | null
}

const sealsAtOnce = 500
const rowsAtOnce = 20_000

/**
 * Follows the chain of seals from the first to the last and compares every row that is still there
 * (AUD-03). A range may be empty as a whole when all of it is past its retention. Changes nothing.
 */
export async function checkLog(world: Checking, noted: Noted | null = null): Promise<Checked> {
  let last: Seal | null = null
  let sealed = 0
  for (;;) {
    const seals: Seal[] = await listSeals(world.sql, last?.number ?? 0, sealsAtOnce)
    const chain = follow(world, seals, last, noted)
    const rows = await compare(world, chain.good)
    last = chain.good.at(-1) ?? last
    sealed += rows.fitting
    const misfit = rows.misfit ?? chain.misfit
    if (misfit === null && seals.length > 0) continue
    const outside = await countOutside(world.sql, last?.to_id ?? 0)
    return { misfit: misfit ?? endFault(last, outside, noted), sealed, last, ...outside }
  }
}

/** The seals up to the first that is not right by itself or in its place. */
function follow(
  world: Checking,
  seals: readonly Seal[],
  before: Seal | null,
  noted: Noted | null,
): { good: Seal[]; misfit: Misfit | null } {
  const good: Seal[] = []
  for (const seal of seals) {
    const why = chainFault(world, seal, good.at(-1) ?? before, noted)
    if (why !== null) return { good, misfit: misfitOf(seal, why) }
    good.push(seal)
  }
  return { good, misfit: null }
}

/** The rows of these seals, up to the first range that does not fit. */
async function compare(
  world: Checking,
  seals: readonly Seal[],
): Promise<{ fitting: number; misfit: Misfit | null }> {
  let fitting = 0
  for (const group of grouped(seals)) {
    const rows = await rowsOf(world, group)
    for (const seal of group) {
      const own = rows.filter(({ id }) => id >= seal.from_id && id <= seal.to_id)
      const why = await rowsFault(world, seal, own)
      if (why !== null) return { fitting, misfit: misfitOf(seal, why) }
      fitting += own.length
    }
  }
  return { fitting, misfit: null }
}

function misfitOf({ number, from_id, to_id }: Seal, why: string): Misfit {
  return { number, from_id, to_id, why }
}

/** Neighbours whose rows are read together. */
function grouped(seals: readonly Seal[]): Seal[][] {
  const groups: Seal[][] = []
  let room = 0
  for (const seal of seals) {
    room -= seal.count
    if (room < 0) {
      groups.push([])
      room = rowsAtOnce - seal.count
    }
    groups.at(-1)?.push(seal)
  }
  return groups
}

/** One row more than there may be is enough to see that there are too many. */
function rowsOf({ sql }: Checking, group: readonly Seal[]): Promise<LogRow[]> {
  const most = group.reduce((sum, { count }) => sum + count, 1)
  return readRows(sql, group[0]?.from_id ?? 0, group.at(-1)?.to_id ?? 0, most)
}

/** What is wrong with the seal itself, or with its place in the chain. */
function chainFault(
  { keys }: Checking,
  seal: Seal,
  last: Seal | null,
  noted: Noted | null,
): string | null {
  if (!sameBytes(seal.mac, sealMac(keys, seal))) {
    return 'the seal itself was changed, or was made under another TOKENS_KEY'
  }
  const follows =
    seal.number === (last?.number ?? 0) + 1 &&
    seal.from_id === (last?.to_id ?? 0) + 1 &&
    sameBytes(seal.previous_mac, last?.mac ?? noMac)
  if (!follows) return 'a seal before it is missing or was put in'
  if (noted?.number === seal.number && !seal.mac.toString('hex').startsWith(noted.mac)) {
    return 'it is not the seal that was noted: the log was written anew since'
  }
  return null
}

/**
 * What is wrong with the rows. They are read once more before it is said: between the seal and its rows
 * a clean-up may have run.
 */
async function rowsFault(
  world: Checking,
  seal: Seal,
  rows: readonly LogRow[],
): Promise<string | null> {
  if (fits(world, seal, rows) && rows.every(({ spread }) => spread)) return null
  const again = await readRows(world.sql, seal.from_id, seal.to_id, seal.count + 1)
  if (fits(world, seal, again)) {
    const whole = again.every(({ spread }) => spread)
    return whole ? null : 'a row is missing in the log of a further team'
  }
  if (again.length > seal.count) return 'a row was put in'
  if (again.length < seal.count) return `${seal.count - again.length} of its rows are gone`
  return 'a row was changed'
}

function fits({ clock }: Checking, seal: Seal, rows: readonly LogRow[]): boolean {
  if (rows.length === 0) {
    const kept = limits.eventsRetentionDays * 86_400_000
    return seal.newest_at.getTime() < clock().getTime() - kept
  }
  const sealed = rows.length === seal.count
  return sealed && sameBytes(seal.rows_hash, rowsHash(rows.map(({ text }) => text)))
}

/** What can be seen only at the end: rows where none may be, and a chain shorter than was noted. */
function endFault(last: Seal | null, { before }: Outside, noted: Noted | null): Misfit | null {
  const [number, from_id] = [last?.number ?? 0, last?.from_id ?? 0]
  if (before > 0)
    return { number: 0, from_id: 0, to_id: 0, why: 'rows were put in before the first' }
  if (noted !== null && noted.number > number) {
    const why = `the log ends before seal ${noted.number}, which was noted: its end was cut off`
    return { number, from_id, to_id: last?.to_id ?? 0, why }
  }
  return null
}

import { execFile, fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readKeys } from '../src/crypto/keys.ts'
import { random } from '../src/crypto/random.ts'
import { openPostgres } from '../src/database/postgres.ts'
import type { Database } from '../src/database/port.ts'
import { migrate } from '../src/database/migrate.ts'
import { freePort } from '../test/support/free-port.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { addAccounts, addMethods, openSessions, openSignIns, passwordSteps } from './prepare.ts'

/**
 * `npm run bench`: requests a second, CPU and SQL round trips a request of the hot paths, on a real
 * PostgreSQL server with one process of the program, 16 requests in flight. All on this machine,
 * the load included: compare ratios, not machines. `npm run bench -- 4000 session`: so many requests
 * a case, and besides the bare server only the cases whose name has that word.
 */
type Used = { roundTrips: number; cpu: { user: number; system: number } }
/** Some requests in a row, and what they cost. */
type Turn = Load & { programMs: number; databaseMs: number; roundTrips: number }
type Load = { requests: number; perSecond: number; p50: number; p99: number; statuses: object }

const [many = '10000', only = ''] = process.argv.slice(2)
const count = Number(many)
/** Sent first and not counted: the program is measured once it is warm, as it runs for days. */
const warmUp = 2000
const turnsMax = 8
const folder = mkdtempSync(join(tmpdir(), 'twostep-bench-'))
const postgres = await startPostgres()
const url = await postgres.freshDatabase()
const sql = openPostgres(url, 2)
const postmaster = await parentOf(sql)
await migrate(sql)
const keys = readKeys(folder, null, random)
const port = await freePort()
const server = fork(join(import.meta.dirname, 'server.ts'), [url, folder, String(port)])
await ready(server)
const barePort = await freePort()
const bare = fork(join(import.meta.dirname, 'bare.ts'), [url, String(barePort)])
await ready(bare)

console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${count} requests`,
)
console.log(
  'case                      req/s   of bare   p50 ms   p99 ms   program µs   database µs   trips',
)
try {
  await measure('session check', async (needed) => {
    return openSessions(sql, await addAccounts(sql, 2000, 'session'), needed, port)
  })
  await measure('password step, no hash', async (needed) => {
    const accounts = await addAccounts(sql, needed, 'password')
    await addMethods(sql, keys, accounts, 'totp')
    return passwordSteps(accounts, keys, port)
  })
  await measure('verify an app code', async (needed) => {
    return openSignIns(sql, keys, await addAccounts(sql, needed, 'app'), 'totp', port)
  })
  await measure('verify a sent code', async (needed) => {
    return openSignIns(sql, keys, await addAccounts(sql, needed, 'sent'), 'sms', port)
  })
} finally {
  server.kill()
  bare.kill()
  await sql.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** Measures a case and the bare server in turns, so that both have the same of a busy machine. */
async function measure(
  name: string,
  prepare: (needed: number) => Promise<string[]>,
): Promise<void> {
  if (!name.includes(only)) return
  const requests = await prepare(count + warmUp)
  await settle(sql)
  await run(requests.slice(0, warmUp), port)
  await run(bareRequests(warmUp), barePort)
  const turns: Turn[] = []
  const bareTurns: Turn[] = []
  const each = Math.ceil(count / turnsMax)
  for (let at = warmUp; at < requests.length; at += each) {
    bareTurns.push(await take(bare, bareRequests(each), barePort))
    turns.push(await take(server, requests.slice(at, at + each), port))
  }
  const yardstick = perSecond(bareTurns)
  report(name, turns, yardstick)
  report('  bare: one UPDATE', bareTurns, yardstick)
}

async function take(of: ChildProcess, requests: readonly string[], on: number): Promise<Turn> {
  const before = await used(of)
  const databaseBefore = databaseCpuMs()
  const load = await run(requests, on)
  const after = await used(of)
  const cpu = (u: Used) => (u.cpu.user + u.cpu.system) / 1000
  return {
    ...load,
    programMs: cpu(after) - cpu(before),
    databaseMs: databaseCpuMs() - databaseBefore,
    roundTrips: after.roundTrips - before.roundTrips,
  }
}

function report(name: string, turns: readonly Turn[], yardstick: number): void {
  const requests = sum(turns, (turn) => turn.requests)
  const each = (of: (turn: Turn) => number) => sum(turns, of) / requests
  const figures = [
    Math.round(perSecond(turns)).toString().padStart(9),
    (perSecond(turns) / yardstick).toFixed(2).padStart(10),
    (sum(turns, ({ p50 }) => p50) / turns.length).toFixed(2).padStart(9),
    Math.max(...turns.map(({ p99 }) => p99))
      .toFixed(2)
      .padStart(9),
    Math.round(each(({ programMs }) => programMs * 1000))
      .toString()
      .padStart(12),
    Math.round(each(({ databaseMs }) => databaseMs * 1000))
      .toString()
      .padStart(13),
    each(({ roundTrips }) => roundTrips)
      .toFixed(2)
      .padStart(8),
  ]
  const statuses = new Set(turns.flatMap((turn) => Object.keys(turn.statuses)))
  console.log(name.padEnd(22) + figures.join(''), [...statuses].join(' '))
}

function perSecond(turns: readonly Turn[]): number {
  const seconds = sum(turns, (turn) => turn.requests / turn.perSecond)
  return sum(turns, (turn) => turn.requests) / seconds
}

function sum(turns: readonly Turn[], of: (turn: Turn) => number): number {
  return turns.reduce((total, turn) => total + of(turn), 0)
}

function bareRequests(many: number): string[] {
  return Array<string>(many).fill('GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n')
}

function ready(child: ChildProcess): Promise<unknown> {
  return new Promise((resolve) => child.once('message', resolve))
}

async function run(requests: readonly string[], on: number): Promise<Load> {
  const file = join(folder, 'requests')
  writeFileSync(file, requests.join('\0'), 'latin1')
  const script = join(import.meta.dirname, 'load.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, file, String(on), '16'])
  return JSON.parse(stdout) as Load
}

function used(child: ChildProcess): Promise<Used> {
  return new Promise((resolve) => {
    child.once('message', (message) => resolve(message as Used))
    child.send('used?')
  })
}

/** Fresh statistics and no pending writes, so that each case starts alike. */
async function settle(db: Database): Promise<void> {
  await db.query('ANALYZE')
  await db.query('CHECKPOINT')
}

/** The process that all others of this PostgreSQL server come from; 0 where there is no /proc. */
async function parentOf(db: Database): Promise<number> {
  const [row] = await db.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  return Number(statOf(String(row?.pid))?.[1] ?? 0)
}

/** CPU time of this PostgreSQL server's processes, in ms, from /proc (0 where there is none). */
function databaseCpuMs(): number {
  try {
    const ticks = readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .map((pid) => cpuTicks(pid))
    return ticks.reduce((sum, one) => sum + one, 0) * 10
  } catch {
    return 0
  }
}

function cpuTicks(pid: string): number {
  const fields = statOf(pid)
  // The postmaster's own figures have those of its children that ended.
  if (Number(pid) !== postmaster && Number(fields?.[1]) !== postmaster) return 0
  return [11, 12, 13, 14].reduce((sum, at) => sum + Number(fields?.[at]), 0)
}

/** What /proc says of a process after its name: its state, its parent, … */
function statOf(pid: string): string[] | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  } catch {
    return null
  }
}

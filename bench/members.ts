import { execFile, fork } from 'node:child_process'
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { readKeys } from '../src/crypto/keys.ts'
import { newId, random } from '../src/crypto/random.ts'
import { newToken } from '../src/crypto/tokens.ts'
import { migrate } from '../src/database/migrate.ts'
import type { Database } from '../src/database/port.ts'
import { openPostgres } from '../src/database/postgres.ts'
import { freePort } from '../test/support/free-port.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { fillOthers, fillTeam, scatter } from './prepare-members.ts'

/**
 * `node bench/members.ts`: the Members page and its list of a team of 10,000, at 16 requests in
 * flight, with 1,000 and then with 1,000,000 other accounts in the database. Everything on this
 * machine, the load included: compare ratios, not machines. An argument gives the second number.
 */
type Load = { requests: number; perSecond: number; p50: number; p99: number; statuses: object }

const size = 10_000
const others = [1000, Number(process.argv[2] ?? 1_000_000)]
const secondsEach = 4
const folder = mkdtempSync(join(tmpdir(), 'twostep-bench-'))
const postgres = await startPostgres()
const url = await postgres.freshDatabase()
const sql = openPostgres(url, 4)
await migrate(sql)
readKeys(folder, null, random)
const [port, barePort] = [await freePort(), await freePort()]
const server = await start('server.ts', [url, folder, String(port)])
const bare = await start('bare.ts', [url, String(barePort)])

console.log(`${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}`)
try {
  const now = new Date()
  const team = newId(now, random)
  const admin = await fillTeam(sql, team, size)
  const cookie = await signIn(sql, admin)
  const cases = await casesOf(team, cookie)
  let there = 0
  for (const many of others) {
    await fillOthers(sql, there, many)
    there = many
    await scatter(url, team)
    console.log(`\n${many.toLocaleString('en')} other accounts`)
    console.log(`${'case'.padEnd(34)}    req/s    p50 ms    p99 ms   program µs   database µs`)
    await measure('bare: one UPDATE', 'GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n', bare, barePort)
    for (const [name, request] of cases) await measure(name, request, server, port)
  }
} finally {
  server.kill()
  bare.kill()
  await sql.close()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
}

/** What is asked for, as raw requests. */
async function casesOf(team: string, cookie: string): Promise<(readonly [string, string])[]> {
  const path = `/teams/${team}/members`
  const get = (at: string) =>
    `GET ${at} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nCookie: session=${cookie}\r\n\r\n`
  const api = (query: string) => get(`/api/v1${path}${query}`)
  const after = async (pages: number, sort: string) => {
    let next = ''
    for (let i = 0; i < pages; i++) {
      const query = `?sort=${sort}${next}`
      const reply = await fetch(`http://127.0.0.1:${port}/api/v1${path}${query}`, {
        headers: { cookie: `session=${cookie}` },
      })
      const read = (await reply.json()) as { next: string | null }
      next = `&after=${read.next}`
    }
    return `?sort=${sort}${next}`
  }
  return [
    ['list, page 1', api('')],
    ['list, page 100', api(await after(99, 'name'))],
    ['list, page 199', api(await after(198, 'name'))],
    ['list by address, page 1', api('?sort=email')],
    ['list by joined, page 100', api(await after(99, 'joined'))],
    ['list, not ready', api('?show=not-ready')],
    ['list, locked (1 of 500)', api('?show=locked')],
    ['list, never signed in (1 of 100)', api('?show=never')],
    ['list, search with many hits', api('?q=person')],
    ['list, search with one hit', api('?q=person-9999')],
    ['list, search with none', api('?q=nobody-at-all')],
    ['counts', get(`/api/v1/teams/${team}/coverage`)],
    ['page 1, HTML', get(path)],
    ['page 100, HTML', get(path + (await after(99, 'name')))],
    ['page, search with none, HTML', get(`${path}?q=nobody-at-all`)],
  ]
}

async function measure(name: string, request: string, of: ChildProcess, on: number) {
  const warm = await run(request, 200, on)
  const before = [await used(of), await databaseMicros()] as const
  const load = await run(request, Math.max(200, Math.round(warm.perSecond * secondsEach)), on)
  const program = (await used(of)) - before[0]
  const database = (await databaseMicros()) - before[1]
  const figures = [
    Math.round(load.perSecond).toString().padStart(9),
    load.p50.toFixed(2).padStart(10),
    load.p99.toFixed(2).padStart(10),
    Math.round(program / load.requests)
      .toString()
      .padStart(13),
    Math.round(database / load.requests)
      .toString()
      .padStart(14),
  ]
  console.log(name.padEnd(34) + figures.join(''), JSON.stringify(load.statuses))
}

/** CPU time that a process of ours has used, in µs. */
function used(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once('message', (message) => {
      const { cpu } = message as { cpu: { user: number; system: number } }
      resolve(cpu.user + cpu.system)
    })
    child.send('used?')
  })
}

/** CPU time of this PostgreSQL server's processes, in µs, from /proc (0 where there is none). */
async function databaseMicros(): Promise<number> {
  const [row] = await sql.query<{ pid: number }>('SELECT pg_backend_pid() AS pid')
  try {
    const server = statOf(String(row?.pid)).parent
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
    const ticks = all.map(statOf).filter(({ parent }) => parent === server)
    return ticks.reduce((sum, one) => sum + one.ticks, 0) * 10_000
  } catch {
    return 0
  }
}

function statOf(pid: string): { parent: string; ticks: number } {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    return { parent: fields[1] ?? '', ticks: Number(fields[11]) + Number(fields[12]) }
  } catch {
    return { parent: '', ticks: 0 }
  }
}

async function run(request: string, count: number, on: number): Promise<Load> {
  const file = join(folder, 'requests')
  writeFileSync(file, Array<string>(count).fill(request).join('\0'), 'latin1')
  const script = join(import.meta.dirname, 'load.ts')
  const { stdout } = await promisify(execFile)(process.execPath, [script, file, String(on), '16'])
  return JSON.parse(stdout) as Load
}

/** A session of the account; gives its cookie. */
async function signIn(db: Database, account: string): Promise<string> {
  const { token, hash } = newToken(random)
  await db.query(
    `INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at,
       password_at, second_step_at, second_step_kind, source, browser)
     VALUES ($1, $2, $3, 1, now(), now(), now() + interval '7 days', now(), now(), 'totp',
       '127.0.0.1', 'bench')`,
    [newId(new Date(), random), hash, account],
  )
  return token
}

async function start(script: string, given: string[]): Promise<ChildProcess> {
  const child = fork(join(import.meta.dirname, script), given)
  await new Promise((resolve) => child.once('message', resolve))
  return child
}

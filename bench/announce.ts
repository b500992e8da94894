import { cpus } from 'node:os'
import { defaults } from '../src/config.ts'
import { readKeys } from '../src/crypto/keys.ts'
import { newId, random } from '../src/crypto/random.ts'
import { newToken } from '../src/crypto/tokens.ts'
import { openPostgres } from '../src/database/postgres.ts'
import { migrate } from '../src/database/migrate.ts'
import { createLog } from '../src/log.ts'
import { check } from '../src/sessions/check.ts'
import { idleSince } from '../src/sessions/store.ts'
import { apply } from '../src/teams/apply.ts'
import { noteToday } from '../src/teams/coverage.ts'
import { countCrowd } from '../src/teams/impact-store.ts'
import { impactOf } from '../src/teams/impact.ts'
import { remindDue, remindMembers } from '../src/teams/remind.ts'
import type { Wanted } from '../src/teams/wanted.ts'
import { strengths } from '../src/policy/strength.ts'
import type { World } from '../src/world.ts'
import { startPostgres } from '../test/support/postgres.ts'
import { addAccounts, addMethods } from './prepare.ts'

/**
 * `node bench/announce.ts [members]`: how long it takes, on a real PostgreSQL server, to show what a
 * requirement would do to a team, to switch it on with a mail to everybody, to remind all, and to do
 * the hourly work when nothing is due.
 */
const members = Number(process.argv[2] ?? 10_000)
const postgres = await startPostgres()
const sql = openPostgres(await postgres.freshDatabase(), 4)
await migrate(sql)
const given = () => random(32).toString('base64')
const keys = readKeys('', { secrets: given(), codes: given(), tokens: given() }, random)
let time = Date.now()
const world = {
  sql,
  clock: () => new Date(time),
  random,
  keys,
  config: defaults(),
  log: createLog('error'),
  delivery: { wake: () => {}, sendNow: async () => 'waiting' },
} as unknown as World

console.log(
  `${cpus()[0]?.model}, ${cpus().length} cores, Node ${process.version}, ${members} members`,
)
try {
  const team = await fill()
  const who = async () => {
    const session = await check(world, team.token)
    const place = session?.teams[0]
    if (!session || !place) throw new Error('the owner is not signed in')
    return { requestId: 'r', source: '127.0.0.1', browser: 'bench', session, team: place }
  }
  for (let i = 0; i < 3; i++) {
    await timed('impact of a policy: counted', async () => {
      const idle = idleSince(world.config, world.clock())
      const crowd = await countCrowd(sql, team.id, world.clock(), idle)
      return impactOf(crowd, strengths).members
    })
  }
  const wanted: Wanted = {
    required: true,
    bites: 'date',
    date: new Date(time + 10 * 86_400_000).toISOString().slice(0, 10),
    joiner_days: 7,
    strengths,
    trust_days: 14,
    paused_until: null,
    words: 'Dear all, '.repeat(100),
  }
  for (const version of [0, 1, 2]) {
    const admin = await who()
    const bites = version === 1 ? 'now' : 'date'
    await timed('switched on, everybody mailed', async () => {
      const applied = await apply(world, admin, { ...wanted, bites, version })
      if (!applied.ok) throw new Error(applied.reason)
      return applied.mailed
    })
  }
  await sql.query('ANALYZE')
  await timed('hourly work, nothing due', () => remindDue(world))
  const admin = await who()
  await timed('reminded by hand, all not ready', async () => {
    const reminded = await remindMembers(world, admin, 'all-not-ready')
    return reminded.ok ? reminded.reminded : reminded.reason
  })
  time += 3.5 * 86_400_000
  await timed('hourly work, reminders due', () => remindDue(world))
  await timed('hourly work, done by another', () => remindDue(world))
  await timed('coverage noted', () => noteToday(world))
} finally {
  await sql.close()
  await postgres.stop()
}

async function timed(what: string, run: () => Promise<unknown>): Promise<void> {
  const began = performance.now()
  const result = await run()
  const ms = performance.now() - began
  console.log(`${what.padEnd(36)}${ms.toFixed(0).padStart(8)} ms   ${String(result)}`)
}

/** A team with an owner; half of its members have a method, a tenth of the others are signed in. */
async function fill(): Promise<{ id: string; token: string }> {
  const now = world.clock()
  const id = newId(now, random)
  const accounts = await addAccounts(sql, members, 'member')
  await sql.query(`INSERT INTO teams (id, name, created_at) VALUES ($1, 'Acme', now())`, [id])
  await sql.query('ANALYZE')
  for (let i = 0; i < members; i += 500) {
    await sql.query(
      `INSERT INTO memberships (team_id, account_id, role, joined_at)
       SELECT $1, a, CASE WHEN a = $3 THEN 'owner' ELSE 'member' END, now()
       FROM unnest($2::uuid[]) AS a`,
      [id, accounts.slice(i, i + 500).map((one) => one.id), accounts[0]?.id],
    )
    if (i < 2000) await sql.query('ANALYZE memberships')
  }
  await addMethods(sql, keys, accounts.slice(0, members / 2), 'totp')
  const { token, hash } = newToken(random)
  const signedIn = [accounts[0], ...accounts.slice(-members / 20)]
  await sql.query(
    `INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at,
       password_at, second_step_at, second_step_kind, source, browser)
     SELECT a, CASE WHEN a = $2 THEN $3::bytea ELSE a::text::bytea END, a, 1, now(), now(),
       now() + interval '30 days', now(), now(), 'totp', '127.0.0.1', 'bench'
     FROM unnest($1::uuid[]) AS a`,
    [signedIn.map((one) => one?.id), accounts[0]?.id, hash],
  )
  await sql.query('ANALYZE')
  return { id, token }
}

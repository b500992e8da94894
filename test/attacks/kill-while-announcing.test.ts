import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { addAccounts } from '../../bench/prepare.ts'
import { defaults } from '../../src/config.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { newId, random } from '../../src/crypto/random.ts'
import { newToken } from '../../src/crypto/tokens.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import type { Database } from '../../src/database/port.ts'
import { createLog } from '../../src/log.ts'
import { freePort } from '../support/free-port.ts'
import { addSomebody } from '../support/people.ts'
import { startPostgres } from '../support/postgres.ts'
import type { Postgres } from '../support/postgres.ts'
import { startProgram } from '../support/program.ts'
import type { Program } from '../support/program.ts'
import { join, makeTeam } from '../support/teams.ts'
import { Visitor } from '../support/visitor.ts'
import { usual } from '../teams/acme.ts'

const kills = 8
const members = 1000

const newKey = () => random(32).toString('base64')
const given = { secrets: newKey(), codes: newKey(), tokens: newKey() }
const keys = readKeys('', given, random)

let postgres: Postgres
let database: Database
let environment: Record<string, string>
let program: Program | undefined
before(async () => {
  postgres = await startPostgres()
  const url = await postgres.migratedDatabase()
  database = openPostgres(url, 4)
  environment = {
    DATABASE_URL: url,
    PORT: `${await freePort()}`,
    SECRETS_KEY: given.secrets,
    CODES_KEY: given.codes,
    TOKENS_KEY: given.tokens,
  }
})
after(async () => {
  await program?.kill()
  await database.close()
  await postgres.stop()
})

/** An owner with an app and a session that has just proven everything, in a team of thousands. */
async function bigTeam(): Promise<{ team: string; visitor: (base: string) => Visitor }> {
  const world = {
    sql: database,
    clock: () => new Date(),
    random,
    keys,
    config: defaults(),
    log: createLog('error'),
    delivery: { wake: () => {}, sendNow: async () => 'waiting' as const },
    passwords: createPasswords({ passwordHashMemoryKib: 256, passwordHashPasses: 1 }, 2),
  }
  const owner = await addSomebody(world, ['totp'])
  const team = await makeTeam(world)
  await join(world, team, owner.id, 'owner')
  const accounts = await addAccounts(database, members, 'member')
  for (let i = 0; i < members; i += 500) {
    await database.query(
      `INSERT INTO memberships (team_id, account_id, role, joined_at)
       SELECT $1, id, 'member', now() FROM unnest($2::uuid[]) AS id`,
      [team, accounts.slice(i, i + 500).map(({ id }) => id)],
    )
    await database.query('ANALYZE memberships')
  }
  const { token, hash } = newToken(random)
  await database.query(
    `INSERT INTO sessions (id, token_hash, account_id, epoch, created_at, seen_at, expires_at,
       password_at, second_step_at, second_step_kind, source, browser)
     VALUES ($1, $2, $3, 1, now(), now(), now() + interval '1 day', now(), now(), 'totp',
       '127.0.0.1', 'test')`,
    [newId(new Date(), random), hash, owner.id],
  )
  const visitor = (base: string) => {
    const browser = new Visitor(base, keys)
    browser.jar.set('session', token)
    browser.jar.set('visitor', 'v')
    return browser
  }
  return { team, visitor }
}

/** The version that holds, and how many mails there are of each version. */
async function state(team: string): Promise<{ version: number; mails: Map<number, number> }> {
  const [row] = await database.query<{ version: number }>(
    'SELECT version FROM policies WHERE team_id = $1',
    [team],
  )
  const rows = await database.query<{ version: number; mails: number }>(
    `SELECT (parameters ->> 'version')::int AS version, count(*)::int AS mails FROM messages
     WHERE template = 'announcement' AND parameters ->> 'team' = $1 GROUP BY 1`,
    [team],
  )
  return {
    version: row?.version ?? 0,
    mails: new Map(rows.map(({ version, mails }) => [version, mails])),
  }
}

test('NTF-05: killed while a team of 1,000 is told of its policy: all are told or nothing has changed', async () => {
  const { team, visitor } = await bigTeam()
  let cut = 0
  let longestMs = 400
  for (let round = 0; round <= kills; round++) {
    program = await startProgram({ env: environment })
    const before = await state(team)
    const bites = before.version % 2 === 0 ? 'now' : 'next-login'
    const wanted = { ...usual, bites, version: before.version }
    const began = performance.now()
    const sent = visitor(program.url)
      .api('PUT', `/teams/${team}/policy`, wanted)
      .then((reply) => ((longestMs = performance.now() - began), reply))
      .catch(() => null)
    // The first round shows how long it takes.
    if (round > 0) await pause(randomInt(Math.ceil(longestMs * 1.2)))
    else await sent
    await program.kill()
    const reply = await sent
    // The server may still be about to end what the dead process asked.
    await pause(1000)
    const now = await state(team)
    if (reply?.status === 200) assert.equal(now.version, before.version + 1, 'acknowledged')
    if (now.version === before.version) cut += 1
    for (let version = 1; version <= now.version; version++) {
      assert.equal(now.mails.get(version), members + 1, `version ${version}`)
    }
    assert.equal(now.mails.size, now.version)
  }
  assert.ok(cut > 0, 'some were cut off before they were written')
  program = await startProgram({ env: environment })
  await assertAllSent(team)
})

/** Whatever was begun is sent by the next process. */
async function assertAllSent(team: string): Promise<void> {
  await database.query(
    `UPDATE messages SET locked_until = 'epoch', next_try_at = now()
       + make_interval(days => coalesce((parameters ->> 'version')::integer, 1) - 1) WHERE accepted_at IS NULL`,
  )
  // One announcement of several is enough to see it.
  const open = () =>
    database.query(
      `SELECT 1 FROM messages WHERE accepted_at IS NULL AND failed_at IS NULL
       AND (parameters ->> 'version')::int = 1 AND parameters ->> 'team' = $1`,
      [team],
    )
  for (let tries = 0; (await open()).length > 0; tries++) {
    assert.ok(tries < 1200, 'messages stayed behind')
    await pause(100)
  }
}

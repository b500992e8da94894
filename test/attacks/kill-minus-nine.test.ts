import assert from 'node:assert/strict'
import { randomInt } from 'node:crypto'
import { after, before, test } from 'node:test'
import { setTimeout as pause } from 'node:timers/promises'
import { defaults } from '../../src/config.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import { createPasswords } from '../../src/crypto/passwords.ts'
import { random } from '../../src/crypto/random.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import type { Database } from '../../src/database/port.ts'
import { createLog } from '../../src/log.ts'
import { freePort } from '../support/free-port.ts'
import { isIn } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { startPostgres } from '../support/postgres.ts'
import type { Postgres } from '../support/postgres.ts'
import { startProgram } from '../support/program.ts'
import type { Program } from '../support/program.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'
import type { Reply } from '../support/visitor.ts'
import { Visitor } from '../support/visitor.ts'

const kills = 20
const trafficMsMax = 250
const atOnce = 4
const peoplePerRound = 5

const newKey = () => random(32).toString('base64')
const given = { secrets: newKey(), codes: newKey(), tokens: newKey() }
const keys = readKeys('', given, random)

let postgres: Postgres
let url: string
let database: Database
let environment: Record<string, string>
let program: Program
before(async () => {
  postgres = await startPostgres()
  url = await postgres.migratedDatabase()
  database = openPostgres(url, 4)
  environment = {
    DATABASE_URL: url,
    PORT: `${await freePort()}`,
    SECRETS_KEY: given.secrets,
    CODES_KEY: given.codes,
    TOKENS_KEY: given.tokens,
    TRUSTED_PROXIES: '127.0.0.1',
  }
})
after(async () => {
  await program.kill()
  await database.close()
  await postgres.stop()
})

const password = 'correct horse battery staple'

/** Puts people into the database who share a password, hashed once as the program would. */
async function peopleMaker() {
  const dear = createPasswords(defaults(), 2)
  const hash = await dear.hash(password)
  const cheap = createPasswords({ passwordHashMemoryKib: 256, passwordHashPasses: 1 }, 2)
  const world = {
    sql: database,
    clock: () => new Date(),
    random,
    keys,
    config: defaults(),
    log: createLog('error'),
    delivery: { wake: () => {}, sendNow: async () => 'waiting' as const },
  }
  // Only the recovery codes of who will use them need hashes that the program knows.
  return async (withRecovery = false): Promise<Person> => {
    const person = await addSomebody({ ...world, passwords: withRecovery ? dear : cheap }, ['totp'])
    const text = 'UPDATE accounts SET password_hash = $2 WHERE id = $1'
    await database.query(text, [person.id, hash])
    return { ...person, password }
  }
}

/** One sign-in that may be cut off at any moment. */
type Try = {
  readonly person: Person
  readonly visitor: Visitor
  readonly send: (visitor: Visitor) => Promise<Reply>
  acknowledged: boolean
}

let sources = 0

function newTry(person: Person, base: string, recovery: string | null): Try {
  const number = ++sources
  const from = `10.${number >> 8}.${number & 255}.1`
  const code = appCode(person, new Date())
  const send = async (visitor: Visitor) => {
    await givePassword(visitor, person, from)
    if (recovery === null) return giveCode(visitor, code, { remember_device: true }, from)
    return visitor.api('POST', '/sign-in/recovery-code', { recovery_code: recovery })
  }
  return { person, visitor: new Visitor(base, keys), send, acknowledged: false }
}

/** Signs everybody in, some at once, until all are in or the program is gone. */
async function traffic(tries: readonly Try[]): Promise<void> {
  const waiting = [...tries]
  const worker = async () => {
    for (let one = waiting.shift(); one; one = waiting.shift()) {
      // No answer came: then nothing was acknowledged.
      const reply = await one.send(one.visitor).catch(() => null)
      one.acknowledged = reply?.status === 200
    }
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
}

const sessionsOf = async (person: Person): Promise<number> =>
  (await database.query('SELECT 1 FROM sessions WHERE account_id = $1', [person.id])).length

const usedCodesOf = async (person: Person): Promise<{ used: number; gone: number }> => {
  const [row] = await database.query<{ used: number; gone: number }>(
    `SELECT 10 - codes_left AS gone, (SELECT count(*)::int FROM recovery_codes k
       WHERE k.account_id = r.account_id AND k.used_at IS NOT NULL) AS used
     FROM recovery_sets r WHERE account_id = $1`,
    [person.id],
  )
  assert.ok(row)
  return row
}

/** What a new start finds: all that was acknowledged, and no code that works again. */
async function assertKept({ person, visitor, send, acknowledged }: Try, base: string) {
  const before = await sessionsOf(person)
  if (acknowledged) assert.ok(await isIn(visitor), 'an acknowledged session is lost')
  const replayed = await send(new Visitor(base, keys))
  const after = await sessionsOf(person)
  assert.equal(after - before, replayed.status === 200 ? 1 : 0)
  if (acknowledged) assert.notEqual(replayed.status, 200, 'a code worked twice')
}

test('TOTP-04, RC-04, NTF-05: killed 20 times in mid-traffic: nothing acknowledged is lost, no code works twice', async () => {
  const make = await peopleMaker()
  // Somebody whose codes are all used could open no page but that of new ones.
  const holders = [await make(true), await make(true), await make(true)]
  const newCrowd = () => Promise.all(Array.from({ length: peoplePerRound }, () => make()))
  let crowd = newCrowd()
  program = await startProgram({ env: environment })
  let tries: Try[] = []
  const counts = { acknowledged: 0, cut: 0 }
  for (let round = 0; round < kills; round++) {
    const holder = holders[round % holders.length]
    assert.ok(holder)
    const people = await crowd
    tries = [
      newTry(holder, program.url, holder.recoveryCodes[Math.floor(round / holders.length)] ?? ''),
      ...people.map((person) => newTry(person, program.url, null)),
    ]
    const going = traffic(tries)
    await pause(randomInt(trafficMsMax))
    await program.kill()
    await going
    crowd = newCrowd()
    program = await startProgram({ env: environment })
    for (const { person, acknowledged } of tries.slice(1)) {
      const sessions = await sessionsOf(person)
      assert.ok(sessions <= 1, 'one code, two sessions')
      if (acknowledged) counts.acknowledged += 1
      else counts.cut += 1
    }
    await Promise.all(tries.map((one) => assertKept(one, program.url)))
    for (const { person } of tries.slice(1)) {
      assert.ok((await sessionsOf(person)) <= 1, 'one code, two sessions')
    }
    const { used, gone } = await usedCodesOf(holder)
    assert.equal(used, gone, 'a recovery code is used and counted, or neither')
  }
  assert.ok(counts.acknowledged > 0 && counts.cut > 0, JSON.stringify(counts))
  await assertAllSent()
})

/** Every notice that was queued goes out, whoever began to send it. */
async function assertAllSent(): Promise<void> {
  const open = () =>
    database.query('SELECT 1 FROM messages WHERE accepted_at IS NULL AND failed_at IS NULL')
  // As when the half minute has passed for which the killed one kept what it was sending.
  await database.query("UPDATE messages SET locked_until = 'epoch' WHERE accepted_at IS NULL")
  for (let tries = 0; (await open()).length > 0; tries++) {
    assert.ok(tries < 300, 'messages stayed behind')
    await pause(100)
  }
  const told = await database.query<{ notices: number; devices: number }>(
    `SELECT (SELECT count(*)::int FROM messages WHERE parameters ->> 'event' = 'device-trusted') AS notices,
       (SELECT count(*)::int FROM trusted_devices) AS devices`,
  )
  assert.ok((told[0]?.notices ?? 0) >= (told[0]?.devices ?? 0) && (told[0]?.devices ?? 0) > 0)
}

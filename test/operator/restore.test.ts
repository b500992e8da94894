import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { createApp } from '../../src/app.ts'
import { checkLog } from '../../src/audit/check-log.ts'
import { sealLog } from '../../src/audit/seal-log.ts'
import type { Database } from '../../src/database/port.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { serve } from '../../src/http/serve.ts'
import type { World } from '../../src/world.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { freePort } from '../support/free-port.ts'
import { askedCode, cookie, enter, freshAppCode, isIn, proveAgain } from '../support/member.ts'
import { act, addMember, makeCrew } from '../support/members.ts'
import { operate } from '../support/operator.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { startPostgres } from '../support/postgres.ts'
import type { Postgres } from '../support/postgres.ts'
import { giveCode, givePassword } from '../support/steps.ts'
import { toolPath } from '../support/tools.ts'
import { Visitor } from '../support/visitor.ts'

let copies: Copies
let postgres: Postgres
let folder: string
before(async () => {
  copies = await startCopies()
  postgres = await startPostgres()
  folder = mkdtempSync(join(tmpdir(), 'twostep-restore-'))
})
after(async () => {
  await copies.stop()
  await postgres.stop()
  rmSync(folder, { recursive: true, force: true })
})

const tool = (name: string) => join(dirname(realpathSync(toolPath('initdb'))), name)

/** The URL of the database the copies run on. */
async function liveUrl(): Promise<string> {
  const [row] = await copies.sql.query<{ name: string }>('SELECT current_database() AS name')
  return Object.assign(new URL(postgres.url), { pathname: `/${row?.name}` }).href
}

/** As docs/operations.md says: the whole database into one file. */
async function backUp(): Promise<string> {
  const file = join(folder, `${copies.clock.now().getTime()}.dump`)
  execFileSync(tool('pg_dump'), ['--format=custom', `--file=${file}`, await liveUrl()])
  return file
}

/** Into an empty database, whose URL it gives. */
async function restore(file: string): Promise<string> {
  const url = await postgres.freshDatabase()
  execFileSync(tool('pg_restore'), ['--no-owner', '--exit-on-error', `--dbname=${url}`, file])
  return url
}

/** Runs something with a copy of the program on another database, with the same keys. */
async function onDatabase(
  url: string,
  run: (world: World, at: (visitor: Visitor) => Visitor) => Promise<void>,
): Promise<void> {
  const port = await freePort()
  const database: Database = openPostgres(url, 4)
  const config = { ...copies.world.config, port, baseUrl: `http://localhost:${port}` }
  const delivery = { wake: () => {}, sendNow: async () => 'accepted' as const }
  const world: World = { ...copies.world, sql: database, config, delivery }
  const server = await serve(createApp(world, { inbox: null }), port, '127.0.0.1')
  try {
    await run(world, (visitor) => visitor.copy(config.baseUrl))
  } finally {
    server.closeAllConnections()
    server.close()
    await database.close()
  }
}

/** Uses a recovery code at the sign-in. */
async function useCode(visitor: Visitor, person: Person, code: string | undefined) {
  assert.equal((await givePassword(visitor, person)).status, 200)
  return visitor.api('POST', '/sign-in/recovery-code', { recovery_code: code })
}

const told = async (world: World, person: Person) => {
  const rows = await world.sql.query<{ event: string }>(
    `SELECT parameters ->> 'event' AS event FROM messages
     WHERE account_id = $1 AND template = 'notice'`,
    [person.id],
  )
  return rows.map(({ event }) => event)
}

test('OPS-05: a dump from before a recovery code was used: restored, everybody is signed out, and who used one is warned', async () => {
  const user = await addSomebody(copies.world, ['totp'])
  const maker = await addSomebody(copies.world, ['totp'])
  const calm = await addSomebody(copies.world, ['totp', 'sms'])
  const crew = await makeCrew(copies)
  const lost = await addMember(copies, crew.team, ['totp'])
  const session = await enter(copies, calm, { remember_device: true })
  const pending = copies.visitor()
  await givePassword(pending, maker)
  await copies.visitor().post('/forgot-password', { email: calm.email })
  await copies.sql.query(
    `INSERT INTO messages (id, channel, template, account_id, destination, created_at, expires_at, next_try_at)
     VALUES (gen_random_uuid(), 'text', 'code', $1, '+12025550100', $2, $3, $3)`,
    [calm.id, copies.clock.now(), new Date(copies.clock.now().getTime() + 600_000)],
  )
  await sealLog(copies.world)
  const since = copies.clock.now().toISOString()
  const file = await backUp()

  copies.clock.advance(60)
  const [code] = user.recoveryCodes
  assert.equal((await useCode(copies.visitor(), user, code)).status, 200)
  const inside = await enter(copies, maker)
  assert.equal((await inside.api('POST', '/recovery-codes', {})).status, 200)
  await proveAgain(copies, crew.browser, crew.admin)
  assert.equal((await act(crew, 'POST', lost, 'reset', { reason: 'Stolen phone' })).status, 200)
  const log = join(folder, 'log.csv')
  writeFileSync(
    log,
    execFileSync(tool('psql'), [
      '--csv',
      `--command=SELECT at, kind, account_id FROM events WHERE at >= '${since}'`,
      await liveUrl(),
    ]),
  )

  await onDatabase(await restore(file), async (world, at) => {
    assert.ok(await isIn(at(session)), 'before the command the old session opens')
    const words = ['after-restore', '--since', since, '--log', log]
    const no = await operate(world, words, ['no'])
    assert.equal(no.code, 1)
    assert.ok(await isIn(at(session)))
    const { code: exit, said } = await operate(world, words, ['yes'])
    assert.equal(exit, 0, said)
    assert.match(said, /accounts were signed out everywhere/)
    assert.match(said, /1 code that waited/)
    assert.match(said, new RegExp(`Warned: ${user.email} \\(.*recovery.code-used`))
    assert.match(said, new RegExp(`Warned: ${maker.email} \\(.*recovery.codes-made`))
    assert.match(said, new RegExp(`Warned: ${lost.email} \\(member.reset\\)`))
    assert.match(said, /a key that was revoked since opens again/)
    assert.ok(!said.includes(calm.email))
    assert.ok((await told(world, user)).includes('operator-restored'))
    assert.ok((await told(world, maker)).includes('operator-restored'))
    assert.ok(!(await told(world, calm)).includes('operator-restored'))

    assert.ok(!(await isIn(at(session))), 'sessions are over')
    const trusted = at(session)
    trusted.jar.delete('session')
    assert.ok(cookie(trusted, 'device-') !== '')
    const again = await givePassword(trusted, calm)
    assert.equal(again.json['next'], 'second-step', 'so is trust')
    const half = at(pending)
    assert.equal((await giveCode(half, freshAppCode(copies, maker))).status, 401)
    for (const table of ['sessions', 'challenges', 'trusted_devices']) {
      const rows = await world.sql.query(
        `SELECT 1 FROM ${table} t JOIN accounts a ON a.id = t.account_id AND a.epoch = t.epoch
         WHERE t.created_at <= $1`,
        [since],
      )
      assert.equal(rows.length, 0, table)
    }
    const unsent = await world.sql.query(
      `SELECT 1 FROM messages WHERE template = 'code' AND accepted_at IS NULL AND failed_at IS NULL
         AND created_at <= $1`,
      [since],
    )
    assert.equal(unsent.length, 0)
    assert.equal((await checkLog(world)).misfit, null, 'the log still fits its seals')
    const door = at(copies.visitor())
    assert.equal((await givePassword(door, maker)).status, 200)
    assert.equal((await giveCode(door, freshAppCode(copies, maker))).status, 200)
  })
})

test('OPS-05: from the restored data alone it says whom it knows, and that it cannot know the others', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const since = new Date(copies.clock.now().getTime() - 30_000).toISOString()
  await useCode(copies.visitor(), person, person.recoveryCodes[0])
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  const reset = await act(crew, 'POST', member, 'reset', { reason: 'phone stolen' })
  assert.equal(reset.status, 200, reset.text)
  await onDatabase(await restore(await backUp()), async (world) => {
    const { code, said } = await operate(world, ['after-restore', '--since', since, '--yes'])
    assert.equal(code, 0)
    assert.match(said, new RegExp(`Warned: ${person.email} \\(.*recovery.code-used`))
    assert.match(said, new RegExp(`Warned: ${member.email} \\(.*member.reset`))
    assert.match(said, /give it with --log/)
    const twice = await operate(world, ['after-restore', '--since', since, '--yes'])
    assert.equal(twice.code, 0, 'again does no harm')
  })
})

test('OPS-05: a time that is none, one to come, and a log that is none: exit 2, nobody is signed out', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const inside = await enter(copies, person)
  const broken = join(folder, 'broken.csv')
  writeFileSync(broken, 'when,what\nnow,that\n')
  for (const words of [
    [],
    ['--since', 'yesterday'],
    ['--since', '2026-11-25'],
    ['--since', '2026-13-45T10:00Z'],
    ['--since', '2126-11-25T10:00Z'],
    ['--since', '2026-11-24T10:00Z', '--log', join(folder, 'none.csv')],
    ['--since', '2026-11-24T10:00Z', '--log', broken],
  ]) {
    const { code } = await operate(copies.world, ['after-restore', ...words, '--yes'])
    assert.equal(code, 2, words.join(' '))
  }
  assert.ok(await isIn(inside))
  assert.match(await askedCode(copies, await pendingOf(person), person), /^\d{6}$/)
})

async function pendingOf(person: Person): Promise<Visitor> {
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  return visitor
}

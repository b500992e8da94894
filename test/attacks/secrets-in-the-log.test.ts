import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { Client } from 'pg'
import { fromBase32 } from '../../src/crypto/base32.ts'
import { linkToken } from '../../src/crypto/tokens.ts'
import type { Database } from '../../src/database/port.ts'
import type { Letter } from '../../src/delivery/port.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump, forms } from '../support/dump.ts'
import { liveThrough } from '../support/everything.ts'
import type { Kept } from '../support/everything.ts'
import { addSomebody } from '../support/people.ts'
import { startPostgres } from '../support/postgres.ts'
import { giveCode, givePassword } from '../support/steps.ts'

let copies: Copies
let kept: Kept
let readLog: () => Promise<string>
before(async () => {
  copies = await startCopies({
    config: { signUpOpen: true, sendPauseSeconds: 0, sendsPerHourMax: 100, sendsPerDayMax: 100 },
  })
  await addSomebody(copies.world)
  readLog = await logEverything()
  kept = await liveThrough(copies)
})
after(() => copies.stop())

/** Has PostgreSQL log every statement as a slow one, with all its parameters. */
async function logEverything(): Promise<() => Promise<string>> {
  const postgres = await startPostgres()
  const [{ name } = { name: '' }] = await copies.sql.query<{ name: string }>(
    'SELECT current_database() AS name',
  )
  const client = new Client({ connectionString: postgres.url })
  await client.connect()
  for (const set of ['log_min_duration_statement = 0', 'log_parameter_max_length_on_error = -1']) {
    await client.query(`ALTER DATABASE ${name} SET ${set}`)
  }
  // The settings count for connections that are made from now on.
  const open = 'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1'
  await client.query(open, [name])
  await client.end()
  await new Promise((resolve) => setTimeout(resolve, 100))
  return postgres.readLog
}

/** Every way in which one of the secrets could stand in a text. */
function waysOf(what: string, secret: string): string[] {
  const raw = what === 'key' ? fromBase32(secret) : null
  const bare = what.startsWith('recovery') ? [secret.replaceAll('-', '')] : []
  const bytes = /^(session|sign-in|device|visitor|form|not-me|sign-up|reset)/.test(what)
    ? forms(secret, Buffer.from(secret, 'base64url'))
    : []
  return [...forms(secret), ...(raw ? forms(secret, raw) : []), ...bare, ...bytes]
}

function assertNoSecret(text: string, where: string): void {
  const plain = text.toLowerCase()
  assert.ok(kept.secrets.size > 40 && kept.codes.size >= 8)
  for (const [what, secret] of kept.secrets) {
    for (const way of waysOf(what, secret)) {
      assert.ok(!plain.includes(way.toLowerCase()), `${what} is in ${where}`)
    }
  }
  assert.ok(!plain.includes('otpauth:'), where)
}

/** Six digits alone, not inside an id, a time or another number. */
function assertNoCode(text: string, where: string): void {
  for (const code of kept.codes) {
    assert.doesNotMatch(
      text,
      new RegExp(`(?<![\\w.:-])${code}(?![\\w.:-])`),
      `a code is in ${where}`,
    )
  }
}

test('AUD-02: nothing secret is in the program’s log at its most talkative; destinations are masked', () => {
  const log = copies.logged()
  assert.ok(log.split('\n').length > 20)
  assertNoSecret(log, 'the log')
  assertNoCode(log, 'the log')
  for (const address of kept.addresses) assert.ok(!log.includes(address), address)
  assert.doesNotMatch(log, /verification code|Never share|Hello|This was not me/i, 'message bodies')
})

test('AUD-02: nothing secret is in PostgreSQL’s log when it logs each statement with its parameters', async () => {
  const log = await readLog()
  assert.ok(log.includes('INSERT INTO sessions') && log.includes('marked.person@marked.example'))
  assertNoSecret(log, 'PostgreSQL’s log')
  assertNoCode(log, 'PostgreSQL’s log')
})

test('AUD-02: nothing secret is in the database: no password, key, code, token or link', async () => {
  const text = await dump(copies.sql)
  assert.ok(text.includes('marked.person@marked.example'))
  assertNoSecret(text, 'the database')
  assertNoCode(text, 'the database')
})

test('AUD-02: the security log names no number and no address', async () => {
  const rows = await copies.sql.query<{ row: string }>(
    'SELECT to_jsonb(e)::text AS row FROM events e',
  )
  const log = rows.map(({ row }) => row).join('\n')
  assert.ok(rows.length > 40)
  assertNoSecret(log, 'the security log')
  for (const address of kept.addresses) assert.ok(!log.includes(address), address)
})

test('AUD-02: no reply repeats a password or a cookie; keys and recovery codes come once', () => {
  const times = (secret: string) => kept.replies.filter(({ text }) => text.includes(secret)).length
  for (const [what, secret] of kept.secrets) {
    if (what === 'key' || what.startsWith('recovery')) assert.equal(times(secret), 1, what)
    // A form must carry its own token; the page of a link is at the link's own address.
    else if (!/^(form|sign-up|not-me|reset-password)/.test(what))
      assert.equal(times(secret), 0, what)
  }
})

test('AUD-02: errors that hold all a driver or a provider knows bring none of it into the log', async () => {
  let broken = false
  const values: unknown[] = []
  const wrap = (database: Database): Database => ({
    ...database,
    close: () => database.close(),
    query: (text, given = []) => {
      if (!broken) return database.query(text, given)
      values.push(...given)
      throw Object.assign(new Error('it broke'), { detail: String(given), parameters: given, text })
    },
  })
  const send = async (letter: Letter): Promise<never> => {
    throw new Error(`550 could not take: ${JSON.stringify(letter)}`)
  }
  const carriers = [
    { name: 'text', channel: 'text', send },
    { name: 'mail', channel: 'mail', send },
  ] as const
  const faulty = await startCopies({ wrap, carriers })
  try {
    const person = await addSomebody(faulty.world, ['sms'])
    const visitor = faulty.visitor()
    await givePassword(visitor, person)
    broken = true
    const token = 'markedmarkedmarkedmarkedmarkedmarkedmarked1'
    const replies = [
      await givePassword(visitor, person),
      await giveCode(visitor, '918273'),
      await visitor.post('/sign-in/recovery-code', { recovery_code: 'MARK-MARK-MARK-MARK' }),
      await visitor.get(`/sign-up/${token}`),
      await visitor.get(`/not-me/${linkToken(faulty.world.keys, person.id, 'not-me')}`),
      await visitor.api('POST', '/email-verifications', {
        token: linkToken(faulty.world.keys, person.id, 'verify-email'),
      }),
    ]
    assert.ok(replies.filter(({ status }) => status === 500).length >= 4)
    const log = faulty.logged()
    assert.ok(log.includes('it broke') && log.includes('message not accepted'))
    assertNoSecretOf(log, [
      person.password,
      person.email,
      person.phone,
      '918273',
      'MARK-MARK',
      token,
    ])
    const given = values.filter((value) => typeof value === 'string' || Buffer.isBuffer(value))
    assert.ok(given.length > 5)
    const long = given.map((value) => (Buffer.isBuffer(value) ? value.toString('hex') : value))
    assertNoSecretOf(
      log,
      long.filter((value) => value.length > 12),
    )
    for (const [, cookie] of visitor.jar) assertNoSecretOf(log, [cookie])
    assertNoSecretOf(log, [linkToken(faulty.world.keys, person.id, 'not-me')])
  } finally {
    broken = false
    await faulty.stop()
  }
})

function assertNoSecretOf(text: string, secrets: readonly string[]): void {
  for (const secret of secrets) assert.ok(!text.includes(secret), secret)
}

import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { askSignUp, lookAtSignUpDoor } from '../../src/accounts/ask-sign-up.ts'
import { emailKey } from '../../src/accounts/email.ts'
import { insertLink } from '../../src/accounts/link-store.ts'
import { reportNotMe } from '../../src/accounts/report-not-me.ts'
import { lookAtSignUp, signUp } from '../../src/accounts/sign-up.ts'
import { createAccount } from '../../src/accounts/store.ts'
import { verifyEmail } from '../../src/accounts/verify-email.ts'
import { newId } from '../../src/crypto/random.ts'
import { keyedDigest } from '../../src/crypto/tokens.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { startPostgres } from '../support/postgres.ts'
import { atOnce, eventKinds, someVisitor, testWorld } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'
import { foundedWorld, tokensIn } from './a-founded-world.ts'

const postgres = await startPostgres()
const server = openPostgres(await postgres.migratedDatabase(), 12)
after(async () => {
  await server.close()
  await postgres.stop()
})
const world = await foundedWorld(await memoryDatabase())

async function linkTo(email: string, at: TestWorld = world): Promise<string> {
  assert.ok((await askSignUp(at, someVisitor(), { email })).ok)
  const token = tokensIn(await at.letters(), email, 'sign-up').at(-1)
  assert.ok(token, `no link went to ${email}`)
  return token
}

const grace = (token: string) => ({ token, name: 'Grace Hopper', password: 'otter lantern quilt' })
const reasonOf = (outcome: { ok: true } | { ok: false; reason: string }) =>
  outcome.ok ? 'done' : outcome.reason

test('EML-03: who signs up proves the address first; the account is theirs and confirmed', async () => {
  const token = await linkTo('grace@example.com')
  assert.equal((await world.sql.query('SELECT 1 FROM accounts')).length, 1)
  const made = await signUp(world, someVisitor(), grace(token))
  assert.ok(made.ok)
  const [row] = await world.sql.query(
    'SELECT email, name, email_verified_at FROM accounts WHERE id = $1',
    [made.id],
  )
  const email_verified_at = world.clock()
  assert.deepEqual(row, { email: 'grace@example.com', name: 'Grace Hopper', email_verified_at })
  assert.deepEqual((await eventKinds(world)).slice(-2), ['sign-up.asked', 'account.created'])
  const last = (await world.letters()).at(-1)
  assert.equal(last?.to, 'grace@example.com')
  assert.match(last?.channel === 'mail' ? last.subject : '', /account was created/)
})

test('EML-04: a link may be looked at any number of times; it works once', async () => {
  const token = await linkTo('once@example.com')
  for (let i = 0; i < 5; i++) {
    const opened = await lookAtSignUp(world, someVisitor(), { token })
    assert.equal(opened.ok && opened.email, 'once@example.com')
  }
  assert.ok((await signUp(world, someVisitor(), grace(token))).ok)
  assert.equal(reasonOf(await signUp(world, someVisitor(), grace(token))), 'link-over')
  assert.equal(reasonOf(await lookAtSignUp(world, someVisitor(), { token })), 'link-over')
})

test('a password that is refused leaves the link as good as it was', async () => {
  const token = await linkTo('careful@example.com')
  const short = { ...grace(token), password: 'otter' }
  assert.equal(reasonOf(await signUp(world, someVisitor(), short)), 'password-too-short')
  const own = { ...grace(token), password: 'careful@example.com' }
  assert.equal(reasonOf(await signUp(world, someVisitor(), own)), 'password-too-personal')
  assert.ok((await signUp(world, someVisitor(), grace(token))).ok)
})

test('EML-04: a link is over after a day, and when its address has an account meanwhile', async () => {
  const [first, second] = [await linkTo('two@example.com'), await linkTo('late@example.com')]
  world.time.pass({ minutes: 1 })
  const third = await linkTo('two@example.com')
  assert.ok((await signUp(world, someVisitor(), grace(third))).ok)
  assert.equal(reasonOf(await lookAtSignUp(world, someVisitor(), { token: first })), 'link-over')
  assert.equal(reasonOf(await signUp(world, someVisitor(), grace(first))), 'link-over')
  world.time.pass({ hours: 24 })
  assert.equal(reasonOf(await signUp(world, someVisitor(), grace(second))), 'link-over')
})

test('FLOW-11: a known address is answered as an unknown one, and its owner is told', async () => {
  const known = await askSignUp(world, someVisitor(), { email: 'ADA@example.com' })
  const unknown = await askSignUp(world, someVisitor(), { email: 'nobody@example.com' })
  assert.deepEqual(known, unknown)
  const letters = await world.letters()
  const toAda = letters.findLast(({ to }) => to === 'ada@example.com')
  assert.match(toAda?.channel === 'mail' ? toAda.subject : '', /already have/)
  assert.deepEqual(tokensIn(letters, 'ada@example.com', 'sign-up'), [])
  assert.equal(tokensIn(letters, 'nobody@example.com', 'sign-up').length, 1)
})

test('FLOW-11: known and unknown addresses cost the same statements and rows', async () => {
  const statements: string[][] = []
  for (const email of ['ada@example.com', 'someone-new@example.com']) {
    const seen: string[] = []
    const counting = (sql: typeof world.sql): typeof world.sql => ({
      query: (text, values) => (seen.push(text), sql.query(text, values)),
      tx: (run) => sql.tx((inner) => run(counting(inner))),
    })
    const rows = async () =>
      (await world.sql.query('SELECT 1 FROM links UNION ALL SELECT 1 FROM events')).length
    world.time.pass({ hours: 2 })
    const before = await rows()
    const quiet = { wake: () => {}, sendNow: async () => 'waiting' as const }
    await askSignUp({ ...world, sql: counting(world.sql), delivery: quiet }, someVisitor(), {
      email,
    })
    statements.push([...seen, String((await rows()) - before)])
  }
  assert.deepEqual(statements[0], statements[1])
})

test('CODE-06: mails to one address and from one source are limited, and nobody notices', async () => {
  const email = 'flooded@example.com'
  const answers: unknown[] = []
  for (let i = 0; i < 20; i++) {
    world.time.pass({ minutes: 1 })
    answers.push(await askSignUp(world, someVisitor(), { email }))
  }
  assert.deepEqual(new Set(answers.map((one) => JSON.stringify(one))).size, 1)
  assert.equal(tokensIn(await world.letters(), email, 'sign-up').length, 5)
  assert.equal((await eventKinds(world)).at(-1), 'code.send-refused-by-limit')

  const source = '203.0.113.9'
  const sent = async () => (await world.sql.query('SELECT 1 FROM messages')).length
  const before = await sent()
  for (let i = 0; i < 40; i++) {
    await askSignUp(world, someVisitor({ source }), { email: `flood-${i}@example.com` })
  }
  assert.equal((await sent()) - before, world.config.sendsPerSourcePerHourMax)
})

test('LIM-08: attack: asking for mails to an address uses up nothing its owner needs', async () => {
  for (let i = 0; i < 10; i++) {
    world.time.pass({ minutes: 1 })
    await askSignUp(world, someVisitor(), { email: 'ada@example.com' })
  }
  const keys = await world.sql.query<{ key: string }>('SELECT key FROM sends')
  const codes = keyedDigest(world.keys, 'send-destination', 'ada@example.com')
  assert.ok(!keys.some(({ key }) => key === codes))
})

test('what is no address is refused before anything is looked up', async () => {
  for (const email of ['nobody', 'a@b', 'a@example.com\nBcc: b@example.com', 'a,b@example.com']) {
    assert.equal(reasonOf(await askSignUp(world, someVisitor(), { email })), 'not-an-email')
  }
})

test('sign-up that is closed is closed for asking and for links that are out already', async () => {
  const token = await linkTo('too-late@example.com')
  const closed = { ...world, config: { ...world.config, signUpOpen: false } }
  const email = 'x@example.com'
  assert.equal(reasonOf(await lookAtSignUpDoor(closed)), 'sign-up-closed')
  assert.equal(reasonOf(await askSignUp(closed, someVisitor(), { email })), 'sign-up-closed')
  assert.equal(reasonOf(await lookAtSignUp(closed, someVisitor(), { token })), 'sign-up-closed')
  assert.equal(reasonOf(await signUp(closed, someVisitor(), grace(token))), 'sign-up-closed')
})

test('attack: a link for one purpose opens no other, and a changed one opens nothing', async () => {
  const token = await linkTo('mine@example.com')
  assert.equal(reasonOf(await verifyEmail(world, someVisitor(), { token })), 'link-over')
  assert.equal(reasonOf(await reportNotMe(world, someVisitor(), { token })), 'link-over')
  for (const one of [token.slice(1), `${token}A`, token.toLowerCase(), '../sign-up', '']) {
    assert.equal(reasonOf(await signUp(world, someVisitor(), grace(one))), 'link-over')
  }
})

test('attack: one link posted many times at once makes one account', async () => {
  const onServer = await foundedWorld(server)
  const token = await linkTo('race@example.com', onServer)
  const outcomes = await atOnce(
    server,
    "SELECT 1 FROM links WHERE purpose = 'sign-up' FOR UPDATE",
    Array.from({ length: 8 }, () => () => signUp(onServer, someVisitor(), grace(token))),
  )
  assert.deepEqual(outcomes.map(reasonOf).toSorted(), ['done', ...Array(7).fill('link-over')])
  assert.equal((await server.query('SELECT 1 FROM accounts')).length, 2)
})

test('attack: several links to one address posted at once make one account', async () => {
  const onServer = testWorld(server, { signUpOpen: true })
  const now = onServer.clock()
  const email = 'twin@example.com'
  const expiresAt = new Date(now.getTime() + 3_600_000)
  const ids = Array.from({ length: 8 }, () => newId(now, onServer.random))
  for (const id of ids) {
    const link = { id, purpose: 'sign-up', accountId: null, email, now, expiresAt } as const
    await insertLink(server, { ...link, usedAt: null }, '[]', '[]')
  }
  const made = await atOnce(
    server,
    `SELECT 1 FROM links WHERE email = '${email}' FOR UPDATE`,
    ids.map((link) => () => {
      const id = newId(now, onServer.random)
      const account = { id, email, emailKey: emailKey(email), name: 'T', passwordHash: 'none' }
      return createAccount(server, link, now, account, '[]', '[]')
    }),
  )
  assert.equal(made.filter(Boolean).length, 1)
})

test('PW-12: nobody signs up before there is a first owner', async () => {
  const fresh = testWorld(await memoryDatabase(), { signUpOpen: true })
  const asked = await askSignUp(fresh, someVisitor(), { email: 'eve@example.com' })
  assert.equal(reasonOf(asked), 'sign-up-closed')
})

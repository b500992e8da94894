import assert from 'node:assert/strict'
import { test } from 'node:test'
import { askVerification } from '../../src/accounts/ask-verification.ts'
import { insertLink } from '../../src/accounts/link-store.ts'
import { lookAtNotMe, reportNotMe } from '../../src/accounts/report-not-me.ts'
import { lookAtVerification, verifyEmail } from '../../src/accounts/verify-email.ts'
import { newId } from '../../src/crypto/random.ts'
import { linkToken } from '../../src/crypto/tokens.ts'
import { check } from '../../src/sessions/check.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { eventKinds, signedIn, someVisitor } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'
import { foundedWorld, tokensIn } from './a-founded-world.ts'

async function freshWorld() {
  return foundedWorld(await memoryDatabase())
}

const reasonOf = (outcome: { ok: true } | { ok: false; reason: string }) =>
  outcome.ok ? 'done' : outcome.reason

const verifiedAt = async (world: TestWorld) => {
  const [row] = await world.sql.query<{ email_verified_at: Date | null }>(
    'SELECT email_verified_at FROM accounts',
  )
  return row?.email_verified_at ?? null
}

test('EML-04: looking at the link confirms nothing; its button does, once', async () => {
  const world = await freshWorld()
  const [token = ''] = tokensIn(await world.letters(), 'ada@example.com', 'verify-email')
  for (let i = 0; i < 5; i++) {
    const seen = await lookAtVerification(world, someVisitor(), { token })
    assert.equal(seen.ok && seen.email, 'ada@example.com')
  }
  assert.equal(await verifiedAt(world), null)
  const confirmed = await verifyEmail(world, someVisitor(), { token })
  assert.deepEqual(confirmed, { ok: true, email: 'ada@example.com', cookies: { link: null } })
  assert.deepEqual(await verifiedAt(world), world.clock())
  assert.equal(reasonOf(await verifyEmail(world, someVisitor(), { token })), 'link-over')
  assert.equal((await eventKinds(world)).at(-1), 'account.email-verified')
})

test('EML-03: a link to an address the account no longer has confirms nothing', async () => {
  const world = await freshWorld()
  const [token = ''] = tokensIn(await world.letters(), 'ada@example.com', 'verify-email')
  await world.sql.query(
    "UPDATE accounts SET email = 'new@example.com', email_key = 'new@example.com'",
  )
  assert.equal(reasonOf(await verifyEmail(world, someVisitor(), { token })), 'link-over')
  assert.equal(await verifiedAt(world), null)
})

test('EML-03: a link to confirm an address is over after a day', async () => {
  const world = await freshWorld()
  const [token = ''] = tokensIn(await world.letters(), 'ada@example.com', 'verify-email')
  world.time.pass({ hours: 24 })
  assert.equal(reasonOf(await lookAtVerification(world, someVisitor(), { token })), 'link-over')
  assert.equal(reasonOf(await verifyEmail(world, someVisitor(), { token })), 'link-over')
})

test('the link to confirm the address can be asked for again, within limits', async () => {
  const world = await freshWorld()
  const ada = await signedIn(world, world.owner)
  assert.ok((await askVerification(world, ada)).ok)
  const soon = await askVerification(world, ada)
  assert.deepEqual(soon, { ok: false, reason: 'wait-for-link', details: { seconds: 30 } })
  for (let i = 0; i < 10; i++) {
    world.time.pass({ minutes: 1 })
    await askVerification(world, ada)
  }
  const tokens = tokensIn(await world.letters(), 'ada@example.com', 'verify-email')
  assert.equal(tokens.length, 1 + world.config.sendsPerHourMax)
  assert.equal((await eventKinds(world)).at(-1), 'code.send-refused-by-limit')
  assert.ok((await verifyEmail(world, someVisitor(), { token: tokens.at(-1) ?? '' })).ok)
  const confirmed = await signedIn(world, world.owner)
  assert.equal(reasonOf(await askVerification(world, confirmed)), 'already-done')
})

/** A notice's link, as the statement that writes the notice makes it. */
async function notMeLink(world: TestWorld, accountId: string): Promise<string> {
  const now = world.clock()
  const id = newId(now, world.random)
  const expiresAt = new Date(now.getTime() + 7 * 86_400_000)
  const link = {
    id,
    purpose: 'not-me',
    accountId,
    email: '',
    now,
    expiresAt,
    usedAt: null,
  } as const
  await insertLink(world.sql, link, '[]', '[]')
  return linkToken(world.keys, id, 'not-me')
}

test('NTF-03: "this was not me" ends every session, once, and only by its button', async () => {
  const world = await freshWorld()
  const [one, two] = [await signedIn(world, world.owner), await signedIn(world, world.owner)]
  const token = await notMeLink(world, world.owner.id)
  for (let i = 0; i < 5; i++) assert.ok((await lookAtNotMe(world, someVisitor(), { token })).ok)
  assert.ok(await check(world, one.cookie))
  assert.ok((await reportNotMe(world, someVisitor(), { token })).ok)
  assert.equal(await check(world, one.cookie), null)
  assert.equal(await check(world, two.cookie), null)
  assert.equal((await eventKinds(world)).at(-1), 'account.reported-not-me')
  const later = await signedIn(world, world.owner)
  assert.equal(reasonOf(await reportNotMe(world, someVisitor(), { token })), 'link-over')
  assert.ok(await check(world, later.cookie), 'a used link ends nothing more')
})

test('NTF-03: the account keeps its password; trusted devices and pending sign-ins are gone', async () => {
  const world = await freshWorld()
  const { id } = world.owner
  const now = world.clock()
  const later = new Date(now.getTime() + 3_600_000)
  const [device, challenge] = [newId(now, world.random), newId(now, world.random)]
  await world.sql.query(
    `INSERT INTO trusted_devices (id, account_id, epoch, rotated_at, created_at, last_used_at,
       expires_at, source, browser) VALUES ($1, $2, 1, $3, $3, $3, $4, '', '')`,
    [device, id, now, later],
  )
  await world.sql.query(
    `INSERT INTO challenges (id, purpose, token_hash, account_id, epoch, seed, attempts_left,
       created_at, expires_at, source, browser)
     VALUES ($1, 'sign-in', $2, $3, 1, $2, 5, $4, $5, '', '')`,
    [challenge, world.random(32), id, now, later],
  )
  const [before] = await world.sql.query<{ password_hash: string }>('SELECT * FROM accounts')
  const token = await notMeLink(world, id)
  assert.ok((await reportNotMe(world, someVisitor(), { token })).ok)
  assert.equal((await world.sql.query('SELECT 1 FROM trusted_devices')).length, 0)
  assert.equal((await world.sql.query('SELECT 1 FROM challenges')).length, 0)
  const [row] = await world.sql.query<{ password_hash: string; epoch: number }>(
    'SELECT * FROM accounts',
  )
  assert.equal(row?.password_hash, before?.password_hash)
  assert.equal(row?.epoch, 2)
})

test('NTF-03: the link of a notice is over after seven days', async () => {
  const world = await freshWorld()
  const token = await notMeLink(world, world.owner.id)
  world.time.pass({ days: 7 })
  assert.equal(reasonOf(await lookAtNotMe(world, someVisitor(), { token })), 'link-over')
  assert.equal(reasonOf(await reportNotMe(world, someVisitor(), { token })), 'link-over')
})

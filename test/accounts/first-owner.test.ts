import assert from 'node:assert/strict'
import { after, test } from 'node:test'
import { createFirstOwner } from '../../src/accounts/create-first-owner.ts'
import { lookAtFirstOwnerLink, mintFirstOwnerLink } from '../../src/accounts/first-owner.ts'
import { insertLink } from '../../src/accounts/link-store.ts'
import { createOwner, lookUpAddress } from '../../src/accounts/store.ts'
import { newId } from '../../src/crypto/random.ts'
import { openPostgres } from '../../src/database/postgres.ts'
import { startPostgres } from '../support/postgres.ts'
import { atOnce, eventKinds, someVisitor, testWorld } from '../support/world.ts'
import type { TestWorld } from '../support/world.ts'

const postgres = await startPostgres()
const databases: { close: () => Promise<void> }[] = []
after(async () => {
  await Promise.all(databases.map((database) => database.close()))
  await postgres.stop()
})

async function freshWorld(): Promise<TestWorld> {
  const database = openPostgres(await postgres.migratedDatabase(), 10)
  databases.push(database)
  return testWorld(database)
}

async function mint(world: TestWorld): Promise<string> {
  const link = await mintFirstOwnerLink(world)
  assert.ok(link, 'there is no link')
  return tokenOf(link)
}

const tokenOf = (link: string) => link.split('/').at(-1) ?? ''

const owner = (token: string, email = 'ada@example.com') => ({
  token,
  team: 'Analytical Engines',
  name: 'Ada Lovelace',
  email,
  password: 'plum river candle',
})

const count = async (world: TestWorld, table: 'accounts' | 'teams' | 'memberships' | 'sessions') =>
  (await world.sql.query(`SELECT 1 FROM ${table}`)).length

test('PW-12: the one-time link makes the first owner with their team, and signs nobody in', async () => {
  const world = await freshWorld()
  const link = await mintFirstOwnerLink(world)
  assert.match(link ?? '', /^http:\/\/localhost:3000\/welcome\/[\w-]{43}$/)
  const made = await createFirstOwner(world, someVisitor(), owner(tokenOf(link ?? '')))
  assert.ok(made.ok)
  const [row] = await world.sql.query(
    `SELECT a.email, a.name, a.email_verified_at, t.name AS team, m.role
     FROM accounts a JOIN memberships m ON m.account_id = a.id JOIN teams t ON t.id = m.team_id`,
  )
  assert.deepEqual(row, {
    email: 'ada@example.com',
    name: 'Ada Lovelace',
    email_verified_at: null,
    team: 'Analytical Engines',
    role: 'owner',
  })
  assert.equal(await count(world, 'sessions'), 0)
  assert.deepEqual(made.cookies, { link: null })
  assert.deepEqual(await eventKinds(world), ['account.first-owner-created'])
  const letters = await world.letters()
  assert.deepEqual(
    letters.map(({ to, channel }) => [to, channel]),
    [['ada@example.com', 'mail']],
  )
  assert.match(letters[0]?.channel === 'mail' ? letters[0].text : '', /\/verify-email\//)
})

test('PW-04: the password is stored as an Argon2id hash of its own and nowhere else', async () => {
  const world = await freshWorld()
  await createFirstOwner(world, someVisitor(), owner(await mint(world)))
  const [row] = await world.sql.query<{ password_hash: string }>('SELECT * FROM accounts')
  assert.match(row?.password_hash ?? '', /^\$argon2id\$v=19\$/)
  const everything = JSON.stringify([
    row,
    await world.sql.query('SELECT * FROM events'),
    await world.sql.query('SELECT * FROM messages'),
    world.logged,
  ])
  assert.ok(!everything.includes('plum river'))
})

test('PW-12: there is no link once there is an account, and an earlier one is over', async () => {
  const world = await freshWorld()
  const token = await mint(world)
  await createFirstOwner(world, someVisitor(), owner(token))
  assert.equal(await mintFirstOwnerLink(world), null)
  const again = await createFirstOwner(world, someVisitor(), owner(token, 'eve@example.com'))
  assert.equal(again.ok ? 'made' : again.reason, 'link-over')
  assert.equal((await lookAtFirstOwnerLink(world, someVisitor(), { token })).ok, false)
})

test('PW-12: only the newest link works, for a day; looking at it changes nothing', async () => {
  const world = await freshWorld()
  const old = await mint(world)
  world.time.pass({ seconds: 1 })
  const token = await mint(world)
  const look = async (one: string) =>
    (await lookAtFirstOwnerLink(world, someVisitor(), { token: one })).ok
  assert.equal(await look(old), false)
  for (let i = 0; i < 5; i++) assert.equal(await look(token), true)
  const made = await createFirstOwner(world, someVisitor(), owner(old))
  assert.equal(made.ok ? 'made' : made.reason, 'link-over')
  world.time.pass({ hours: 24 })
  assert.equal(await look(token), false)
})

test('attack: a token that was guessed, or made for another purpose or by another key', async () => {
  const world = await freshWorld()
  const token = await mint(world)
  const other = testWorld(world.sql)
  const foreign = tokenOf((await mintFirstOwnerLink(other)) ?? '')
  world.time.pass({ seconds: 1 })
  const good = await mint(world)
  const changed = `${good.slice(0, -2)}${good.endsWith('AA') ? 'BB' : 'AA'}`
  for (const one of ['', 'x', token, foreign, changed, `${good}=`, good.toUpperCase()]) {
    const made = await createFirstOwner(world, someVisitor(), owner(one))
    assert.equal(made.ok ? 'made' : made.reason, 'link-over', one)
  }
  assert.equal(await count(world, 'accounts'), 0)
})

test('everything that is wrong is said at once, and the link stays good', async () => {
  const world = await freshWorld()
  const token = await mint(world)
  const wrong = { ...owner(token, 'nowhere'), password: 'short' }
  assert.deepEqual(await createFirstOwner(world, someVisitor(), wrong), {
    ok: false,
    reason: 'bad-input',
    details: { min: 15, max: 256 },
    fields: { email: 'not-an-email', password: 'password-too-short' },
  })
  const nowhere = await createFirstOwner(world, someVisitor(), owner(token, 'nowhere'))
  assert.equal(nowhere.ok ? 'made' : nowhere.reason, 'not-an-email')
  const personal = { ...owner(token), password: 'AnalyticalEngines' }
  const refused = await createFirstOwner(world, someVisitor(), personal)
  assert.equal(refused.ok ? 'made' : refused.reason, 'password-too-personal')
  assert.ok((await createFirstOwner(world, someVisitor(), owner(token))).ok)
})

test('attack: many posts of one link at once make exactly one owner', async () => {
  const world = await freshWorld()
  const token = await mint(world)
  const posts = Array.from({ length: 10 }, (_, i) =>
    createFirstOwner(world, someVisitor(), owner(token, `person-${i}@example.com`)),
  )
  const outcomes = await Promise.all(posts)
  assert.equal(outcomes.filter(({ ok }) => ok).length, 1)
  for (const one of outcomes) assert.ok(one.ok || one.reason === 'link-over')
  assert.equal(await count(world, 'accounts'), 1)
  assert.equal(await count(world, 'teams'), 1)
  assert.equal(await count(world, 'memberships'), 1)
  assert.equal((await eventKinds(world)).length, 1)
})

test('attack: links of copies that started together still make exactly one owner', async () => {
  const world = await freshWorld()
  const now = world.clock()
  const id = () => newId(now, world.random)
  const expiresAt = new Date(now.getTime() + 3_600_000)
  const links = Array.from({ length: 6 }, id)
  for (const one of links) {
    const link = {
      id: one,
      purpose: 'first-owner',
      accountId: null,
      email: '',
      usedAt: null,
    } as const
    await insertLink(world.sql, { ...link, now, expiresAt }, '[]', '[]')
  }
  const create = (link: string, i: number) => {
    const email = `person-${i}@example.com`
    const team = { id: id(), name: 'Engines' }
    const account = { id: id(), email, emailKey: email, name: 'Ada', passwordHash: 'none' }
    const first = { ...account, team, verifyLink: { id: id(), expiresAt } }
    return createOwner(world.sql, link, now, first, '[]', '[]')
  }
  const made = await atOnce(
    world.sql,
    'SELECT 1 FROM links FOR UPDATE',
    links.map((one, i) => () => create(one, i)),
  )
  assert.equal(made.filter(Boolean).length, 1)
  assert.equal(await count(world, 'accounts'), 1)
  assert.equal(await count(world, 'teams'), 1)
})

test('an owner who was first is found by their address, however it is typed', async () => {
  const world = await freshWorld()
  await createFirstOwner(world, someVisitor(), owner(await mint(world), 'Ada@Example.COM'))
  const found = await lookUpAddress(world.sql, 'ada@example.com')
  assert.equal(found.email, 'Ada@example.com')
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cleanUp } from '../../src/clean-up.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump, forms } from '../support/dump.ts'
import { addApp, addSent, enter, eventsOf, isIn, mailsTo, proveAgain } from '../support/member.ts'
import { operate } from '../support/operator.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import { join, makeTeam, ownTeam } from '../support/teams.ts'
import type { Reply, Visitor } from '../support/visitor.ts'
import { atOnce, untilWaiting } from '../support/world.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const path = '/settings/delete-account'

const isThere = async ({ id }: Pick<Person, 'id'>) =>
  (await copies.sql.query('SELECT 1 FROM accounts WHERE id = $1', [id])).length > 0

/** Somebody with everything that an account can leave behind. */
async function fullLife(): Promise<{ person: Person; visitor: Visitor; key: string }> {
  const person = await addSomebody(copies.world)
  await givePassword(copies.visitor(), { ...person, password: 'wrong' })
  const visitor = await enter(copies, person)
  const { key } = await addApp(copies, visitor, 'Phone')
  await addSent(copies, visitor, 'sms', person.phone)
  await enter(copies, { ...person, key }, { remember_device: true })
  await copies.visitor().post('/forgot-password', { email: person.email })
  const asked = { email: person.email, contact: `Ask the owner about ${person.email}` }
  assert.equal((await copies.visitor().api('POST', '/recovery-cases', asked)).status, 200)
  await proveAgain(copies, visitor, { ...person, key })
  const second = await visitor.api('POST', '/email/others', { email: `also-${person.email}` })
  assert.equal(second.status, 200, second.text)
  const team = await makeTeam(copies.world, 'Another')
  await copies.sql.query(
    `INSERT INTO invitations (id, team_id, email, email_key, role, link_id, created_at, sent_at, expires_at)
     VALUES (gen_random_uuid(), $1, $2, $2, 'member', gen_random_uuid(), now(), now(), now() + interval '7 days')`,
    [team, person.email],
  )
  return { person, visitor, key }
}

/** Once the notice has been sent and cleaned up, nothing but the log names the account. */
async function assertErased(person: Person, key: string): Promise<void> {
  await copies.delivered()
  copies.clock.advance(1)
  await cleanUp(copies.world)
  const everything = await dump(copies.sql)
  for (const secret of [person.email, person.phone, ...forms(key)]) {
    assert.ok(!everything.includes(secret), secret)
  }
  const rows = everything.split('\n').filter((row) => row.includes(person.id))
  assert.ok(rows.length > 0, 'the log keeps its rows')
  for (const row of rows) assert.match(row, /"kind": "/, 'and only the log')
}

test('PRV-03: who deletes their account leaves no address, number or secret behind, only lines of the log', async () => {
  const { person, visitor, key } = await fullLife()
  const page = await visitor.get(path)
  assert.equal(page.status, 200)
  assert.match(page.text, /Delete your account\?/)
  const reply = await visitor.post(path, { email: person.email })
  assert.equal(reply.status, 303)
  assert.equal(reply.headers.get('location'), '/sign-in?notice=account-deleted')
  assert.ok(!(await isThere(person)))
  assert.ok(!(await isIn(visitor)))
  assert.equal((await givePassword(copies.visitor(), person)).status, 401)
  assert.ok((await mailsTo(copies, person)).includes('Twostep: Your account was deleted'))
  assert.equal((await eventsOf(copies, person)).at(-1), 'account.deleted')
  await assertErased(person, key)
})

test('PRV-03, OPS-03: the same by the operator, who types the address again', async () => {
  const { person, key } = await fullLife()
  const words = ['delete-account', person.email]
  assert.equal((await operate(copies.world, words, ['no'])).code, 1)
  assert.ok(await isThere(person))
  const { code, said } = await operate(copies.world, words, [person.email])
  assert.equal(code, 0)
  assert.match(said, /The team “Team \d+” goes too/)
  assert.ok(!(await isThere(person)))
  assert.ok((await mailsTo(copies, person)).includes('Twostep: Your account was deleted'))
  await assertErased(person, key)
})

test('PRV-03: a team of which nobody else is a member goes too, another stays', async () => {
  const person = await addSomebody(copies.world)
  const other = await addSomebody(copies.world)
  const alone = await ownTeam(copies.world, person.id)
  const others = await ownTeam(copies.world, other.id)
  await join(copies.world, others, person.id)
  const visitor = await enter(copies, person)
  assert.equal((await visitor.api('DELETE', '/account', { email: person.email })).status, 200)
  const teams = await copies.sql.query<{ id: string }>(
    'SELECT id FROM teams WHERE id = ANY($1::uuid[])',
    [[alone, others]],
  )
  assert.deepEqual(teams, [{ id: others }])
})

test('PRV-03: the owner of a team with other members hands it over first, on the page, in the API and for the operator', async () => {
  const owner = await addSomebody(copies.world)
  const member = await addSomebody(copies.world)
  await join(copies.world, await ownTeam(copies.world, owner.id), member.id)
  const visitor = await enter(copies, owner)
  const page = await visitor.get(path)
  assert.match(page.text, /Hand the team over/)
  const reply = await visitor.api('DELETE', '/account', { email: owner.email })
  assert.equal(reply.status, 409)
  assert.equal(reply.json['error'], 'hand-over-first')
  const { code, complained } = await operate(copies.world, ['delete-account', owner.email, '--yes'])
  assert.equal(code, 1)
  assert.match(complained, /hand it over first/)
  assert.ok(await isThere(owner))
  assert.ok(await isIn(visitor))
})

test('PRV-03, ENR-01: another address, no proof, a stolen cookie: nothing is deleted', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  for (const email of ['somebody@example.com', '', `${person.email}x`]) {
    const { status } = await visitor.api('DELETE', '/account', { email })
    assert.ok(status === 422 || status === 400, String(status))
  }
  copies.clock.advance(11 * 60)
  const stale = await visitor.api('DELETE', '/account', { email: person.email })
  assert.equal(stale.json['error'], 'step-up-required')
  const asked = await visitor.get(path)
  assert.match(asked.headers.get('location') ?? '', /^\/step-up/)
  assert.equal(
    (await copies.visitor().api('DELETE', '/account', { email: person.email })).status,
    401,
  )
  assert.ok(await isThere(person))
})

test('PRV-03: attack: somebody joins the team at the moment its only member deletes the account: no member without a team, no team without an owner', async () => {
  for (let round = 0; round < 4; round++) {
    const owner = await addSomebody(copies.world)
    const member = await addSomebody(copies.world)
    const team = await ownTeam(copies.world, owner.id)
    const words = ['delete-account', owner.email, '--yes']
    await atOnce<unknown>(copies.sql, `SELECT FROM teams WHERE id = '${team}' FOR UPDATE`, [
      () => operate(copies.world, words),
      () => join(copies.world, team, member.id).catch(() => 'no such team'),
    ])
    const [row] = await copies.sql.query<{ owners: number; members: number }>(
      `SELECT count(*) FILTER (WHERE role = 'owner')::int AS owners, count(*)::int AS members
       FROM memberships WHERE team_id = $1`,
      [team],
    )
    assert.ok(row?.members === 0 || row?.owners === 1, JSON.stringify(row))
    assert.equal(await isThere(owner), row?.owners === 1)
  }
})

test('PRV-03: attack: a thief deletes the account while its person shuts them out: it stays', async () => {
  const person = await addSomebody(copies.world)
  const owner = await enter(copies, person)
  const thief = await enter(copies, person)
  const lock = `SELECT FROM accounts WHERE id = '${person.id}' FOR UPDATE`
  let deleting: Promise<Reply> | undefined
  const [shut] = await atOnce(
    copies.sql,
    lock,
    [() => owner.api('DELETE', '/sessions')],
    async () => {
      deleting = thief.api('DELETE', '/account', { email: person.email })
      await untilWaiting(copies.sql, 2)
    },
  )
  assert.equal(shut?.status, 200, shut?.text)
  const deleted = await deleting
  assert.deepEqual([deleted?.status, deleted?.json['error']], [409, 'changed'])
  assert.ok(await isThere(person))
})

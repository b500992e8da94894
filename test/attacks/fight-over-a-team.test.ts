import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { memberOf, ownedTeam, roleIn } from '../support/invited.ts'
import { countOf } from '../support/rows.ts'
import { setPolicy } from '../support/teams.ts'
import type { Reply, Visitor } from '../support/visitor.ts'
import { atOnce, untilWaiting } from '../support/world.ts'

/** Changes of place in a team at the same instant, over two copies. */
let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const rounds = 10
const at = (visitor: Visitor, copy: number) => visitor.copy(copies.all[copy % 2]?.base)
const won = (replies: readonly Reply[]) => replies.filter(({ status }) => status === 200).length
const owners = (team: string) =>
  countOf(copies.sql, `SELECT 1 FROM memberships WHERE team_id = $1 AND role = 'owner'`, team)
const handOver = (visitor: Visitor, team: string, email: string) =>
  visitor.api('PUT', `/teams/${team}/owner`, { email })

test('TEAM-04: two hand-overs at once: one new owner, and the team never has none', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, owner, visitor } = await ownedTeam(copies)
    const [one, two] = [await memberOf(copies, team), await memberOf(copies, team, 'admin')]
    const watch = new AbortController()
    const watched = (async () => {
      while (!watch.signal.aborted) assert.equal(await owners(team), 1)
    })()
    const replies = await Promise.all([
      handOver(at(visitor, 0), team, one.person.email),
      handOver(at(visitor, 1), team, two.person.email),
    ])
    watch.abort()
    await watched
    assert.equal(won(replies), 1, replies.map(({ text }) => text).join())
    assert.equal(await owners(team), 1)
    assert.equal(await roleIn(copies, team, owner.email), 'admin')
    const told = `SELECT 1 FROM events WHERE team_id = $1 AND kind = 'team.handed-over'`
    assert.equal(await countOf(copies.sql, told, team), 1)
  }
})

test('TEAM-04: demoted while the team is handed over to them: one owner, and no half of either', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, visitor } = await ownedTeam(copies)
    const { person } = await memberOf(copies, team, 'admin')
    const [handed, demoted] = await Promise.all([
      handOver(at(visitor, round), team, person.email),
      at(visitor, round + 1).api('PATCH', `/teams/${team}/members/${person.id}`, {
        role: 'member',
      }),
    ])
    assert.equal(await owners(team), 1)
    assert.equal(handed.status, 200, handed.text)
    assert.equal(await roleIn(copies, team, person.email), 'owner')
    assert.ok([200, 403, 409].includes(demoted.status), demoted.text)
  }
})

test('TEAM-04: removed while the team is handed over to them: never a team without owner', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, owner, visitor } = await ownedTeam(copies)
    const { person } = await memberOf(copies, team)
    const { visitor: admin } = await memberOf(copies, team, 'admin')
    const replies = await Promise.all([
      handOver(at(visitor, round), team, person.email),
      at(admin, round + 1).api('DELETE', `/teams/${team}/members/${person.id}`),
    ])
    assert.equal(won(replies), 1, replies.map(({ text }) => text).join())
    assert.equal(await owners(team), 1)
    const handed = replies[0].status === 200
    assert.equal(await roleIn(copies, team, person.email), handed ? 'owner' : null)
    assert.equal(await roleIn(copies, team, owner.email), handed ? 'admin' : 'owner')
  }
})

test('TEAM-09: an admin demoted at that instant removes nobody afterwards', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, visitor } = await ownedTeam(copies)
    const { person: admin, visitor: theirs } = await memberOf(copies, team, 'admin')
    const { person: victim } = await memberOf(copies, team)
    const [demoted, removed] = await Promise.all([
      at(visitor, round).api('PATCH', `/teams/${team}/members/${admin.id}`, { role: 'member' }),
      at(theirs, round + 1).api('DELETE', `/teams/${team}/members/${victim.id}`),
    ])
    assert.equal(demoted.status, 200, demoted.text)
    assert.ok([200, 403, 409].includes(removed.status), removed.text)
    const role = await roleIn(copies, team, victim.email)
    assert.equal(role, removed.status === 200 ? null : 'member')
    const again = await theirs.api('DELETE', `/teams/${team}/members/${victim.id}`)
    assert.equal(again.json['error'], 'role-required')
  }
})

test('TEAM-04, ENR-05: the new owner turns their method off at that instant: never an unprotected owner', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, visitor } = await ownedTeam(copies)
    await setPolicy(copies.world, team, { strengths: ['good'] })
    const { person, visitor: theirs } = await memberOf(copies, team)
    await Promise.all([
      handOver(at(visitor, round), team, person.email),
      at(theirs, round + 1).api('DELETE', `/methods/${person.methods['totp']}`),
    ])
    const bare = `SELECT 1 FROM memberships WHERE team_id = $1 AND role = 'owner' AND kinds = '{}'`
    assert.equal(await countOf(copies.sql, bare, team), 0)
    assert.equal(await owners(team), 1)
  }
})

test('TEAM-09: an admin demoted while making an API key leaves none behind', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, visitor } = await ownedTeam(copies)
    const { person, visitor: theirs } = await memberOf(copies, team, 'admin')
    const wish = { name: 'Audit', scopes: ['read-members'], days: 30 }
    const [made, demoted] = await Promise.all([
      at(theirs, round).api('POST', `/teams/${team}/api-keys`, wish),
      at(visitor, round + 1).api('PATCH', `/teams/${team}/members/${person.id}`, {
        role: 'member',
      }),
    ])
    assert.equal(demoted.status, 200, demoted.text)
    assert.ok(made.status < 500, made.text)
    const left = 'SELECT 1 FROM api_keys WHERE made_by = $1'
    assert.equal(await countOf(copies.sql, left, person.id), 0)
  }
})

test('TEAM-09: the same person removed by two at once is removed once', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, visitor } = await ownedTeam(copies)
    const { person } = await memberOf(copies, team)
    const path = `/teams/${team}/members/${person.id}`
    const replies = await Promise.all([0, 1].map((copy) => at(visitor, copy).api('DELETE', path)))
    assert.equal(won(replies), 1)
    const told = `SELECT 1 FROM messages WHERE account_id = $1 AND parameters ->> 'event' = 'team-removed'`
    assert.equal(await countOf(copies.sql, told, person.id), 1)
  }
})

test('TEAM-04, PRV-03: the new owner deletes their account at that instant: never a team without owner', async () => {
  for (let round = 0; round < rounds; round++) {
    const { team, owner, visitor } = await ownedTeam(copies)
    const { person, visitor: theirs } = await memberOf(copies, team)
    await copies.sql.query('DELETE FROM memberships WHERE account_id = $1 AND team_id <> $2', [
      person.id,
      team,
    ])
    const replies = await Promise.all([
      handOver(at(visitor, round), team, person.email),
      at(theirs, round + 1).api('DELETE', '/account', { email: person.email }),
    ])
    assert.equal(won(replies), 1, replies.map(({ text }) => text).join())
    assert.equal(await owners(team), 1)
    const handed = replies[0].status === 200
    assert.equal(await roleIn(copies, team, owner.email), handed ? 'admin' : 'owner')
  }
})

test('TEAM-04: an admin demoted at that instant changes nothing of what the team requires afterwards', async () => {
  const { team, visitor } = await ownedTeam(copies)
  await setPolicy(copies.world, team)
  const { person, visitor: theirs } = await memberOf(copies, team, 'admin')
  const { json: policy } = await theirs.api('GET', `/teams/${team}/policy`)
  const wanted = { ...policy, required: false }
  let changing: Promise<Reply> | undefined
  const [demoted] = await atOnce(
    copies.sql,
    `SELECT FROM teams WHERE id = '${team}' FOR UPDATE`,
    [() => at(visitor, 0).api('PATCH', `/teams/${team}/members/${person.id}`, { role: 'member' })],
    async () => {
      changing = at(theirs, 1).api('PUT', `/teams/${team}/policy`, wanted)
      await untilWaiting(copies.sql, 2)
    },
  )
  assert.equal(demoted?.status, 200, demoted?.text)
  const changed = await changing
  assert.deepEqual([changed?.status, changed?.json['error']], [409, 'changed'], changed?.text)
  const [row] = await copies.sql.query<{ required: boolean }>(
    'SELECT required FROM policies WHERE team_id = $1',
    [team],
  )
  assert.equal(row?.required, true)
})

test('REC-07: whoever was just recovered hands no team over', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const { person } = await memberOf(copies, team)
  const until = new Date(copies.clock.now().getTime() + 3_600_000)
  await copies.sql.query('UPDATE accounts SET frozen_until = $2 WHERE id = $1', [owner.id, until])
  assert.equal((await handOver(visitor, team, person.email)).json['error'], 'frozen')
  assert.equal(await roleIn(copies, team, owner.email), 'owner')
})

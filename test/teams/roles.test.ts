import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../src/crypto/random.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { invite, invited, memberOf, ownedTeam, roleIn, someAddress } from '../support/invited.ts'
import { enter, eventsOf, mailsTo } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { countOf, rowsBut } from '../support/rows.ts'
import { join, ownTeam, setPolicy } from '../support/teams.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

const appOnly: Partial<Policy> = { strengths: ['phishing-resistant', 'good'] }
const memberAt = (team: string, id: string) => `/teams/${team}/members/${id}`
const setRole = (visitor: Visitor, team: string, id: string, role: string) =>
  visitor.api('PATCH', memberAt(team, id), { role })
const handOver = (visitor: Visitor, team: string, email: string) =>
  visitor.api('PUT', `/teams/${team}/owner`, { email })

/** What an admin may have begun in a team: an API key, a change of the policy, an invitation. */
async function beginThings(team: string, person: { id: string }, visitor: Visitor) {
  const now = copies.clock.now()
  await copies.sql.query(
    `INSERT INTO api_keys (id, team_id, name, token_hash, scopes, made_by, created_at, expires_at)
     VALUES ($1, $2, 'Audit', $3, '{}', $4, $5, $5::timestamptz + interval '1 day')`,
    [newId(now, copies.world.random), team, copies.world.random(32), person.id, now],
  )
  await copies.sql.query(
    `INSERT INTO policy_drafts (team_id, account_id, base_version, policy, made_at)
     VALUES ($1, $2, 1, '{}', $3)`,
    [team, person.id, now],
  )
  assert.equal((await invite(visitor, team, someAddress())).status, 200)
}

async function begun({ id }: { id: string }): Promise<number[]> {
  const texts = [
    'SELECT 1 FROM api_keys WHERE made_by = $1',
    'SELECT 1 FROM policy_drafts WHERE account_id = $1',
    'SELECT 1 FROM invitations WHERE invited_by = $1',
  ]
  return Promise.all(texts.map((text) => countOf(copies.sql, text, id)))
}

test('TEAM-09: the owner makes an admin and a member again; each is told; what an admin began ends', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const { person, visitor: theirs } = await memberOf(copies, team)
  assert.match((await visitor.get(`${memberAt(team, person.id)}/role`)).text, /Make .* an admin\?/)
  assert.deepEqual((await setRole(visitor, team, person.id, 'admin')).json, { role: 'admin' })
  assert.equal((await theirs.api('GET', `/teams/${team}/invitations`)).status, 200)
  await beginThings(team, person, theirs)
  assert.deepEqual(await begun(person), [1, 1, 1])
  const page = await visitor.get(`${memberAt(team, person.id)}/role`)
  assert.match(page.text, /1 API key that they made for this team stops working/)
  assert.match(page.text, /1 invitation they sent and nobody accepted yet is withdrawn/)
  assert.equal((await setRole(visitor, team, person.id, 'member')).status, 200)
  assert.deepEqual(await begun(person), [0, 0, 0])
  const late = await theirs.api('GET', `/teams/${team}/invitations`)
  assert.equal(late.json['error'], 'role-required')
  const told = (await mailsTo(copies, person)).filter((one) => one.includes('Your role in a team'))
  assert.equal(told.length, 2)
  const changes = await copies.sql.query<{ actor_id: string; details: object }>(
    `SELECT actor_id, details FROM events WHERE kind = 'member.role-changed' AND account_id = $1
     AND team_id = $2 ORDER BY id`,
    [person.id, team],
  )
  assert.deepEqual(changes, [
    { actor_id: owner.id, details: { from: 'member', to: 'admin' } },
    { actor_id: owner.id, details: { from: 'admin', to: 'member' } },
  ])
})

test('TEAM-07, TEAM-09: only the owner changes roles; an admin removes members, not admins or the owner', async () => {
  const { team, owner } = await ownedTeam(copies)
  const { person: admin, visitor } = await memberOf(copies, team, 'admin')
  const { person: peer } = await memberOf(copies, team, 'admin')
  const { person: member, visitor: members } = await memberOf(copies, team)
  const before = await rowsBut(copies.sql, 'events', 'sessions')
  const refused = [
    [await setRole(visitor, team, member.id, 'admin'), 'role-required'],
    [await visitor.api('DELETE', memberAt(team, peer.id)), 'owner-required'],
    [await visitor.api('DELETE', memberAt(team, owner.id)), 'owner-stays'],
    [await visitor.api('DELETE', memberAt(team, admin.id)), 'not-yourself'],
    [await members.api('DELETE', memberAt(team, peer.id)), 'role-required'],
    [await handOver(visitor, team, admin.email), 'role-required'],
  ] as const
  for (const [reply, reason] of refused) assert.equal(reply.json['error'], reason)
  assert.deepEqual(await rowsBut(copies.sql, 'events', 'sessions'), before)
  assert.equal((await visitor.api('DELETE', memberAt(team, member.id))).status, 200)
})

test('TEAM-04: the owner cannot demote, remove or lose themselves; nothing changes', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const before = await rowsBut(copies.sql, 'events', 'sessions')
  const replies = [
    await setRole(visitor, team, owner.id, 'member'),
    await setRole(visitor, team, owner.id, 'admin'),
    await visitor.api('DELETE', memberAt(team, owner.id)),
    await visitor.api('DELETE', `/teams/${team}/membership`),
  ]
  for (const { status, json } of replies) {
    assert.deepEqual([status, json['error']], [409, 'owner-stays'])
  }
  assert.equal((await setRole(visitor, team, owner.id, 'owner')).status, 400)
  assert.equal((await visitor.get(`/teams/${team}/leave`)).status, 409)
  assert.equal((await handOver(visitor, team, owner.email)).json['error'], 'already-done')
  assert.deepEqual(await rowsBut(copies.sql, 'events', 'sessions'), before)
})

test('TEAM-09: who is removed is out at their next request, in sessions that are open', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const { person, visitor: first } = await memberOf(copies, team, 'admin')
  const second = first.copy(copies.all[1]?.base)
  await beginThings(team, person, first)
  await copies.sql.query(
    `INSERT INTO passes (account_id, team_id, hash, created_at, expires_at)
     VALUES ($1, $2, '', $3, $3::timestamptz + interval '1 day')`,
    [person.id, team, copies.clock.now()],
  )
  const page = await visitor.get(`${memberAt(team, person.id)}/remove`)
  assert.match(page.text, /see nothing of this team any more, at once/)
  const removed = await visitor.post(`${memberAt(team, person.id)}/remove`, {})
  assert.equal(removed.headers.get('location'), `/teams/${team}/members?notice=member-removed`)
  for (const browser of [first, second]) {
    assert.equal((await browser.api('GET', `/teams/${team}/invitations`)).status, 404)
    assert.equal((await browser.api('POST', `/teams/${team}/switch`, {})).status, 404)
    const { status, json } = await browser.api('GET', '/session')
    assert.equal(status, 200, 'the account stays')
    assert.ok(!JSON.stringify(json['teams']).includes(team))
  }
  assert.deepEqual(await begun(person), [0, 0, 0])
  assert.equal(await countOf(copies.sql, 'SELECT 1 FROM passes WHERE team_id = $1', team), 0)
  assert.ok((await mailsTo(copies, person)).includes('Twostep: You were removed from a team'))
  assert.ok((await eventsOf(copies, person)).includes('member.removed'))
  assert.equal((await visitor.api('DELETE', memberAt(team, person.id))).status, 404)
})

test('TEAM-03: leaving, or being removed, and coming back keeps the deadline', async () => {
  const { team, owner } = await ownedTeam(copies)
  await setPolicy(copies.world, team, { joiner_days: 7 })
  copies.clock.advance(60)
  const person = await addSomebody(copies.world)
  await join(copies.world, team, person.id)
  const due = new Date(copies.clock.now().getTime() + 7 * 86_400_000).toISOString()
  const dueOf = async (browser: Visitor) => {
    const teams = (await browser.api('GET', '/teams')).json['teams']
    const mine = (teams as { id: string; requires: { due_at: string } | null }[]).find(
      ({ id }) => id === team,
    )
    return mine?.requires?.due_at
  }
  const browser = await enter(copies, person)
  assert.equal(await dueOf(browser), due)
  assert.match((await browser.get(`/teams/${team}/leave`)).text, /Leave the team/)
  assert.equal((await browser.api('DELETE', `/teams/${team}/membership`)).status, 200)
  assert.equal((await browser.api('GET', `/teams/${team}/invitations`)).status, 404)
  assert.ok((await eventsOf(copies, person)).includes('member.left'))
  for (const wayOut of ['removed', 'removed again']) {
    copies.clock.advance(86_400)
    const again = await enter(copies, owner, {}, copies.visitor())
    const { id } = await invited(copies, { team, owner, visitor: again }, person.email)
    const back = await enter(copies, person, {}, copies.visitor())
    assert.equal((await back.api('POST', `/invitations/${id}/accept`, {})).status, 200)
    assert.equal(await dueOf(back), due, wayOut)
    assert.equal((await again.api('DELETE', memberAt(team, person.id))).status, 200)
  }
  copies.clock.advance(6 * 86_400)
  const last = await enter(copies, owner, {}, copies.visitor())
  const { id } = await invited(copies, { team, owner, visitor: last }, person.email)
  const late = await enter(copies, person, {}, copies.visitor())
  assert.equal((await late.api('POST', `/invitations/${id}/accept`, {})).status, 200)
  assert.equal((await late.api('GET', '/session')).json['error'], 'set-up-required')
})

test('TEAM-04: a team goes to a member or admin; both are told; the old owner is an admin', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const { person: admin } = await memberOf(copies, team, 'admin')
  const { person, visitor: theirs } = await memberOf(copies, team)
  const page = await visitor.get(`/teams/${team}/hand-over?to=${person.id}`)
  assert.ok(page.text.includes(`value="${person.email}"`))
  assert.ok(page.text.includes(`hand-over?to=${admin.id}`))
  const handed = await visitor.post(`/teams/${team}/hand-over`, { email: person.email })
  assert.equal(handed.headers.get('location'), `/teams/${team}/members?notice=team-handed-over`)
  assert.equal(await roleIn(copies, team, person.email), 'owner')
  assert.equal(await roleIn(copies, team, owner.email), 'admin')
  assert.ok((await mailsTo(copies, person)).includes('Twostep: You own a team now'))
  assert.ok((await mailsTo(copies, owner)).includes('Twostep: You handed a team over'))
  assert.equal((await handOver(visitor, team, owner.email)).json['error'], 'role-required')
  assert.equal((await setRole(theirs, team, owner.id, 'member')).status, 200)
})

test('TEAM-04: where the team requires it, only somebody with a method that counts becomes the owner', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  await setPolicy(copies.world, team, appOnly)
  const texting = await addSomebody(copies.world, ['sms'])
  const nothing = await addSomebody(copies.world)
  const { person: good } = await memberOf(copies, team)
  for (const { id } of [texting, nothing]) await join(copies.world, team, id)
  for (const { email } of [texting, nothing]) {
    const reply = await handOver(visitor, team, email)
    assert.deepEqual([reply.status, reply.json['error']], [409, 'owner-not-protected'])
    assert.match(String(reply.json['message']), /Acme requires two-step authentication, and Person/)
  }
  const page = await visitor.post(`/teams/${team}/hand-over`, { email: texting.email })
  assert.match(page.text, /has no method that counts there/)
  assert.equal(await roleIn(copies, team, owner.email), 'owner')
  assert.equal((await handOver(visitor, team, good.email)).status, 200)
})

test('TEAM-04: a paused requirement still asks for a protected owner; a locked method is none', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const paused_until = new Date(copies.clock.now().getTime() + 86_400_000)
  await setPolicy(copies.world, team, { ...appOnly, paused_until })
  const { person } = await memberOf(copies, team)
  await copies.sql.query('UPDATE methods SET failures = 100 WHERE account_id = $1', [person.id])
  assert.equal((await handOver(visitor, team, person.email)).json['error'], 'owner-not-protected')
})

test('TEAM-04: nobody outside the team, and nobody disabled, becomes its owner', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const outside = await addSomebody(copies.world, ['totp'])
  const { person } = await memberOf(copies, team)
  await copies.sql.query('UPDATE accounts SET disabled_at = $2 WHERE id = $1', [
    person.id,
    copies.clock.now(),
  ])
  assert.equal((await handOver(visitor, team, outside.email)).json['error'], 'not-a-member')
  assert.equal((await handOver(visitor, team, person.email)).json['error'], 'people-changed')
  assert.equal((await visitor.get(`/teams/${team}/hand-over?to=${outside.id}`)).status, 404)
  assert.equal(await roleIn(copies, team, owner.email), 'owner')
})

test('ENR-09: somebody of another team is not found, by whichever team one names', async () => {
  const [mine, theirs] = [await ownedTeam(copies), await ownedTeam(copies, 'Theirs')]
  const { person } = await memberOf(copies, theirs.team)
  const before = await rowsBut(copies.sql, 'events', 'sessions')
  for (const team of [mine.team, theirs.team]) {
    const at = memberAt(team, person.id)
    const replies = [
      await mine.visitor.api('PATCH', at, { role: 'admin' }),
      await mine.visitor.api('DELETE', at),
      await mine.visitor.get(`${at}/role`),
      await mine.visitor.get(`${at}/remove`),
    ]
    for (const { status } of replies) assert.equal(status, 404)
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events', 'sessions'), before)
})

test('ENR-01: role, removal, leaving and handing over need a fresh proof', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const { person, visitor: theirs } = await memberOf(copies, team)
  copies.clock.advance(601)
  const replies = [
    await setRole(visitor, team, person.id, 'admin'),
    await visitor.api('DELETE', memberAt(team, person.id)),
    await handOver(visitor, team, person.email),
    await theirs.api('DELETE', `/teams/${team}/membership`),
  ]
  for (const { json } of replies) assert.equal(json['error'], 'step-up-required')
  const page = await visitor.get(`${memberAt(team, person.id)}/remove`)
  assert.match(String(page.headers.get('location')), /^\/step-up\?return_to=/)
})

test('somebody signed in makes another team, owns it, and finds it in the menu and the session', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const first = await ownTeam(copies.world, person.id)
  const visitor = await enter(copies, person)
  const made = await visitor.post('/teams/new', { name: 'Initech' })
  const id = /^\/teams\/([^/]+)\/invitations\?notice=team-made$/.exec(
    made.headers.get('location') ?? '',
  )?.[1]
  assert.ok(id, made.text.slice(0, 300))
  const { json } = await visitor.api('GET', '/session')
  assert.deepEqual(
    (json['teams'] as { id: string; role: string }[]).map((team) => [team.id, team.role]),
    [
      [first, 'owner'],
      [id, 'owner'],
    ],
  )
  const home = await visitor.get('/')
  assert.match(home.text, /href="\/teams\/new"/)
  assert.match(home.text, new RegExp(`action="/teams/${first}/switch"`))
  assert.match(home.text, new RegExp(`href="/teams/${id}/members"`), 'the menu shows the new one')
  assert.ok((await eventsOf(copies, person)).includes('team.created'))
})

test('one person owns twenty teams at most, also when two are made at the same instant', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  for (let owned = 1; owned < 19; owned++) {
    assert.equal((await visitor.api('POST', '/teams', { name: `Team ${owned}` })).status, 200)
  }
  const both = await Promise.all(
    copies.all.map(({ base }) => visitor.copy(base).api('POST', '/teams', { name: 'One more' })),
  )
  assert.deepEqual(
    both.map(({ status }) => status).toSorted((a, b) => a - b),
    [200, 409],
  )
  const refused = both.find(({ status }) => status === 409)
  assert.equal(refused?.json['error'], 'too-many-teams')
  const owned = `SELECT 1 FROM memberships WHERE account_id = $1 AND role = 'owner'`
  assert.equal(await countOf(copies.sql, owned, person.id), 20)
})

test('TEAM-05: one’s teams are listed with what each requires', async () => {
  const { team, visitor } = await ownedTeam(copies)
  copies.clock.advance(1)
  await setPolicy(copies.world, team, { ...appOnly, trust_days: 3 })
  const { json } = await visitor.api('GET', '/teams')
  const [own, acme] = json['teams'] as Record<string, unknown>[]
  assert.deepEqual([own?.['requires'], own?.['trust_days']], [null, 14])
  assert.deepEqual(acme?.['requires'], {
    strengths: ['phishing-resistant', 'good'],
    due: false,
    due_at: null,
  })
  assert.deepEqual([acme?.['role'], acme?.['trust_days']], ['owner', 3])
})

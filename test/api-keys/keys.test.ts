import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cleanUp } from '../../src/clean-up.ts'
import { callWith, makeKey, ownerOfTeam } from '../support/api-keys.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter, freshAppCode, mailsTo } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { join } from '../support/teams.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

type Listed = {
  readonly id: string
  readonly name: string
  readonly scopes: readonly string[]
  readonly maker: string
  readonly expired: boolean
  readonly expires_at: string
  readonly last_used_at: string | null
}

async function listed(visitor: Visitor, team: string): Promise<readonly Listed[]> {
  const reply = await visitor.api('GET', `/teams/${team}/api-keys`)
  assert.equal(reply.status, 200, reply.text)
  return reply.json['keys'] as Listed[]
}

const refusals = ({ status, json }: Reply) => [
  status,
  json['error'],
  Object.keys((json['fields'] ?? {}) as object),
]

test('TEAM-02: an admin makes a key through the page, sees it once, and finds it in the list', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const root = `/teams/${team}/api-keys`
  assert.match((await visitor.get(root)).text, /No API keys/)
  const form = await visitor.get(`${root}/new`)
  assert.match(form.text, /What may it do\?.*Read members.*Manage members.*Read the security log/s)
  const made = await visitor.post(root, {
    name: 'Nightly “audit”',
    scopes: 'read-members',
    days: '7',
  })
  assert.equal(made.status, 200)
  const [token = ''] = /tsk_[\w-]{43}/.exec(made.text) ?? []
  assert.ok(token)
  const page = await visitor.get(root)
  assert.ok(!page.text.includes(token))
  assert.match(page.text, /Nightly “audit”.*Read members.*Never used.*Expires.*by.*Person/s)
  const [key] = await listed(visitor, team)
  const days = (Date.parse(key?.expires_at ?? '') - copies.clock.now().getTime()) / 86_400_000
  assert.equal(days, 7)
  const used = await callWith(visitor.base, token, 'GET', `/teams/${team}/members`)
  assert.equal(used.status, 200, used.text)
})

test('TEAM-02: without days a key lives 90, and never more than 365', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  await makeKey(visitor, team)
  const [key] = await listed(visitor, team)
  const days = (Date.parse(key?.expires_at ?? '') - copies.clock.now().getTime()) / 86_400_000
  assert.equal(days, 90)
  const path = `/teams/${team}/api-keys`
  const good = { name: 'Mine', scopes: ['read-log'] }
  for (const [body, field] of [
    [{ ...good, days: 0 }, 'days'],
    [{ ...good, days: 366 }, 'days'],
    [{ ...good, days: 1.5 }, 'days'],
    [{ ...good, days: 'soon' }, 'days'],
    [{ ...good, days: -1 }, 'days'],
    [{ ...good, name: '' }, 'name'],
    [{ ...good, name: 'x'.repeat(101) }, 'name'],
    [{ ...good, name: 'two\nlines' }, 'name'],
    [{ ...good, scopes: [] }, 'scopes'],
    [{ name: 'Mine' }, 'scopes'],
    [{ ...good, scopes: ['owner'] }, 'scopes'],
    [{ ...good, scopes: 'all' }, 'scopes'],
  ] as const) {
    assert.deepEqual(refusals(await visitor.api('POST', path, body)), [400, 'bad-input', [field]])
  }
  assert.equal((await listed(visitor, team)).length, 1)
})

test('A11Y-05: a form without a name or a scope says so, and keeps what was ticked', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const path = `/teams/${team}/api-keys`
  const none = await visitor.post(path, { name: 'Mine', days: '30' })
  assert.equal(none.status, 400)
  assert.match(none.text, /id="field-scopes-error"[^<]*<svg.*Please fill this in/s)
  assert.match(none.text, /value="Mine"/)
  const some = await visitor.post(path, { name: '', scopes: 'read-log', days: '30' })
  assert.match(some.text, /value="read-log"\s+checked/)
  assert.doesNotMatch(some.text, /value="read-members"\s+checked/)
})

test('LIM-09: of forty made at the same moment by two copies a team has twenty', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const twins = Array.from({ length: 40 }, (_none, i) => visitor.copy(copies.all[i % 2]?.base))
  const body = { name: 'One of many', scopes: ['read-log'] }
  const replies = await Promise.all(
    twins.map((twin) => twin.api('POST', `/teams/${team}/api-keys`, body)),
  )
  const made = replies.filter(({ status }) => status === 200)
  assert.equal(made.length, 20)
  for (const reply of replies.filter(({ status }) => status !== 200)) {
    assert.deepEqual([reply.status, reply.json['error']], [409, 'too-many-api-keys'])
  }
  assert.equal((await listed(visitor, team)).length, 20)
  assert.equal(new Set(made.map(({ json }) => json['token'])).size, 20)
  assert.match((await visitor.get(`/teams/${team}/api-keys`)).text, /as many as it can have/)
  const [first] = await listed(visitor, team)
  await visitor.api('DELETE', `/teams/${team}/api-keys/${first?.id}`)
  await makeKey(visitor, team)
})

test('PRV-03: an expired key is listed for a month and gives way to a new one', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  for (let i = 0; i < 20; i++) await makeKey(visitor, team, ['read-log'], { days: 1 })
  copies.clock.advance(86_401)
  const again = await enter(copies, owner)
  assert.ok((await listed(again, team)).every(({ expired }) => expired))
  const fresh = await makeKey(again, team)
  const keys = await listed(again, team)
  assert.equal(keys.length, 20)
  assert.equal(keys[0]?.id, fresh.id)
  copies.clock.advance(31 * 86_400)
  await cleanUp(copies.world)
  const left = await listed(await enter(copies, owner), team)
  assert.deepEqual(
    left.map(({ id }) => id),
    [fresh.id],
  )
})

test('NTF-01, AUD-01: owner and maker are told of a key made and revoked, once each; both are in the log', async () => {
  const { team, owner } = await ownerOfTeam(copies)
  const admin = await addSomebody(copies.world, ['totp'])
  const other = await addSomebody(copies.world, ['totp'])
  await join(copies.world, team, admin.id, 'admin')
  await join(copies.world, team, other.id, 'admin')
  const visitor = await enter(copies, admin)
  const key = await makeKey(visitor, team)
  const revoker = await enter(copies, other)
  assert.match(
    (await revoker.get(`/teams/${team}/api-keys/${key.id}/revoke`)).text,
    /refused from its next request on/,
  )
  const done = await revoker.post(`/teams/${team}/api-keys/${key.id}/revoke`, {})
  assert.equal(done.status, 303, done.text)
  const subjects = (mails: readonly string[]) => mails.filter((mail) => /API key/.test(mail))
  for (const person of [owner, admin]) {
    assert.deepEqual(subjects(await mailsTo(copies, person)), [
      'Twostep: An API key was made for your team',
      'Twostep: An API key of your team was revoked',
    ])
  }
  assert.deepEqual(subjects(await mailsTo(copies, other)), [])
  const mine = await makeKey(await enter(copies, owner), team)
  assert.equal(subjects(await mailsTo(copies, owner)).length, 3, 'owner and maker are one')
  const rows = await copies.sql.query<{ kind: string; actor_id: string; details: object }>(
    `SELECT kind, actor_id, details FROM events WHERE team_id = $1 AND kind LIKE 'api-key.%'
     ORDER BY id`,
    [team],
  )
  assert.deepEqual(
    rows.map(({ kind, actor_id, details }) => [
      kind,
      actor_id,
      (details as { key_id: string }).key_id,
    ]),
    [
      ['api-key.made', admin.id, key.id],
      ['api-key.revoked', other.id, key.id],
      ['api-key.made', owner.id, mine.id],
    ],
  )
})

test('AUD-01, NTF-01: what a key does is done by its maker, names the key, and is told to the member', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const member = await addSomebody(copies.world, ['totp'])
  await join(copies.world, team, member.id)
  await enter(copies, member, { remember_device: true })
  const key = await makeKey(visitor, team, ['manage-members'])
  const path = `/teams/${team}/members/${member.id}/trusted-devices`
  // A day later no step-up is fresh; the key needs none.
  copies.clock.advance(86_400)
  const done = await callWith(visitor.base, key.token, 'DELETE', path)
  assert.deepEqual([done.status, done.json], [200, { forgotten: 1 }])
  const [row] = await copies.sql.query<{
    actor_id: string
    account_id: string
    details: object
    session_hash: string | null
  }>(
    `SELECT actor_id, account_id, details, session_hash FROM events
     WHERE kind = 'member.devices-forgotten' AND account_id = $1`,
    [member.id],
  )
  assert.deepEqual(row, {
    actor_id: owner.id,
    account_id: member.id,
    details: { api_key: key.id },
    session_hash: null,
  })
  assert.ok((await mailsTo(copies, member)).some((subject) => /devices/i.test(subject)))
  const page = await (await enter(copies, owner)).get(`/teams/${team}/log`)
  assert.match(page.text, /trusted devices.*with an API key.*Nightly/s)
  assert.equal(freshAppCode(copies, member).length, 6)
})

test('TEAM-02: last use is noted, at most once a minute', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  const use = () => callWith(visitor.base, key.token, 'GET', `/teams/${team}/events`)
  const seen = async () => Date.parse((await listed(visitor, team))[0]?.last_used_at ?? '')
  const first = copies.clock.now().getTime()
  await use()
  assert.equal(await seen(), first)
  copies.clock.advance(59)
  await use()
  assert.equal(await seen(), first)
  copies.clock.advance(1)
  await Promise.all(Array.from({ length: 10 }, use))
  assert.equal(await seen(), first + 60_000)
  assert.match((await visitor.get(`/teams/${team}/api-keys`)).text, /Last used/)
})

test('ENR-09: keys of another team are not found, and stay', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  const other = await ownerOfTeam(copies)
  for (const at of [`/teams/${other.team}`, `/teams/${team}`]) {
    const reply = await other.visitor.api('DELETE', `${at}/api-keys/${key.id}`)
    assert.deepEqual([reply.status, reply.json['error']], [404, 'not-found'])
    const page = await other.visitor.post(`${at}/api-keys/${key.id}/revoke`, {})
    assert.equal(page.status, 404)
  }
  assert.equal((await listed(visitor, team)).length, 1)
})

test('NTF-05: a key is revoked once, of ten at the same moment, and told once', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  const twins = Array.from({ length: 10 }, (_none, i) => visitor.copy(copies.all[i % 2]?.base))
  const replies = await Promise.all(
    twins.map((twin) => twin.api('DELETE', `/teams/${team}/api-keys/${key.id}`)),
  )
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  const revoked = (await mailsTo(copies, owner)).filter((mail) => /was revoked/.test(mail))
  assert.equal(revoked.length, 1)
})

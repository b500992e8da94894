import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { event } from '../../src/audit/event.ts'
import type { EventKind } from '../../src/audit/kinds.ts'
import { record } from '../../src/audit/store.ts'
import { sealLog } from '../../src/audit/seal-log.ts'
import { cleanUp } from '../../src/clean-up.ts'
import { callWith, makeKey, ownerOfTeam } from '../support/api-keys.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import { join, makeTeam } from '../support/teams.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

type Entry = {
  readonly id: number
  readonly kind: string
  readonly sentence: string
  readonly account: { readonly id: string; readonly name: string | null } | null
  readonly actor: { readonly id: string; readonly name: string | null } | null
  readonly method: string | null
}
type Page = {
  readonly events: readonly Entry[]
  readonly older: number | null
  readonly newer: number | null
}

async function read(visitor: Visitor, team: string, query = ''): Promise<Page> {
  const reply = await visitor.api('GET', `/teams/${team}/events${query}`)
  assert.equal(reply.status, 200, reply.text)
  return reply.json as unknown as Page
}

const caller = { requestId: '0011223344556677', source: '10.5.5.5', browser: 'Firefox on Linux' }

/** Writes events of an account into the log as a use case would. */
async function log(kinds: readonly EventKind[], about: Parameters<typeof event>[3]): Promise<void> {
  const now = copies.clock.now()
  await record(copies.sql, ...kinds.map((kind) => event(caller, now, kind, about)))
}

const called = (person: Person, name: string) =>
  copies.sql.query('UPDATE accounts SET name = $2 WHERE id = $1', [person.id, name])

const kindsOf = ({ events }: Page) => events.map(({ kind }) => kind)

test('AUD-01: the log says in sentences who did what to whom, with browser, place and method', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const grace = await addSomebody(copies.world, ['totp'])
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1', [grace.id])
  await join(copies.world, team, grace.id)
  await called(owner, 'Ada Lovelace')
  await called(grace, 'Grace Hopper')
  await givePassword(copies.visitor(), { ...grace, password: 'not the right password' })
  await enter(copies, grace)
  await visitor.api('DELETE', `/teams/${team}/members/${grace.id}/sessions`)
  const sentences = (await read(visitor, team)).events.map(({ sentence }) => sentence)
  for (const wanted of [
    'Ada Lovelace signed in',
    'Wrong password for Grace Hopper',
    'Grace Hopper signed in',
    'Ada Lovelace ended Grace Hopper’s sessions',
  ]) {
    assert.ok(sentences.includes(wanted), `${wanted}: ${sentences.join('; ')}`)
  }
  const page = await visitor.get(`/teams/${team}/log`)
  assert.match(page.text, /<bdi>Grace Hopper<\/bdi><\/a>\s*signed in/)
  assert.match(page.text, /Unknown browser ·\s+<bdi>10\.1\.0\.1<\/bdi> · Authenticator app/)
  assert.match(page.text, /Kept for\s+365 days; days and times are UTC/)
})

test('TEAM-02: members and strangers do not see it; an admin does', async () => {
  const { team } = await ownerOfTeam(copies)
  const member = await addSomebody(copies.world, ['totp'])
  await join(copies.world, team, member.id)
  const admin = await addSomebody(copies.world, ['totp'])
  await join(copies.world, team, admin.id, 'admin')
  const stranger = await ownerOfTeam(copies)
  for (const path of ['log', 'log/export', 'log/export.csv', 'api-keys', 'api-keys/new']) {
    const at = `/teams/${team}/${path}`
    assert.equal((await (await enter(copies, member)).get(at)).status, 403, path)
    assert.equal((await stranger.visitor.get(at)).status, 404, path)
    assert.equal((await (await enter(copies, admin)).get(at)).status, 200, path)
  }
})

test('TEAM-08: of a shared account the log shows what it does since it joined, and nothing of its other teams', async () => {
  const first = await ownerOfTeam(copies)
  await called(first.owner, 'Boss of the first')
  const shared = await addSomebody(copies.world, ['totp'])
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1', [shared.id])
  await join(copies.world, first.team, shared.id)
  copies.clock.advance(1)
  await enter(copies, shared)
  const second = await ownerOfTeam(copies)
  copies.clock.advance(1)
  await join(copies.world, second.team, shared.id, 'admin')
  const mine = { member: `?member=${shared.id}` }
  assert.deepEqual((await read(second.visitor, second.team, mine.member)).events, [])
  copies.clock.advance(1)
  await enter(copies, shared)
  const later = kindsOf(await read(second.visitor, second.team, mine.member))
  assert.deepEqual(later, ['sign-in.done', 'sign-in.password-right'])
  assert.equal((await read(first.visitor, first.team, mine.member)).events.length, 4)
  // Acts of the first team's owner on them, and what they do in the first team, are its own.
  await first.visitor.api('DELETE', `/teams/${first.team}/members/${shared.id}/sessions`)
  await log(['device.all-forgotten'], { account: shared.id, actor: first.owner.id })
  await log(['policy.changed'], { account: shared.id, team: first.team })
  for (const query of ['', mine.member, '?group=admin-acts', '?group=methods']) {
    const seen = JSON.stringify(await read(second.visitor, second.team, query))
    assert.ok(!seen.includes('Boss of the first') && !seen.includes(first.owner.id), query)
    assert.doesNotMatch(seen, /sessions-ended|all-forgotten|policy/, query)
  }
  const own = kindsOf(await read(first.visitor, first.team, mine.member))
  assert.ok(own.includes('policy.changed') && own.includes('device.all-forgotten'))
  // After leaving nothing more is seen, and what was stays.
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1 AND team_id = $2', [
    shared.id,
    second.team,
  ])
  await enter(copies, shared)
  assert.equal((await read(second.visitor, second.team, mine.member)).events.length, 2)
})

test('TEAM-08: who never was in the team is not named, whose account is gone is a former account', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const member = await addSomebody(copies.world)
  await join(copies.world, team, member.id)
  await called(member, 'Gone Tomorrow')
  const outsider = await addSomebody(copies.world)
  await called(outsider, 'Nobody’s Business')
  await log(['member.devices-forgotten'], { account: member.id, actor: outsider.id, team })
  await log(['member.left'], { account: member.id, team })
  await copies.sql.query('DELETE FROM accounts WHERE id = $1', [member.id])
  const page = await read(visitor, team, `?member=${member.id}`)
  assert.deepEqual(
    page.events.map(({ sentence, actor, account }) => [sentence, actor?.name, account?.name]),
    [
      ['A former account left the team', null, null],
      ['Somebody outside this team removed a former account’s trusted devices', undefined, null],
    ],
  )
  assert.ok(!JSON.stringify(page).includes(outsider.id))
  assert.equal((await visitor.get(`/teams/${team}/log`)).status, 200)
  assert.ok(owner.id)
})

test('AUD-01: pages follow each other both ways, with nothing left out or shown twice', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  for (let i = 0; i < 130; i++) {
    if (i % 40 === 0) copies.clock.advance(1)
    await log([i % 2 === 0 ? 'session.ended' : 'method.renamed'], { account: owner.id })
  }
  const all: number[] = []
  const walk = async (query: string, filter: string) => {
    const page: Page = await read(visitor, team, query)
    all.push(...page.events.map(({ id }) => id))
    if (page.older !== null) await walk(`?before=${page.older}&${filter}`, filter)
    return page
  }
  const first = await walk('', '')
  const total = await copies.sql.query('SELECT 1 FROM events WHERE team_id = $1', [team])
  assert.equal(all.length, total.length)
  assert.deepEqual(
    all,
    [...new Set(all)].toSorted((a, b) => b - a),
  )
  assert.equal(first.newer, null)
  const second = await read(visitor, team, `?before=${first.older}`)
  const back = await read(visitor, team, `?after=${second.newer}`)
  assert.deepEqual(back, { ...first, newer: null })
  const middle = await read(visitor, team, `?after=${all.at(-1)}`)
  assert.deepEqual(
    middle.events.map(({ id }) => id),
    all.slice(-51, -1),
  )
  assert.ok(middle.newer !== null && middle.older !== null)
  for (const filter of [
    'group=methods',
    `member=${owner.id}`,
    `member=${owner.id}&group=methods`,
  ]) {
    all.length = 0
    await walk(`?${filter}`, filter)
    const wanted = filter.includes('group')
      ? await copies.sql.query(`SELECT 1 FROM events WHERE team_id = $1 AND kind LIKE 'method.%'`, [
          team,
        ])
      : total
    assert.equal(all.length, wanted.length, filter)
    assert.equal(new Set(all).size, all.length, filter)
  }
  const html = await visitor.get(`/teams/${team}/log`)
  const older = /href="([^"]*before=\d+)"/.exec(html.text)?.[1]?.replaceAll('&amp;', '&') ?? ''
  assert.match((await visitor.get(older)).text, /Newest.*Newer.*Older/s)
})

test('AUD-01: filters by kind, member and days keep what fits and nothing else', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const other = await addSomebody(copies.world)
  await join(copies.world, team, other.id)
  // From one midnight to the next, to the millisecond.
  const midnight = Math.ceil(copies.clock.now().getTime() / 86_400_000) * 86_400_000
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10)
  for (const [ms, kind] of [
    [midnight - 1, 'session.ended'],
    [midnight, 'method.renamed'],
    [midnight + 86_399_999, 'method.removed'],
    [midnight + 86_400_000, 'method.confirmed'],
  ] as const) {
    await record(copies.sql, event(caller, new Date(ms), kind, { account: other.id, team }))
  }
  const days = `from=${day(midnight)}&to=${day(midnight)}`
  assert.deepEqual(kindsOf(await read(visitor, team, `?${days}`)), [
    'method.removed',
    'method.renamed',
  ])
  assert.deepEqual(kindsOf(await read(visitor, team, `?${days}&group=sign-ins`)), [])
  assert.deepEqual(kindsOf(await read(visitor, team, `?from=${day(midnight)}&group=methods`)), [
    'method.confirmed',
    'method.removed',
    'method.renamed',
  ])
  assert.deepEqual(kindsOf(await read(visitor, team, `?${days}&member=${other.id}`)), [
    'method.removed',
    'method.renamed',
  ])
  assert.deepEqual((await read(visitor, team, `?${days}&member=${owner.id}`)).events, [])
  // By a member: also what they did to others.
  await log(['member.reminded'], { account: other.id, actor: owner.id, team })
  assert.ok(kindsOf(await read(visitor, team, `?member=${owner.id}`)).includes('member.reminded'))
  const page = await visitor.get(
    `/teams/${team}/log?member=${encodeURIComponent(other.email.toUpperCase())}`,
  )
  assert.match(page.text, /Events: Person/)
  assert.doesNotMatch(page.text, />signed in</)
  assert.match(page.text, /method|turned off/i)
})

test('ENR-10: cursors and days that are none are refused by the API, and said on the page', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const bad: Record<string, readonly unknown[]> = {
    '?before=x': [400, 'bad-input', ['before']],
    '?before=0': [400, 'bad-input', ['before']],
    '?before=-1': [400, 'bad-input', ['before']],
    '?before=1e3': [400, 'bad-input', ['before']],
    '?before=99999999999999999999': [400, 'bad-input', ['before']],
    '?before=1&before=2': [400, 'bad-input', ['before']],
    '?before=1&after=2': [400, 'bad-input', ['after']],
    '?after=%27%20OR%201%3D1': [400, 'bad-input', ['after']],
    '?group=everything': [400, 'bad-input', ['group']],
    '?member=x': [400, 'bad-input', ['member']],
    '?from=2026-02-30': [400, 'bad-input', ['from']],
    '?from=yesterday': [400, 'bad-input', ['from']],
    '?to=2026-11-24T00:00:00Z': [400, 'bad-input', ['to']],
    '?from=2026-11-25&to=2026-11-24': [422, 'dates-turned', ['to']],
  }
  for (const [query, wanted] of Object.entries(bad)) {
    const { status, json } = await visitor.api('GET', `/teams/${team}/events${query}`)
    assert.deepEqual([status, json['error'], Object.keys(json['fields'] as object)], wanted, query)
    const page = await visitor.get(`/teams/${team}/log${query}`)
    assert.equal(page.status, 200, query)
  }
  const turned = await visitor.get(`/teams/${team}/log?from=2026-11-25&to=2026-11-24`)
  assert.match(turned.text, /id="refusal".*The last day is before the first/s)
  assert.match(turned.text, /id="field-to-error"/)
  assert.match(turned.text, /value="2026-11-25"/)
  const nobody = await visitor.get(`/teams/${team}/log?member=nobody@example.com`)
  assert.match(nobody.text, /Nobody in this team has that email address/)
})

test('ENR-09: a cursor or a member of another team leads nowhere and tells nothing', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const other = await ownerOfTeam(copies)
  const [theirs] = (await read(other.visitor, other.team)).events
  for (const way of ['before', 'after']) {
    const nowhere = { events: [], older: null, newer: null }
    assert.deepEqual(await read(visitor, team, `?${way}=${theirs?.id}`), nowhere)
    assert.deepEqual(await read(visitor, team, `?${way}=999999999`), nowhere)
  }
  assert.deepEqual((await read(visitor, team, `?member=${other.owner.id}`)).events, [])
  const byEmail = await visitor.get(`/teams/${team}/log?member=${other.owner.email}`)
  assert.match(byEmail.text, /Nobody in this team has that email address/)
  const byId = await visitor.get(`/teams/${team}/log?member=${other.owner.id}`)
  assert.match(byId.text, /Events: one member/)
})

test('PRV-02: neither page nor API of the log holds a number or an address', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const member = await addSomebody(copies.world, ['sms', 'email'])
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1', [member.id])
  await join(copies.world, team, member.id)
  await enter(copies, member)
  await visitor.api('POST', `/teams/${team}/invitations`, {
    addresses: 'guest.of.honour@example.org',
    role: 'member',
  })
  const page = (await visitor.get(`/teams/${team}/log`)).text.replace(
    /<header[\s\S]*?<\/header>/,
    '',
  )
  const api = JSON.stringify(await read(visitor, team))
  for (const text of [page, api]) {
    assert.match(text, /erification code sent/)
    for (const secret of [member.phone, member.email, owner.phone, 'guest.of.honour']) {
      assert.ok(!text.includes(secret), secret)
    }
  }
})

test('PRV-03: after a year an event is gone from every team’s log, and from no log before', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const shared = await addSomebody(copies.world)
  copies.clock.advance(1)
  await join(copies.world, team, shared.id)
  const past = (days: number) => new Date(copies.clock.now().getTime() - days * 86_400_000)
  for (const days of [366, 364]) {
    // What is past its time goes in whole sealed ranges.
    await sealLog(copies.world)
    await record(copies.sql, event(caller, past(days), 'session.ended', { account: shared.id }))
  }
  const seen = () => read(visitor, team, `?member=${shared.id}`)
  await sealLog(copies.world)
  assert.equal((await seen()).events.length, 2)
  await cleanUp(copies.world)
  assert.equal((await seen()).events.length, 1)
  const left = await copies.sql.query('SELECT 1 FROM team_events WHERE team_id = $1', [team])
  assert.equal(left.length, 1)
})

test('AUD-03: the list that shares events with further teams is append-only too', async () => {
  const { team } = await ownerOfTeam(copies)
  const shared = await addSomebody(copies.world)
  await join(copies.world, team, shared.id)
  await log(['session.ended'], { account: shared.id })
  for (const text of [
    'DELETE FROM team_events',
    `UPDATE team_events SET team_id = gen_random_uuid()`,
    'TRUNCATE team_events',
  ]) {
    await assert.rejects(copies.sql.query(text), /append-only/)
  }
})

test('TEAM-02: what somebody asks for in one team in vain stands in that team’s log alone', async () => {
  const first = await ownerOfTeam(copies)
  const second = await makeTeam(copies.world, 'Second')
  copies.clock.advance(1)
  await join(copies.world, second, first.owner.id, 'admin')
  const key = await makeKey(first.visitor, second, ['read-members'])
  const path = `/teams/${second}/members/${second}`
  assert.equal((await first.visitor.api('GET', path)).status, 404)
  assert.equal((await callWith(first.visitor.base, key.token, 'GET', path)).status, 404)
  const warnings = async (team: string) =>
    kindsOf(await read(first.visitor, team, '?group=warnings'))
  assert.deepEqual(await warnings(second), ['request.foreign-id', 'request.foreign-id'])
  assert.deepEqual(await warnings(first.team), [])
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { shows } from '../../src/members/filters.ts'
import type { Policy } from '../../src/policy/policy.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter } from '../support/member.ts'
import { addMember, listed, makeCrew } from '../support/members.ts'
import type { Crew, Listed } from '../support/members.ts'
import { addSomebody } from '../support/people.ts'
import { join, setPolicy } from '../support/teams.ts'

let copies: Copies
before(async () => {
  copies = await startCopies()
})
after(() => copies.stop())

const day = 86_400_000

/** Puts members into a team in one statement, without a password that fits. */
async function addMany(team: string, rows: readonly object[]): Promise<void> {
  await copies.sql.query(
    `WITH r AS (SELECT gen_random_uuid() AS id, r.* FROM jsonb_to_recordset($2::jsonb) AS r(
         name text, email text, kinds text[], locked boolean, exempt timestamptz,
         joined timestamptz, never boolean, verified boolean)),
       made AS (INSERT INTO accounts (id, email, email_key, email_verified_at, name, password_hash,
           created_at, last_sign_in_at, kinds, methods_locked)
         SELECT id, email, email, CASE WHEN coalesce(verified, true) THEN $3::timestamptz END, name,
           'x', $3, CASE WHEN NOT coalesce(never, false) THEN $3::timestamptz END,
           coalesce(kinds, '{}'), coalesce(locked, false) FROM r)
     INSERT INTO memberships (team_id, account_id, role, joined_at, exempt_until)
     SELECT $1, id, 'member', coalesce(joined, $3), exempt FROM r`,
    [team, JSON.stringify(rows), copies.clock.now()],
  )
}

/** One member for each combination of what decides a status. */
function everyKind(now: number, tag: string): object[] {
  const kinds = [[], ['totp'], ['sms'], ['email'], ['email', 'totp']]
  const exempt = [null, new Date(now + 9 * day), new Date(now - day)]
  const joined = [-100, -3, -0.5].map((days) => new Date(now + days * day))
  const all: object[] = []
  for (const k of kinds) {
    for (const locked of [false, true]) {
      for (const e of exempt) {
        for (const j of joined) {
          const name = `M ${tag} ${all.length}`
          all.push({
            name,
            email: `${tag}-${all.length}@example.com`,
            kinds: k,
            locked,
            exempt: e,
            joined: j,
            never: all.length % 3 === 0,
            verified: all.length % 4 > 0,
          })
        }
      }
    }
  }
  return all
}

const policies: readonly (readonly [string, Partial<Policy> | null])[] = [
  ['nothing required', null],
  ['off', { required: false }],
  ['next login', {}],
  ['now, an app', { bites: 'now', strengths: ['good'] }],
  ['in three days', { bites: 'date', bites_at: new Date(Date.parse('2026-11-28T00:00:00Z')) }],
  ['in three weeks', { bites: 'date', bites_at: new Date(Date.parse('2026-12-20T00:00:00Z')) }],
  ['days for joiners', { joiner_days: 8 }],
  [
    'weak ones only',
    { strengths: ['weakest'], bites_at: new Date(Date.parse('2026-11-30T00:00:00Z')) },
  ],
  ['paused', { paused_until: new Date(Date.parse('2026-12-30T00:00:00Z')) }],
]

/** Whose status says so. */
function isIn(show: string, status: Listed['status'], now: number): boolean {
  const { state, until } = status as Listed['status'] & { until: string | null }
  if (show === 'due-this-week') {
    const soon = until !== null && Date.parse(until) <= now + 7 * day
    return state === 'due-at-next-login' || (state === 'due' && soon)
  }
  return state === show
}

for (const [what, policy] of policies) {
  test(`A8: lists and counts agree with the statuses: ${what}`, async () => {
    const crew = await makeCrew(copies)
    const now = copies.clock.now().getTime()
    const tag = crew.team.slice(-6)
    await addMany(crew.team, everyKind(now, tag))
    if (policy) {
      const since = new Date(now - 2 * day)
      await setPolicy(copies.world, crew.team, { since, ...policy })
    }
    const all = await everybody(crew, '')
    assert.equal(all.length, 91)
    const covered = await crew.browser.api('GET', `/teams/${crew.team}/coverage`)
    const counts = covered.json['counts'] as Record<string, number>
    for (const show of shows) {
      const found = await everybody(crew, `show=${show}`)
      assert.equal(counts[show], found.length, show)
      if (!['due-this-week', 'weak-only', 'exempt', 'locked'].includes(show)) continue
      const wanted = all.filter(({ status }) => isIn(show, status, now))
      assert.deepEqual(ids(found), ids(wanted), show)
    }
    const ready = ids(await everybody(crew, 'show=ready'))
    const open = ids(await everybody(crew, 'show=not-ready'))
    assert.deepEqual([...ready, ...open].toSorted(), ids(all).toSorted())
  })
}

const ids = (members: readonly Listed[]) => members.map(({ id }) => id)

/** All pages of a list. */
async function everybody(crew: Crew, query: string): Promise<Listed[]> {
  const all: Listed[] = []
  for (let after = ''; ;) {
    const path = `/teams/${crew.team}/members?${query}${after}`
    const reply = await crew.browser.api('GET', path)
    assert.equal(reply.status, 200, reply.text)
    all.push(...(reply.json['members'] as Listed[]))
    if (reply.json['next'] === null) return all
    after = `&after=${reply.json['next'] as string}`
  }
}

test('TEAM-08: pages of fifty follow each other by each sort, each member once', async () => {
  const crew = await makeCrew(copies)
  const now = copies.clock.now().getTime()
  const rows = Array.from({ length: 120 }, (_none, i) => ({
    name: ['Zoë', 'Åsa', 'adam', 'ليلى', 'Same Name'][i % 5],
    email: `m${(i * 37) % 120}-${crew.team.slice(-6)}@example.com`,
    joined: new Date(now - (i % 7) * day),
  }))
  await addMany(crew.team, rows)
  for (const sort of ['name', 'email', 'joined']) {
    const all = await everybody(crew, `sort=${sort}`)
    assert.equal(all.length, 121)
    assert.equal(new Set(ids(all)).size, 121)
    const again = await everybody(crew, `sort=${sort}&q=m1`)
    assert.ok(again.length > 0 && again.length < 60)
  }
  const byName = (await everybody(crew, '')).map(({ name }) => name)
  assert.ok(byName.indexOf('Åsa') > byName.indexOf('adam'), 'accents are taken off')
  assert.ok(byName.indexOf('Zoë') < byName.indexOf('ليلى'))
  const joined = (await everybody(crew, 'sort=joined')) as unknown as { joined_at: string }[]
  const times = joined.map(({ joined_at: at }) => at)
  assert.deepEqual(times, times.toSorted().toReversed())
})

test('TEAM-08: a search finds names and addresses without capitals and accents', async () => {
  const crew = await makeCrew(copies)
  const tag = crew.team.slice(-6)
  await addMany(crew.team, [
    { name: 'Zoë Ångström', email: `zoe-${tag}@example.com` },
    { name: '100% sure_thing', email: `percent-${tag}@example.com` },
    { name: 'back\\slash', email: `slash-${tag}@example.com` },
    { name: 'ליאור כהן', email: `lior-${tag}@example.com` },
  ])
  const find = async (q: string) =>
    (await listed(crew, `?q=${encodeURIComponent(q)}`)).map(({ name }) => name)
  assert.deepEqual(await find('zoe angstrom'), ['Zoë Ångström'])
  assert.deepEqual(await find('ÅNG'), ['Zoë Ångström'])
  assert.deepEqual(await find('zoe-'), ['Zoë Ångström'])
  assert.deepEqual(await find('כהן'), ['ליאור כהן'])
  assert.deepEqual(await find('%'), ['100% sure_thing'])
  assert.deepEqual(await find('_'), ['100% sure_thing'])
  assert.deepEqual(await find('\\'), ['back\\slash'])
  assert.deepEqual(await find("' OR true --"), [])
  assert.equal((await find('  ')).length, 5)
})

test('TEAM-08: searches and places in the list that are none are refused, and no error of ours', async () => {
  const crew = await makeCrew(copies)
  const other = await makeCrew(copies)
  const ask = (query: string) => crew.browser.api('GET', `/teams/${crew.team}/members?${query}`)
  const bad = [
    `q=${'x'.repeat(10_000)}`,
    'q=%00',
    'q=a&q=b',
    'after=nonsense',
    'after=%00',
    `after=${Buffer.from('["a"]').toString('base64url')}`,
    `after=${Buffer.from('["a\\u0000","00000000-0000-4000-8000-000000000000"]').toString('base64url')}`,
    `after=${Buffer.from('["x","00000000-0000-4000-8000-000000000000"]').toString('base64url')}&sort=joined`,
    `after=${Buffer.from(`["a","' OR 1=1"]`).toString('base64url')}`,
    'show=everybody',
    'sort=password_hash',
  ]
  for (const query of bad) {
    const reply = await ask(query)
    assert.equal(reply.status, 400, `${query.slice(0, 60)}: ${reply.text.slice(0, 200)}`)
    const page = await crew.browser.get(`/teams/${crew.team}/members?${query}`)
    assert.equal(page.status, 400, query.slice(0, 60))
  }
  const theirs = Buffer.from(JSON.stringify(['', other.admin.id])).toString('base64url')
  const reply = await ask(`after=${theirs}`)
  assert.equal(reply.status, 200)
  assert.deepEqual(ids(reply.json['members'] as Listed[]), [crew.admin.id])
})

test('TEAM-08, ENR-09: paging, search and filters never show members of other teams', async () => {
  const crew = await makeCrew(copies)
  const other = await makeCrew(copies)
  const tag = other.team.slice(-6)
  await addMany(
    other.team,
    Array.from({ length: 60 }, (_none, i) => ({
      name: 'Other',
      email: `o${i}-${tag}@example.com`,
    })),
  )
  const both = await addMember(copies, crew.team)
  await join(copies.world, other.team, both.id)
  const own = [crew.admin.id, both.id].toSorted()
  for (const show of shows) {
    for (const sort of ['name', 'email', 'joined']) {
      for (const q of ['', 'o', '@example.com', tag]) {
        const found = await everybody(crew, `show=${show}&sort=${sort}&q=${q}`)
        assert.ok(
          ids(found).every((id) => own.includes(id)),
          `${show} ${sort} ${q}`,
        )
      }
    }
  }
  assert.deepEqual(ids(await everybody(crew, '')).toSorted(), own)
})

test('ENR-09, TEAM-08: the list is for admins of the team: 404 to others, 403 to its members', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp'])
  const stranger = await enter(copies, await addSomebody(copies.world, ['totp']))
  const inside = await enter(copies, member)
  const at = `/teams/${crew.team}`
  for (const path of [`${at}/members`, `${at}/coverage`, `${at}/members/${member.id}`]) {
    assert.equal((await stranger.api('GET', path)).status, 404, path)
    assert.equal((await inside.api('GET', path)).json['error'], 'role-required', path)
  }
  for (const path of [`${at}/members`, `${at}/members.csv`, `${at}/members/${member.id}`]) {
    assert.equal((await stranger.get(path)).status, 404, path)
    assert.equal((await inside.get(path)).status, 403, path)
  }
})

test('TEAM-08, PRV-02: page, API and file show the same fields; no number or secret; formulas are text', async () => {
  const crew = await makeCrew(copies)
  const member = await addMember(copies, crew.team, ['totp', 'sms'])
  const rename = 'UPDATE accounts SET name = $2 WHERE id = $1'
  await copies.sql.query(rename, [member.id, '=HYPERLINK("http://x.example")'])
  const at = `/teams/${crew.team}/members`
  const { json, text: api } = await crew.browser.api('GET', at)
  const [row = {}] = json['members'] as object[]
  assert.deepEqual(Object.keys(row).toSorted(), [
    'email',
    'id',
    'joined_at',
    'last_sign_in_at',
    'methods',
    'name',
    'reachable',
    'role',
    'status',
    'trusted_devices',
  ])
  const file = (await crew.browser.get(`${at}.csv`)).text
  const [head, ...lines] = file.trim().split('\r\n')
  assert.equal(
    head?.replace('\ufeff', ''),
    'Name,Email,Role,Two-step,Methods,Last sign-in (UTC),Trusted devices,Joined (UTC),Address confirmed',
  )
  assert.equal(lines.length, (json['members'] as object[]).length)
  assert.ok(lines.some((line) => line.includes(`'=HYPERLINK`)))
  assert.ok(!lines.some((line) => /(^|,)"?[=+@\t-]/.test(line)))
  const page = (await crew.browser.get(at)).text
  for (const said of [api, file, page]) {
    assert.ok(said.includes(member.email))
    for (const hidden of [member.phone, member.key, ...member.recoveryCodes]) {
      assert.ok(!said.includes(hidden), hidden)
    }
  }
})

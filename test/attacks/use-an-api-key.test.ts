import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { callWith, makeKey, ownerOfTeam } from '../support/api-keys.ts'
import type { Made } from '../support/api-keys.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump, forms } from '../support/dump.ts'
import { addSomebody } from '../support/people.ts'
import { askLink, follow } from '../support/reset.ts'
import { addresses, fill } from '../support/surface.ts'
import { join, makeTeam, setPolicy } from '../support/teams.ts'
import { enter } from '../support/member.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const base = () => copies.all[0]?.base ?? ''

let from = 0
/** A call from a source of its own, so that no count of another test is in the way. */
function call(token: string, verb: string, path: string, body?: object, headers = {}) {
  const source = { 'x-forwarded-for': `10.9.${from >> 8}.${from++ & 255}` }
  return callWith(base(), token, verb, path, body, { ...source, ...headers })
}

const read = ({ token }: Made, team: string) => call(token, 'GET', `/teams/${team}/events`)

async function refusedOf(reply: Promise<{ status: number; json: object }>) {
  const { status, json } = await reply
  return [status, (json as { error?: string }).error]
}

const notGood = [401, 'api-key-refused']

test('SES-01, CRY-01: a key opens its team’s rows, sets no cookie and carries no token on', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  assert.match(key.token, /^tsk_[\w-]{43}$/)
  const reply = await read(key, team)
  assert.equal(reply.status, 200, reply.text)
  assert.deepEqual(reply.setCookies, [])
  assert.equal(reply.headers.get('anti-forgery-token'), null)
  assert.equal(reply.headers.get('cache-control'), 'no-store')
  assert.ok((reply.json['events'] as object[]).length > 0)
})

test('TEAM-02: every row of the API: a key opens those that name its scope, and no other', async () => {
  const { team, visitor, owner } = await ownerOfTeam(copies)
  const keys = new Map<string, Made>()
  for (const scope of ['read-members', 'manage-members', 'read-log']) {
    keys.set(scope, await makeKey(visitor, team, [scope]))
  }
  let opened = 0
  for (const { route, verb, path, api } of addresses) {
    if (!api || route.who === 'anyone') continue
    const at = fill(path, { team, member: owner.id, id: owner.id, kind: 'totp' })
    for (const [scope, key] of keys) {
      const reply = await call(
        key.token,
        verb,
        at.replace('/api/v1', ''),
        verb === 'GET' ? undefined : {},
      )
      const where = `${verb} ${path} with ${scope}: ${reply.text.slice(0, 200)}`
      assert.deepEqual(reply.setCookies, [], where)
      if (route.scope === undefined) {
        assert.ok([401, 403].includes(reply.status), where)
        assert.match(String(reply.json['error']), /^(sign-in-required|forgery-suspected)$/, where)
      } else if (route.scope !== scope) {
        assert.deepEqual([reply.status, reply.json['error']], [403, 'scope-required'], where)
      } else {
        opened++
        assert.ok(reply.status !== 401, where)
        assert.doesNotMatch(
          String(reply.json['error']),
          /scope|forgery|sign-in-required|step-up/,
          where,
        )
      }
    }
  }
  assert.ok(opened >= 10, `${opened} rows opened`)
})

test('TEAM-02: what decides how somebody signs in, roles, policy and keys are open to no key', () => {
  const open = addresses.flatMap(({ route, verb, path, api }) =>
    api && route.scope ? [`${route.scope} ${verb} ${path.replace('/api/v1/teams/:team', '')}`] : [],
  )
  assert.deepEqual(open.toSorted(), [
    'manage-members DELETE /members/:member/exemption',
    'manage-members DELETE /members/:member/sessions',
    'manage-members DELETE /members/:member/trusted-devices',
    'manage-members POST /members/:member/reminders',
    'manage-members POST /reminders',
    'manage-members PUT /members/:member/exemption',
    'read-log GET /events',
    'read-members GET ',
    'read-members GET /coverage',
    'read-members GET /invitations',
    'read-members GET /members',
    'read-members GET /members/:member',
  ])
})

test('ENR-09: the key of one team finds nothing of another, not even of its maker’s other team', async () => {
  const { team, visitor, owner } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  const stranger = await ownerOfTeam(copies)
  const second = await makeTeam(copies.world, 'Second')
  await join(copies.world, second, owner.id, 'owner')
  for (const other of [stranger.team, second, owner.id]) {
    assert.deepEqual(await refusedOf(read(key, other)), [404, 'not-found'])
  }
})

test('SES-01: no page takes a key, and no key is taken from an address, a body or a cookie', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team, ['read-log', 'read-members', 'manage-members'])
  for (const path of [
    `/teams/${team}/log`,
    `/teams/${team}/log/export.csv`,
    '/settings/security',
  ]) {
    const reply = await fetch(base() + path, {
      redirect: 'manual',
      headers: { authorization: `Bearer ${key.token}` },
    })
    assert.equal(reply.status, 303, path)
    assert.match(reply.headers.get('location') ?? '', /^\/sign-in/)
  }
  const nobody = copies.visitor()
  const ways = [
    nobody.api('GET', `/teams/${team}/events?access_token=${key.token}&api_key=${key.token}`),
    nobody.api('GET', `/teams/${team}/events`, undefined, {
      headers: { cookie: `session=${key.token}` },
    }),
    nobody.api('GET', `/teams/${team}/events`, undefined, { headers: { 'x-api-key': key.token } }),
    nobody.api('GET', `/teams/${team}/events`, undefined, {
      headers: { authorization: key.token },
    }),
    nobody.api('POST', `/teams/${team}/reminders`, { authorization: `Bearer ${key.token}` }),
  ]
  for (const reply of await Promise.all(ways)) assert.equal(reply.status, 401, reply.text)
})

test('WEB-01: beside a key no cookie is read, and a cookie alone still needs its token and origin', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team, ['manage-members'])
  const path = `/teams/${team}/reminders`
  const cookie = [...visitor.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  // The owner's session may read the log; the key beside it may not, and the key alone counts.
  assert.deepEqual(
    await refusedOf(call(key.token, 'GET', `/teams/${team}/events`, undefined, { cookie })),
    [403, 'scope-required'],
  )
  assert.deepEqual(await refusedOf(call(key.token, 'GET', '/session', undefined, { cookie })), [
    401,
    'sign-in-required',
  ])
  const holder = await follow(copies, await askLink(copies, await addSomebody(copies.world)))
  const link = [...holder.jar].map(([name, value]) => `${name}=${value}`).join('; ')
  assert.equal((await holder.api('GET', '/password-reset')).status, 200)
  assert.deepEqual(
    await refusedOf(call(key.token, 'GET', '/password-reset', undefined, { cookie: link })),
    [410, 'reset-over'],
  )
  // A bearer that is no key helps no cookie past the anti-forgery token.
  for (const bearer of ['', 'x', 'tsk_', key.token.slice(0, -1)]) {
    const origin = { cookie, origin: 'https://evil.example' }
    assert.deepEqual(await refusedOf(call(bearer, 'POST', path, {}, origin)), notGood)
    assert.deepEqual(await refusedOf(call(bearer, 'DELETE', '/session', {}, origin)), [
      403,
      'forgery-suspected',
    ])
  }
  const forged = await visitor.api('POST', path, {}, { withToken: false })
  assert.equal(forged.json['error'], 'forgery-suspected')
  // No other site may send the header: browsers ask first, and nothing here says yes.
  const asked = await fetch(`${base()}/api/v1${path}`, {
    method: 'OPTIONS',
    headers: {
      origin: 'https://evil.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'authorization',
    },
  })
  assert.ok(asked.status >= 400)
  assert.deepEqual(
    [...asked.headers.keys()].filter((name) => name.startsWith('access-control')),
    [],
  )
  const form = await call(key.token, 'POST', path, undefined, {
    'content-type': 'application/x-www-form-urlencoded',
    'content-length': '0',
  })
  assert.notEqual(form.status, 403)
})

test('SES-01: wrong, expired and revoked keys get one same answer', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const short = await makeKey(visitor, team, ['read-log'], { days: 1 })
  const gone = await makeKey(visitor, team)
  const path = `/teams/${team}/api-keys/${gone.id}`
  assert.equal((await read(gone, team)).status, 200)
  assert.equal((await visitor.api('DELETE', path)).status, 200)
  copies.clock.advance(86_399)
  assert.equal((await read(short, team)).status, 200)
  copies.clock.advance(1)
  const wrong = { id: '', token: `tsk_${'A'.repeat(43)}` }
  const shapeless = { id: '', token: 'nonsense' }
  const texts = new Set<string>()
  for (const key of [short, gone, wrong, shapeless]) {
    const { status, text, json } = await read(key, team)
    assert.deepEqual([status, json['error']], notGood)
    texts.add(text.replace(/"request_id":"\w+"/, ''))
  }
  assert.equal(texts.size, 1)
})

/** What happens to a key's maker, and what the key's next request gets. */
const fates: Record<string, readonly [text: string, wanted: readonly unknown[]]> = {
  'was made a member': [
    `UPDATE memberships SET role = 'member' WHERE team_id = $2 AND account_id = $1`,
    notGood,
  ],
  'left the team': [`DELETE FROM memberships WHERE team_id = $2 AND account_id = $1`, notGood],
  'was disabled': [
    `UPDATE accounts SET disabled_at = now() WHERE id = $1 AND $2::uuid IS NOT NULL`,
    notGood,
  ],
  'had their sessions for the team ended': [
    `UPDATE memberships SET sessions_from = '2030-01-01' WHERE team_id = $2 AND account_id = $1`,
    notGood,
  ],
  'turned off their last method': [
    `DELETE FROM methods WHERE account_id = $1 AND $2::uuid IS NOT NULL`,
    [403, 'set-up-required'],
  ],
}

for (const [fate, [text, wanted]] of Object.entries(fates)) {
  test(`TEAM-02, TEAM-09: a key opens nothing from the moment on that its maker ${fate}`, async () => {
    const { team } = await ownerOfTeam(copies)
    await setPolicy(copies.world, team, { bites: 'now' })
    const admin = await addSomebody(copies.world, ['totp'])
    await join(copies.world, team, admin.id, 'admin')
    const key = await makeKey(await enter(copies, admin), team)
    assert.equal((await read(key, team)).status, 200)
    await copies.sql.query(text, [admin.id, team])
    assert.deepEqual(await refusedOf(read(key, team)), wanted)
  })
}

test('TEAM-02: a requirement at the next login holds for the key at once: a program has no login', async () => {
  const { team, owner, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  await copies.sql.query('DELETE FROM methods WHERE account_id = $1', [owner.id])
  assert.equal((await read(key, team)).status, 200, 'nothing is required yet')
  copies.clock.advance(1)
  await setPolicy(copies.world, team, { bites: 'next-login' })
  assert.deepEqual(await refusedOf(read(key, team)), [403, 'set-up-required'])
})

test('TEAM-02, ENR-09: what another team asks of its maker holds for the key, which is not told whose demand it is', async () => {
  const { team, visitor, owner } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  const strict = await makeTeam(copies.world, 'Secret project')
  await join(copies.world, strict, owner.id)
  copies.clock.advance(1)
  await setPolicy(copies.world, strict, { bites: 'now', strengths: ['phishing-resistant'] })
  const reply = await read(key, team)
  assert.deepEqual([reply.status, reply.json['error']], [403, 'set-up-required'])
  assert.doesNotMatch(reply.text, /Secret project/)
})

test('TEAM-02: who lacks what the team requires makes no key, nor does a member', async () => {
  const { team } = await ownerOfTeam(copies)
  const member = await addSomebody(copies.world, ['totp'])
  await join(copies.world, team, member.id)
  const visitor = await enter(copies, member)
  const body = { name: 'Mine', scopes: ['read-log'] }
  for (const [verb, path] of [
    ['GET', ''],
    ['POST', ''],
    ['DELETE', `/${member.id}`],
  ] as const) {
    const sent = verb === 'POST' ? body : undefined
    const reply = await visitor.api(verb, `/teams/${team}/api-keys${path}`, sent)
    assert.deepEqual([reply.status, reply.json['error']], [403, 'role-required'])
  }
  const bare = await addSomebody(copies.world)
  await join(copies.world, team, bare.id, 'admin')
  const weak = await enter(copies, bare)
  await setPolicy(copies.world, team, { bites: 'now' })
  const reply = await weak.api('POST', `/teams/${team}/api-keys`, body)
  assert.equal(reply.json['error'], 'set-up-required')
})

test('ENR-01: without a step-up of the last ten minutes no key is made', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  copies.clock.advance(601)
  const body = { name: 'Mine', scopes: ['read-log'] }
  const reply = await visitor.api('POST', `/teams/${team}/api-keys`, body)
  assert.deepEqual([reply.status, reply.json['error']], [403, 'step-up-required'])
})

test('NTF-03: “this was not me” also ends the keys that its account made', async () => {
  const { team, visitor, owner } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  await copies.delivered()
  const letter = copies.newest(owner.email)
  assert.ok(letter.channel === 'mail' && /API key was made/.test(letter.subject), letter.to)
  const path = /\/not-me\/[\w-]+/.exec(letter.text)?.[0] ?? ''
  const browser = copies.visitor()
  const moved = await browser.get(path)
  const done = await browser.post(moved.headers.get('location') ?? path, {})
  assert.equal(done.status, 200, done.text)
  assert.deepEqual(await refusedOf(read(key, team)), notGood)
})

test('LIM-09: a flood of wrong keys from one source is bounded in what it writes; a good key works', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  const source = { 'x-forwarded-for': '10.77.0.1' }
  const one = (token: string, i: number) =>
    callWith(
      copies.all[i % 2]?.base ?? '',
      token,
      'GET',
      `/teams/${team}/events`,
      undefined,
      source,
    )
  const wrong = await Promise.all(
    Array.from({ length: 120 }, (_none, i) => one(`tsk_${String(i).padStart(43, 'A')}`, i)),
  )
  const answers = (status: number) => wrong.filter((reply) => reply.status === status)
  assert.equal(answers(401).length, 30)
  assert.equal(answers(429).length, 90)
  assert.ok(answers(429).every(({ headers }) => Number(headers.get('retry-after')) > 0))
  const rows = await copies.sql.query(
    `SELECT 1 FROM events WHERE kind = 'api-key.refused' AND source = '10.77.0.1'`,
  )
  assert.equal(rows.length, 30)
  assert.equal((await one(key.token, 0)).status, 200)
  copies.clock.advance(60)
  assert.equal((await one('tsk_again', 1)).status, 401)
})

test('AUD-02, SES-01: no token of a key is in the database, in a log or in a second answer', async () => {
  const { team, visitor } = await ownerOfTeam(copies)
  const key = await makeKey(visitor, team)
  await read(key, team)
  await call(`${key.token}x`, 'GET', `/teams/${team}/events`)
  const list = await visitor.api('GET', `/teams/${team}/api-keys`)
  const page = await visitor.get(`/teams/${team}/api-keys`)
  await copies.sql.query('ALTER TABLE api_keys RENAME TO hidden')
  const broken = await read(key, team)
  await copies.sql.query('ALTER TABLE hidden RENAME TO api_keys')
  assert.equal(broken.status, 500)
  const where = {
    database: await dump(copies.sql),
    log: copies.logged(),
    list: list.text,
    page: page.text,
    error: broken.text,
  }
  const bare = key.token.slice(4)
  const ways = [...forms(key.token), ...forms(bare, Buffer.from(bare, 'base64url'))]
  for (const [name, text] of Object.entries(where)) {
    assert.ok(text.length > 0)
    for (const way of ways) assert.ok(!text.toLowerCase().includes(way.toLowerCase()), name)
  }
})

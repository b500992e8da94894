import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter, eventsOf, proveAgain } from '../support/member.ts'
import type { Reply } from '../support/visitor.ts'
import { addMember, change, makeAcme, policyOf, written } from './acme.ts'
import type { Acme } from './acme.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

const inDays = (days: number) =>
  new Date(copies.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)

const at = ({ team }: Pick<Acme, 'team'>) => `/teams/${team}/general/two-step`

/** The panel's form, as a browser sends it. */
function wish(acme: Acme, given: Record<string, string> = {}, version = '0'): Promise<Reply> {
  return acme.visitor.post(at(acme), {
    version,
    bites: 'next-login',
    joiner_days: '0',
    trust_days: '14',
    allow_restricted: 'yes',
    allow_weakest: 'yes',
    words: '',
    ...given,
  })
}

const madeAt = (page: Reply) => /name="made_at" value="([^"]+)"/.exec(page.text)?.[1] ?? ''

test('TEAM-01: opening the panel and sending its form changes nothing; confirming does', async () => {
  const acme = await makeAcme(copies)
  const member = await addMember(copies, acme.team)
  for (const path of ['', '/pause', '/off']) await acme.visitor.get(`${at(acme)}${path}`)
  const sent = await wish(acme, { bites: 'date', date: inDays(10), words: 'Please.' })
  assert.equal(sent.headers.get('location'), `${at(acme)}/confirm`)
  assert.equal(await policyOf(copies, acme.team), null)
  const page = await acme.visitor.get(`${at(acme)}/confirm`)
  assert.match(page.text, /1 of 2 members is ready/)
  assert.match(page.text, /4 December/)
  assert.match(page.text, /Person \d+ writes:\s+Please\./)
  const done = await acme.visitor.post(`${at(acme)}/confirm`, { made_at: madeAt(page) })
  assert.match(String(done.headers.get('location')), /general\?notice=policy-saved$/)
  const general = await acme.visitor.get(`/teams/${acme.team}/general`)
  assert.match(general.text, /role="switch"\s+aria-checked="true"/)
  assert.match(general.text, /1 of 2 ready/)
  assert.ok((await eventsOf(copies, acme.owner)).includes('policy.turned-on'))
  const home = await (await enter(copies, member)).get('/')
  assert.match(home.text, /two-step authentication\s+from 4 December on/)
})

test('TEAM-04: the step-up comes in between, and the change that was begun survives it', async () => {
  const acme = await makeAcme(copies)
  copies.clock.advance(700)
  assert.equal((await wish(acme)).status, 303)
  const held = await acme.visitor.get(`${at(acme)}/confirm`)
  assert.match(String(held.headers.get('location')), /^\/step-up\?return_to=/)
  const early = await acme.visitor.post(`${at(acme)}/confirm`, {
    made_at: copies.clock.now().toISOString(),
  })
  assert.match(String(early.headers.get('location')), /^\/step-up/)
  assert.equal(await policyOf(copies, acme.team), null)
  await proveAgain(copies, acme.visitor, acme.owner)
  const page = await acme.visitor.get(`${at(acme)}/confirm`)
  assert.equal(page.status, 200)
  await acme.visitor.post(`${at(acme)}/confirm`, { made_at: madeAt(page) })
  assert.ok(await policyOf(copies, acme.team))
})

test('what is confirmed is what was shown: not what another tab began since', async () => {
  const acme = await makeAcme(copies)
  await wish(acme)
  const page = await acme.visitor.get(`${at(acme)}/confirm`)
  copies.clock.advance(1)
  await wish(acme, { bites: 'now', trust_days: '0' })
  const late = await acme.visitor.post(`${at(acme)}/confirm`, { made_at: madeAt(page) })
  assert.equal(late.status, 409)
  assert.equal(await policyOf(copies, acme.team), null)
})

test('one confirmation sent by two copies at once changes it once, and mails once', async () => {
  const acme = await makeAcme(copies)
  await wish(acme)
  const made_at = madeAt(await acme.visitor.get(`${at(acme)}/confirm`))
  const twins = Array.from({ length: 10 }, (_none, i) =>
    acme.visitor.copy(copies.all[i % 2]?.base).post(`${at(acme)}/confirm`, {
      made_at,
      anti_forgery: acme.visitor.token,
    }),
  )
  const replies = await Promise.all(twins)
  assert.equal(replies.filter(({ status }) => status === 303).length, 1)
  assert.equal(await written(copies, acme.team, 'announcement'), 1)
})

test('TEAM-04: what another admin changed meanwhile is seen at each step, and nothing overwritten', async () => {
  const acme = await makeAcme(copies)
  const admin = await addMember(copies, acme.team, ['totp'], 'admin')
  const other = { team: acme.team, visitor: await enter(copies, admin) }
  await wish(acme, { trust_days: '3' })
  const page = await acme.visitor.get(`${at(acme)}/confirm`)
  await change(other, 0, { trust_days: 5 })
  const before = await policyOf(copies, acme.team)
  const confirmed = await acme.visitor.post(`${at(acme)}/confirm`, { made_at: madeAt(page) })
  assert.equal(confirmed.status, 409)
  assert.match(confirmed.text, /Somebody else has changed this/)
  assert.match(confirmed.text, /Start again/)
  const stale = await wish(acme, { trust_days: '3' }, '0')
  assert.equal(stale.status, 409)
  assert.match(stale.text, /Somebody else has changed this/)
  const off = await acme.visitor.post(`${at(acme)}/off`, { version: '0' })
  assert.equal(off.status, 409)
  assert.deepEqual(await policyOf(copies, acme.team), before)
})

test('TEAM-04: an admin without a method of their own is shown the way to the set-up', async () => {
  const acme = await makeAcme(copies, [])
  assert.match((await acme.visitor.get(at(acme))).text, /First protect your own account/)
  const refused = await wish(acme)
  assert.equal(refused.status, 403)
  assert.match(refused.text, /href="\/settings\/security\/set-up"/)
  const weak = await makeAcme(copies, ['sms'])
  const lost = await weak.visitor.post(at(weak), {
    version: '0',
    bites: 'now',
    joiner_days: '0',
    trust_days: '14',
    allow_weakest: 'yes',
  })
  assert.equal(lost.status, 403)
  assert.equal(await policyOf(copies, weak.team), null)
})

test('TEAM-03: bad input in the form: said beside the field, nothing kept', async () => {
  const acme = await makeAcme(copies)
  for (const [given, said] of [
    [{ bites: 'date', date: inDays(0) }, /This day has begun or is over/],
    [{ bites: 'date', date: inDays(40) }, /Please choose \d+ December 2026 or a day before it/],
    [{ bites: 'date', date: '2027-02-30' }, /Please check it/],
    [{ bites: 'date', date: '' }, /Please fill this in/],
    [{ joiner_days: '31' }, /too long|Please check it/],
    [{ trust_days: 'many' }, /Please check it/],
    [{ words: 'x'.repeat(1001) }, /too long/],
    [{ version: '7' }, /Somebody else has changed this/],
  ] as const) {
    const reply = await wish(acme, given)
    assert.ok(reply.status >= 400 && reply.status < 500, JSON.stringify(given))
    assert.match(reply.text, said, JSON.stringify(given))
  }
  const none = await acme.visitor.get(`${at(acme)}/confirm`)
  assert.equal(none.status, 409)
  const kept = await copies.sql.query('SELECT 1 FROM policy_drafts WHERE team_id = $1', [acme.team])
  assert.equal(kept.length, 0)
})

test('a pause is chosen, shown and confirmed; ended again the same way', async () => {
  const acme = await makeAcme(copies)
  const member = await addMember(copies, acme.team)
  await change(acme, 0, { bites: 'now' })
  const open = await enter(copies, acme.owner)
  const pause = async (version: string, paused_until: string) => {
    const sent = await acme.visitor.post(`${at(acme)}/pause`, { version, paused_until })
    assert.equal(sent.status, 303, sent.text.slice(0, 300))
    const page = await acme.visitor.get(`${at(acme)}/confirm`)
    return acme.visitor.post(`${at(acme)}/confirm`, { made_at: madeAt(page) })
  }
  assert.equal((await pause('1', inDays(5))).status, 303)
  const resting = await enter(copies, member)
  assert.equal((await resting.api('GET', '/session')).status, 200)
  assert.equal((await pause('2', '')).status, 303)
  assert.equal((await resting.api('GET', '/session')).json['error'], 'set-up-required')
  assert.equal((await open.api('GET', '/session')).status, 200)
})

test('the impact in numbers: ready, not ready, unreachable, exempt, sessions, and each method alone', async () => {
  const acme = await makeAcme(copies)
  await addMember(copies, acme.team, ['sms'])
  await addMember(copies, acme.team, ['sms', 'totp'])
  await addMember(copies, acme.team, ['email'])
  const [bare, lost, exempt] = [
    await addMember(copies, acme.team),
    await addMember(copies, acme.team),
    await addMember(copies, acme.team),
  ]
  await enter(copies, bare)
  await copies.sql.query('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [lost.id])
  await copies.sql.query(
    'UPDATE memberships SET exempt_until = $3 WHERE team_id = $1 AND account_id = $2',
    [acme.team, exempt.id, `${inDays(9)}T00:00:00Z`],
  )
  const impact = async (query: string) =>
    (await acme.visitor.api('GET', `/teams/${acme.team}/policy/impact?${query}`)).json
  const open = await impact('required=true')
  const { methods, changes, ...numbers } = open
  assert.deepEqual(numbers, {
    members: 7,
    ready: 4,
    not_ready: 3,
    exempt: 1,
    weak_only: 0,
    unreachable: 1,
    pending_invitations: 0,
    signed_in: 1,
    open_sessions: 1,
    never_signed_in: 1,
    long_ago: 0,
    loosens: false,
  })
  assert.deepEqual(changes, ['Required from each member’s next login on'])
  const alone = (
    methods as { title: string; members: number; only: number; always: boolean }[]
  ).map(({ title, members, only, always }) => [title, members, only, always])
  assert.deepEqual(alone, [
    ['Authenticator app', 2, 1, true],
    ['SMS', 2, 1, false],
    ['Email', 1, 1, false],
  ])
  const strict = await impact('required=true&strengths=phishing-resistant,good')
  assert.deepEqual([strict['ready'], strict['weak_only']], [2, 2])
  assert.equal(await policyOf(copies, acme.team), null)
  const panel = (await acme.visitor.get(at(acme))).text
  assert.match(panel, /1 person uses only SMS/)
  for (const show of ['ready', 'not-ready', 'unreachable', 'exempt', 'never']) {
    assert.match(panel, new RegExp(`href="/teams/${acme.team}/members\\?show=${show}"`))
  }
})

test('a member sees what is required and by whom, and none of the numbers', async () => {
  const acme = await makeAcme(copies)
  const member = await addMember(copies, acme.team, ['totp'])
  await change(acme, 0)
  const visitor = await enter(copies, member)
  const page = await visitor.get(`/teams/${acme.team}/general`)
  assert.match(page.text, /requires two-step authentication\s+from each member’s next login on/)
  assert.match(page.text, /Decided by\s+<bdi>Person \d+<\/bdi>/)
  assert.doesNotMatch(page.text, /role="switch"|ready|Save/)
  const json = (await visitor.api('GET', `/teams/${acme.team}`)).json
  assert.equal(json['readiness'], null)
  for (const path of ['', '/confirm', '/pause', '/off', '/remind']) {
    assert.equal((await visitor.get(`${at(acme)}${path}`)).status, 403, path)
  }
})

test('AUD-01: a team is named otherwise by its admins, and it is logged', async () => {
  const acme = await makeAcme(copies)
  const renamed = await acme.visitor.api('PATCH', `/teams/${acme.team}`, { name: ' Initech ' })
  assert.equal(renamed.json['name'], 'Initech')
  const empty = await acme.visitor.post(`/teams/${acme.team}/general/name`, { name: ' ' })
  assert.equal(empty.status, 400)
  const member = await addMember(copies, acme.team)
  const visitor = await enter(copies, member)
  const refused = await visitor.api('PATCH', `/teams/${acme.team}`, { name: 'Mine' })
  assert.equal(refused.json['error'], 'role-required')
  const [logged] = await copies.sql.query<{ team_id: string; details: object }>(
    `SELECT team_id, details FROM events WHERE kind = 'team.renamed' AND actor_id = $1`,
    [acme.owner.id],
  )
  assert.deepEqual(logged, { team_id: acme.team, details: { from: 'Acme', to: 'Initech' } })
})

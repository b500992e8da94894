import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { check } from '../../src/sessions/check.ts'
import { apply } from '../../src/teams/apply.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { cookie, enter, eventsOf, proveAgain } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'
import { join, makeTeam, ownTeam, setPolicy } from '../support/teams.ts'
import { addMember, change, mails, makeAcme, policyOf, put, usual, written } from './acme.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({
    copies: 2,
    config: { sendPauseSeconds: 0, supportEmail: 'help@example.com' },
  })
})
after(() => copies.stop())

const strong = ['phishing-resistant', 'good']
const inDays = (days: number) =>
  new Date(copies.clock.now().getTime() + days * 86_400_000).toISOString().slice(0, 10)

test('TEAM-01: an admin switches it on; from then on the next login leads to the set-up', async () => {
  const acme = await makeAcme(copies)
  const member = await addMember(copies, acme.team)
  const open = await enter(copies, member)
  copies.clock.advance(1)
  const applied = await change(acme, 0)
  assert.deepEqual(applied.json, { version: 1, mailed: 2 })
  assert.equal((await open.api('GET', '/session')).status, 200, 'a session that is open goes on')
  copies.clock.advance(1)
  const next = await givePassword(copies.visitor(), member)
  assert.equal(next.json['next'], 'set-up')
  await change(acme, 1, { bites: 'now' })
  assert.equal((await open.api('GET', '/session')).json['error'], 'set-up-required')
})

test('TEAM-01: from a date: on that day, in open sessions too, and not a second sooner', async () => {
  const acme = await makeAcme(copies)
  const member = await addMember(copies, acme.team)
  await change(acme, 0, { bites: 'date', date: inDays(1) })
  const midnight = new Date(`${inDays(1)}T00:00:00Z`).getTime()
  copies.clock.advance((midnight - copies.clock.now().getTime()) / 1000 - 1)
  const open = await enter(copies, member)
  assert.equal((await open.api('GET', '/session')).status, 200)
  copies.clock.advance(1)
  assert.equal((await open.api('GET', '/session')).json['error'], 'set-up-required')
})

test('TEAM-03: a date lies ahead, at most 30 days after turning on; a pause at most 30 days', async () => {
  const acme = await makeAcme(copies)
  const today = copies.clock.now()
  for (const [wanted, field, reason] of [
    [{ bites: 'date', date: inDays(-1) }, 'date', 'date-in-past'],
    [{ bites: 'date', date: inDays(0) }, 'date', 'date-in-past'],
    [{ bites: 'date', date: inDays(31) }, 'date', 'date-too-late'],
    [{ bites: 'date' }, 'date', 'field-missing'],
    [{ bites: 'date', date: '2026-02-30' }, 'date', 'field-not-right'],
    [{ bites: 'date', date: `${inDays(2)}T00:00:00+14:00` }, 'date', 'field-not-right'],
    [{ bites: 'soon' }, 'bites', 'field-not-right'],
    [{ joiner_days: 31 }, 'joiner_days', 'field-too-long'],
    [{ joiner_days: -1 }, 'joiner_days', 'field-not-right'],
    [{ joiner_days: 1.5 }, 'joiner_days', 'field-not-right'],
    [{ trust_days: 15 }, 'trust_days', 'field-too-long'],
    [{ strengths: ['good', 'perfect'] }, 'strengths', 'field-not-right'],
    [{ strengths: ['restricted'] }, 'strengths', 'field-not-right'],
    [{ strengths: [] }, 'strengths', 'field-not-right'],
    [{ paused_until: inDays(31) }, 'paused_until', 'date-too-late'],
    [{ paused_until: inDays(0) }, 'paused_until', 'date-in-past'],
    [{ words: 'x'.repeat(10_000) }, 'words', 'field-too-long'],
    [{ words: 'turned \u202E around' }, 'words', 'field-not-right'],
    [{ words: 'half \ud800 of a pair' }, 'words', 'field-not-right'],
    [{ required: 'yes' }, 'required', 'field-not-right'],
  ] as const) {
    const reply = await put(acme, 0, wanted)
    assert.equal(reply.status, 400, `${JSON.stringify(wanted)}: ${reply.text}`)
    const fields = reply.json['fields'] as Record<string, { error: string }>
    assert.equal(fields[field]?.error, reason, JSON.stringify(wanted))
  }
  assert.equal(await policyOf(copies, acme.team), null)
  assert.equal(await written(copies, acme.team, 'announcement'), 0)
  await change(acme, 0, { bites: 'date', date: inDays(30) })
  copies.clock.advance(20 * 86_400)
  await proveAgain(copies, await enter(copies, acme.owner, {}, acme.visitor), acme.owner)
  const later = await put(acme, 1, { bites: 'date', date: inDays(11) })
  assert.equal(later.status, 400, 'counted from turning on, not from the change')
  const last = new Date(today.getTime() + 30 * 86_400_000).toISOString().slice(0, 10)
  const same = { bites: 'date', date: last, trust_days: 7 }
  assert.equal((await put(acme, 1, same)).status, 200, 'a date that stands may stay')
})

test('TEAM-04: nobody but an admin or the owner, with a method that the new policy allows, fresh', async () => {
  const acme = await makeAcme(copies)
  const member = await addMember(copies, acme.team, ['totp'])
  const bare = await addMember(copies, acme.team, [], 'admin')
  const texting = await addMember(copies, acme.team, ['sms'], 'admin')
  const stranger = await addSomebody(copies.world, ['totp'])
  const by = async (person: typeof member) => ({
    team: acme.team,
    visitor: await enter(copies, person),
  })
  assert.equal((await put(await by(member), 0)).json['error'], 'role-required')
  assert.equal((await put(await by(stranger), 0)).json['error'], 'not-found')
  assert.equal((await put(await by(bare), 0)).json['error'], 'protect-yourself-first')
  const weak = await by(texting)
  const refused = await put(weak, 0, { strengths: strong })
  assert.equal(refused.json['error'], 'protect-yourself-first')
  assert.equal(refused.status, 403)
  assert.ok((await eventsOf(copies, texting)).includes('policy.refused'))
  const stale = await by(acme.owner)
  copies.clock.advance(601)
  assert.equal((await put(stale, 0)).json['error'], 'step-up-required')
  assert.equal(await policyOf(copies, acme.team), null)
  await proveAgain(copies, stale.visitor, acme.owner)
  await change(stale, 0, { strengths: strong })
  const again = await by(await addMember(copies, acme.team, ['totp'], 'admin'))
  await change(again, 1, { strengths: [...strong, 'restricted'] })
  const door = copies.visitor()
  await givePassword(door, bare)
  const held = await put({ team: acme.team, visitor: door }, 2, { required: false })
  assert.equal(held.json['error'], 'set-up-required')
})

test('TEAM-04: an admin whose method went while they asked changes nothing', async () => {
  const acme = await makeAcme(copies, ['totp', 'sms'])
  const { owner, visitor, team } = acme
  const session = await check(copies.world, cookie(visitor, 'session'))
  const place = session?.teams.find(({ team_id }) => team_id === team)
  assert.ok(session && place)
  const caller = { requestId: 'r', source: '10.1.0.1', browser: 'b' }
  const off = await visitor.api('DELETE', `/methods/${owner.methods['totp']}`)
  assert.equal(off.status, 200)
  const late = { ...usual, version: 0, strengths: ['phishing-resistant', 'good'] as const }
  const refused = await apply(copies.world, { ...caller, session, team: place }, late)
  assert.equal(!refused.ok && refused.reason, 'changed')
  assert.equal(await policyOf(copies, team), null)
  assert.equal(await written(copies, team, 'announcement'), 0)
})

for (const [what, before, after] of [
  ['turned off', {}, { required: false }],
  ['postponed', { bites: 'now' }, { bites: 'date', date: 5 }],
  ['paused', {}, { paused_until: 5 }],
  ['opened to more methods', { strengths: strong }, {}],
  ['trusting devices for longer', { trust_days: 0 }, { trust_days: 14 }],
  ['patient with those who join', {}, { joiner_days: 30 }],
] as const) {
  test(`TEAM-04, NTF-01, AUD-01: loosened (${what}): the owner is told, and it is in the log`, async () => {
    const acme = await makeAcme(copies)
    const admin = await addMember(copies, acme.team, ['totp'], 'admin')
    await change(acme, 0, before)
    copies.clock.advance(1)
    const day = Object.fromEntries(
      Object.entries(after).map(([name, value]) => [
        name,
        (name === 'date' || name === 'paused_until') && typeof value === 'number'
          ? inDays(value)
          : value,
      ]),
    )
    const visitor = await enter(copies, admin)
    await change({ team: acme.team, visitor }, 1, day)
    const told = (await mails(copies, acme.owner)).filter(({ subject }) =>
      /now asks for less/.test(subject),
    )
    assert.equal(told.length, 1)
    assert.match(told[0]?.text ?? '', /Person \d+ changed what the team requires/)
    assert.match(told[0]?.text ?? '', /When: .*2026, \d\d:\d\d UTC/)
    assert.match(told[0]?.text ?? '', /help@example\.com/)
    const [logged] = await copies.sql.query<Record<string, unknown>>(
      `SELECT kind, actor_id, team_id, session_hash, details FROM events
       WHERE team_id = $1 AND kind LIKE 'policy.%' ORDER BY id DESC LIMIT 1`,
      [acme.team],
    )
    assert.equal(logged?.['actor_id'], admin.id)
    assert.ok(logged?.['session_hash'])
    const kind = what === 'turned off' ? 'policy.turned-off' : 'policy.loosened'
    assert.equal(logged?.['kind'], kind)
    const details = logged?.['details'] as { version: number; changes: string }
    assert.equal(details.version, 2)
    assert.ok(details.changes.length > 10)
  })
}

test('TEAM-04: two admins change one policy at once, over two copies: the second sees it', async () => {
  const acme = await makeAcme(copies)
  const admins = [acme.visitor]
  for (let i = 0; i < 3; i++) {
    const admin = await addMember(copies, acme.team, ['totp'], 'admin')
    admins.push(await enter(copies, admin))
  }
  for (const version of [0, 1, 2]) {
    const replies = await Promise.all(
      admins.map((visitor, i) =>
        put({ team: acme.team, visitor: visitor.copy(copies.all[i % 2]?.base) }, version, {
          trust_days: i + version * 4,
        }),
      ),
    )
    assert.equal(replies.filter(({ status }) => status === 200).length, 1)
    for (const { status, json } of replies.filter(({ status }) => status !== 200)) {
      assert.deepEqual([status, json['error']], [409, 'changed-by-another'])
    }
  }
  const present = await acme.visitor.api('GET', `/teams/${acme.team}/policy`)
  assert.equal(present.json['version'], 3)
  const same = await put(acme, 3, { trust_days: present.json['trust_days'] })
  assert.equal(same.json['error'], 'nothing-changes')
})

test('TEAM-05: from the pages of a lax team nobody gets below what a strict one asks', async () => {
  const strict = await makeTeam(copies.world, 'Strict')
  const person = await addSomebody(copies.world, ['totp', 'sms'])
  const lax = await ownTeam(copies.world, person.id)
  await join(copies.world, strict, person.id)
  await setPolicy(copies.world, strict, { strengths: ['good'], trust_days: 0 })
  copies.clock.advance(1)
  const visitor = await enter(copies, person)
  await change({ team: lax, visitor }, 0, { trust_days: 14 })
  await change({ team: lax, visitor }, 1, { required: false })
  const last = await visitor.api('DELETE', `/methods/${person.methods['totp']}`)
  assert.equal(last.json['error'], 'last-required-method')
  assert.match(String(last.json['message']), /Strict/)
  const foreign = await put({ team: strict, visitor }, 1, { required: false })
  assert.equal(foreign.json['error'], 'role-required')
  const door = copies.visitor()
  await givePassword(door, person)
  assert.equal((await door.api('GET', '/sign-in/code')).json['trust_days'], 0)
})

test('TEAM-06: switching SMS off for a team asks its users for it once more, then for another', async () => {
  const acme = await makeAcme(copies)
  const texting = await addMember(copies, acme.team, ['sms'])
  await change(acme, 0)
  copies.clock.advance(1)
  const open = await enter(copies, texting)
  copies.clock.advance(1)
  await change(acme, 1, { strengths: [...strong, 'weakest'] })
  assert.equal((await open.api('GET', '/session')).status, 200, 'the next login, not this one')
  copies.clock.advance(60)
  const visitor = copies.visitor()
  assert.equal((await givePassword(visitor, texting)).json['next'], 'second-step')
  await enter(copies, texting, {}, visitor)
  assert.equal((await visitor.api('GET', '/session')).json['error'], 'set-up-required')
})

test('ENR-09: policies of other teams are not there, and nothing changes', async () => {
  const [mine, theirs] = [await makeAcme(copies), await makeAcme(copies)]
  await change(theirs, 0)
  const before = await policyOf(copies, theirs.team)
  const { visitor } = mine
  for (const [verb, path] of [
    ['GET', ''],
    ['PATCH', ''],
    ['GET', '/policy'],
    ['GET', '/policy/impact'],
    ['PUT', '/policy'],
  ] as const) {
    const body = verb === 'GET' ? undefined : { required: false, version: 1, name: 'Mine now' }
    const reply = await visitor.api(verb, `/teams/${theirs.team}${path}`, body)
    assert.equal(reply.status, 404, `${verb} ${path}`)
  }
  assert.deepEqual(await policyOf(copies, theirs.team), before)
})

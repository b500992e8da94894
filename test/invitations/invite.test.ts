import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cleanUp } from '../../src/clean-up.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import {
  invite,
  invited,
  joinBy,
  memberOf,
  ownedTeam,
  roleIn,
  someAddress,
  tokenTo,
} from '../support/invited.ts'
import type { Owned } from '../support/invited.ts'
import { enter, proveAgain } from '../support/member.ts'
import { countOf } from '../support/rows.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const pendingIn = (team: string) =>
  countOf(copies.sql, 'SELECT 1 FROM invitations WHERE team_id = $1', team)

const mailsTo = (email: string) =>
  copies.inbox.list().filter(({ letter }) => letter.to === email).length

test('TEAM-10: several are invited at once, each by a mail of their own', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const [one, two] = [someAddress(), someAddress()]
  const reply = await invite(visitor, team, `${one}\nTwo <${two}>`, 'admin')
  assert.deepEqual(reply.json, { invited: 2 })
  assert.notEqual(await tokenTo(copies, one), await tokenTo(copies, two))
  const list = await visitor.api('GET', `/teams/${team}/invitations`)
  const invitations = list.json['invitations'] as Record<string, unknown>[]
  assert.equal(list.json['total'], 2)
  assert.deepEqual(
    new Set(invitations.map(({ email, role }) => `${String(email)} ${String(role)}`)),
    new Set([`${one} admin`, `${two} admin`]),
  )
  const name = await copies.sql.query<{ name: string }>('SELECT name FROM accounts WHERE id = $1', [
    owner.id,
  ])
  assert.equal(invitations[0]?.['invited_by'], name[0]?.name)
})

test('TEAM-10, EML-06: the mail says who invites to what, as what and until when, in plain words', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const [evil, to] = ['Eve\u2028Bcc: x@evil.example <a href="https://evil.example">', someAddress()]
  await copies.sql.query('UPDATE accounts SET name = $2 WHERE id = $1', [owner.id, evil])
  await copies.sql.query('UPDATE teams SET name = $2 WHERE id = $1', [
    team,
    'Free money at https://evil.example/x',
  ])
  assert.equal((await invite(visitor, team, to)).status, 200)
  await copies.delivered()
  const letter = copies.newest(to)
  assert.ok(letter.channel === 'mail')
  assert.equal(letter.to, to)
  assert.match(letter.text, /as|Your role: a member/)
  assert.match(letter.text, /Good until: Tuesday 1 December 2026, \d\d:\d\d UTC/)
  assert.match(letter.text, /nobody joins without saying yes/)
  assert.doesNotMatch(letter.subject, /[\r\n\u2028]/)
  assert.doesNotMatch(letter.subject + letter.text, /https?:\/\/evil|x@evil|evil\.example/)
  const links = [...`${letter.text} ${letter.html}`.matchAll(/https?:\/\/[^\s"<>]+/g)].map(String)
  assert.ok(links.length > 0)
  for (const link of links) assert.match(link, /^http:\/\/localhost:\d+\/invitation\/[\w-]{43}$/)
})

test('TEAM-10: all or nothing: who is a member or invited is named, and nobody else is invited', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const [known, fresh] = [someAddress(), someAddress()]
  await invited(copies, { team, owner, visitor }, known)
  const reply = await invite(visitor, team, [fresh, known.toUpperCase(), owner.email])
  assert.equal(reply.status, 422)
  const { problems } = reply.json['details'] as { problems: string }
  assert.match(problems, new RegExp(`In the team already: ${owner.email}\\.`))
  assert.match(problems, /Invited already: NEW-/)
  assert.ok(!problems.includes(fresh))
  assert.equal(await pendingIn(team), 1)
  assert.equal(mailsTo(fresh), 0)
})

test('TEAM-10: of two who invite one address at once one mail goes out', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const address = someAddress()
  const replies = await Promise.all(
    [0, 1].map((i) => invite(visitor.copy(copies.all[i]?.base), team, [address])),
  )
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  await copies.delivered()
  assert.equal(mailsTo(address), 1)
})

test('TEAM-10: whether an address has an account makes no difference and is not told', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const { person } = await memberOf(copies, (await ownedTeam(copies, 'Other')).team)
  const [theirs, nobodys] = [person.email, someAddress()]
  const replies = [await invite(visitor, team, theirs), await invite(visitor, team, nobodys)]
  assert.deepEqual(replies[0]?.json, replies[1]?.json)
  await copies.delivered()
  const plain = (to: string) => {
    const letter = copies.newest(to)
    // Either copy may send it, each with its own address.
    const differs = /localhost:\d+|[\w-]{43}/g
    return letter.channel === 'mail' ? letter.text.replaceAll(differs, '') : ''
  }
  assert.equal(plain(theirs), plain(nobodys))
})

test('TEAM-10: an admin invites members, only the owner admins, and nobody an owner', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const { visitor: admin } = await memberOf(copies, team, 'admin')
  const { visitor: member } = await memberOf(copies, team)
  assert.equal((await invite(member, team, someAddress())).json['error'], 'role-required')
  assert.equal((await invite(admin, team, someAddress(), 'admin')).json['error'], 'owner-required')
  assert.equal((await invite(admin, team, someAddress())).status, 200)
  assert.equal((await invite(visitor, team, someAddress(), 'owner')).status, 400)
  assert.equal(await pendingIn(team), 1)
})

test('TEAM-10: an admin leaves invitations of admins alone', async () => {
  const { team, owner, visitor } = await ownedTeam(copies)
  const { visitor: admin } = await memberOf(copies, team, 'admin')
  const { id } = await invited(copies, { team, owner, visitor }, someAddress(), 'admin')
  const at = `/teams/${team}/invitations/${id}`
  copies.clock.advance(60)
  for (const [verb, path, body] of [
    ['POST', `${at}/resend`, {}],
    ['DELETE', at, undefined],
    ['PATCH', at, { role: 'member' }],
  ] as const) {
    assert.equal((await admin.api(verb, path, body)).status, 403, path)
  }
  assert.equal(await pendingIn(team), 1)
})

test('ENR-09: an invitation of another team is not found, and stays as it is', async () => {
  const [mine, theirs] = [await ownedTeam(copies), await ownedTeam(copies, 'Theirs')]
  const { id } = await invited(copies, theirs, someAddress())
  for (const team of [mine.team, theirs.team]) {
    const at = `/teams/${team}/invitations/${id}`
    const replies = [
      await mine.visitor.api('PATCH', at, { role: 'admin' }),
      await mine.visitor.api('POST', `${at}/resend`, {}),
      await mine.visitor.api('DELETE', at),
      await mine.visitor.get(`${at}/role`),
      await mine.visitor.get(`${at}/revoke`),
    ]
    assert.deepEqual(
      replies.map(({ status }) => status),
      [404, 404, 404, 404, 404],
    )
  }
  assert.equal(await pendingIn(theirs.team), 1)
})

test('ENR-01: inviting needs a fresh proof; looking does not', async () => {
  const { team, visitor } = await ownedTeam(copies)
  copies.clock.advance(601)
  const late = await invite(visitor, team, someAddress())
  assert.equal(late.json['error'], 'step-up-required')
  assert.equal((await visitor.api('GET', `/teams/${team}/invitations`)).status, 200)
})

test('TEAM-10: ten thousand addresses pasted get a clear no, and nobody is invited', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const all = (count: number) =>
    Array.from({ length: count }, (_, i) => `p${i}@example.com`).join('\n')
  const path = `/teams/${team}/invitations`
  const huge = await visitor.post(path, { addresses: all(10_000), role: 'member' })
  assert.equal(huge.status, 413)
  assert.match(huge.text, /more than we can take in one go/)
  const many = await visitor.post(path, { addresses: all(2_000), role: 'member' })
  assert.equal(many.status, 422)
  assert.match(many.text, /at most 100 addresses go at a time, and these are 2000/)
  assert.equal(await pendingIn(team), 0)
})

test('TEAM-10: what was typed stands there again after a refusal', async () => {
  const { team, visitor } = await ownedTeam(copies)
  const path = `/teams/${team}/invitations`
  const page = await visitor.post(path, { addresses: 'fine@example.com\nnot one', role: 'admin' })
  assert.equal(page.status, 422)
  assert.match(page.text, /fine@example\.com\nnot one<\/textarea/)
  assert.match(page.text, /value="admin"\s+checked/)
  assert.match(page.text, /No email address: not one\./)
})

test('CODE-06: one address gets few invitations, whichever team sends them', async () => {
  const address = someAddress()
  const first = await ownedTeam(copies)
  const { id } = await invited(copies, first, address)
  const again = () => first.visitor.api('POST', `/teams/${first.team}/invitations/${id}/resend`, {})
  const soon = await again()
  assert.equal(soon.json['error'], 'invited-just-now')
  assert.equal(soon.headers.get('retry-after'), '30')
  for (let sent = 1; sent < 5; sent++) {
    copies.clock.advance(31)
    assert.equal((await again()).status, 200)
  }
  copies.clock.advance(31)
  assert.equal((await again()).json['error'], 'invited-just-now')
  const other = await ownedTeam(copies, 'Other')
  const reply = await invite(other.visitor, other.team, [someAddress(), address])
  assert.equal(reply.json['error'], 'invited-just-now')
  assert.match(String(reply.json['message']), new RegExp(address))
  assert.equal(await pendingIn(other.team), 0, 'none of the list')
  await copies.delivered()
  assert.equal(mailsTo(address), 5)
})

test('CODE-06: a team sends so many an hour, over both copies; a list counts whole', async (t) => {
  const usual = { invitationsPerHourMax: 500, invitationsPerDayMax: 2000 }
  const allow = (most: object) => copies.all.map(({ world }) => Object.assign(world.config, most))
  allow({ invitationsPerHourMax: 5, invitationsPerDayMax: 8 })
  t.after(() => allow(usual))
  const { team, owner, visitor } = await ownedTeam(copies)
  const send = (count: number, copy = 0) => {
    const addresses = Array.from({ length: count }, () => someAddress())
    const headers = { 'x-forwarded-for': '10.7.7.7' }
    const at = `/teams/${team}/invitations`
    const body = { addresses, role: 'member' }
    return visitor.copy(copies.all[copy]?.base).api('POST', at, body, { headers })
  }
  const replies = await Promise.all([send(3, 0), send(3, 1)])
  const refused = replies.find(({ status }) => status === 429)
  assert.equal(replies.filter(({ status }) => status === 200).length, 1)
  assert.equal(refused?.json['error'], 'too-many-invitations')
  assert.equal(refused?.headers.get('retry-after'), '3600')
  assert.equal((await send(2)).status, 200, 'two more fit')
  assert.equal((await send(1)).status, 429)
  copies.clock.advance(3600)
  await proveAgain(copies, visitor, owner)
  assert.equal((await send(4)).status, 429, 'eight a day')
  assert.equal((await send(3)).status, 200)
})

test('TEAM-10: sent again, the new link works and the old one is void', async () => {
  const acme = await ownedTeam(copies)
  const address = someAddress()
  const { id, token } = await invited(copies, acme, address)
  copies.clock.advance(6 * 86_400)
  const visitor = await reEntered(acme)
  assert.equal(
    (await visitor.api('POST', `/teams/${acme.team}/invitations/${id}/resend`, {})).status,
    200,
  )
  const renewed = await tokenTo(copies, address)
  assert.notEqual(renewed, token)
  assert.equal((await joinBy(copies.visitor(), token)).json['error'], 'invitation-over')
  copies.clock.advance(6 * 86_400)
  assert.equal((await joinBy(copies.visitor(), renewed)).status, 200, 'seven days more')
  assert.equal(await roleIn(copies, acme.team, address), 'member')
})

test('TEAM-10: an expired invitation opens nothing, and its address can be invited anew', async () => {
  const acme = await ownedTeam(copies)
  const address = someAddress()
  const { token } = await invited(copies, acme, address)
  copies.clock.advance(7 * 86_400)
  assert.equal((await joinBy(copies.visitor(), token)).json['error'], 'invitation-over')
  const visitor = await reEntered(acme)
  const list = await visitor.api('GET', `/teams/${acme.team}/invitations`)
  assert.equal((list.json['invitations'] as { expired: boolean }[])[0]?.expired, true)
  assert.equal((await invite(visitor, acme.team, address, 'admin')).status, 200)
  assert.equal(await pendingIn(acme.team), 1)
  const anew = await tokenTo(copies, address)
  assert.equal((await joinBy(copies.visitor(), token)).status, 410)
  assert.equal((await joinBy(copies.visitor(), anew)).status, 200)
  assert.equal(await roleIn(copies, acme.team, address), 'admin')
})

test('TEAM-10: withdrawn, also a mail that is still on its way is not sent', async () => {
  const acme = await ownedTeam(copies)
  const address = someAddress()
  const { id, token } = await invited(copies, acme, address)
  const gone = await acme.visitor.api('DELETE', `/teams/${acme.team}/invitations/${id}`)
  assert.equal(gone.status, 200)
  assert.equal((await joinBy(copies.visitor(), token)).json['error'], 'invitation-over')
  await copies.sql.query(
    `UPDATE messages SET accepted_at = NULL, next_try_at = created_at WHERE destination = $1`,
    [address],
  )
  await copies.delivered()
  assert.equal(mailsTo(address), 1)
})

test('PRV-03: an invitation is deleted thirty days after its end', async () => {
  const acme = await ownedTeam(copies)
  await invited(copies, acme, someAddress())
  copies.clock.advance(36 * 86_400)
  await cleanUp(copies.world)
  assert.equal(await pendingIn(acme.team), 1)
  copies.clock.advance(2 * 86_400)
  await cleanUp(copies.world)
  assert.equal(await pendingIn(acme.team), 0)
})

test('AUD-01, PRV-02: each act on an invitation is in the log, its address masked', async () => {
  const acme = await ownedTeam(copies)
  const { id } = await invited(copies, acme, someAddress('zoe'))
  const at = `/teams/${acme.team}/invitations/${id}`
  await acme.visitor.api('PATCH', at, { role: 'admin' })
  copies.clock.advance(31)
  await acme.visitor.api('POST', `${at}/resend`, {})
  await acme.visitor.api('DELETE', at)
  const rows = await copies.sql.query<{ kind: string; actor_id: string; details: object }>(
    `SELECT kind, actor_id, details FROM events WHERE team_id = $1 AND kind LIKE 'invitation.%'
     ORDER BY id`,
    [acme.team],
  )
  assert.deepEqual(
    rows.map(({ kind }) => kind),
    ['invitation.sent', 'invitation.role-changed', 'invitation.sent-again', 'invitation.revoked'],
  )
  for (const { actor_id, details } of rows) {
    assert.equal(actor_id, acme.owner.id)
    assert.match(JSON.stringify(details), /"to":\s*"z•••@example\.org"/)
  }
})

test('the list of invitations goes on page by page, each once', async () => {
  const { team, visitor } = await ownedTeam(copies)
  for (let i = 0; i < 3; i++) {
    copies.clock.advance(1)
    const some = Array.from({ length: 40 }, () => someAddress())
    assert.equal((await invite(visitor, team, some)).status, 200)
  }
  const seen: string[] = []
  let after = ''
  for (let page = 0; page < 4 && after !== 'null'; page++) {
    const path = `/teams/${team}/invitations${after && `?after=${after}`}`
    const { json } = await visitor.api('GET', path)
    seen.push(...(json['invitations'] as { id: string }[]).map(({ id }) => id))
    after = String(json['next'])
  }
  assert.equal(after, 'null')
  assert.equal(seen.length, 120)
  assert.equal(new Set(seen).size, 120)
})

/** The owner signed in again, after some days. */
function reEntered(acme: Owned) {
  return enter(copies, acme.owner)
}

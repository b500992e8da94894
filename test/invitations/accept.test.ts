import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { invited, joinBy, newcomer, ownedTeam, roleIn, someAddress } from '../support/invited.ts'
import { enter, eventsOf, isIn, mailsTo } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { countOf, rowsBut, sessionsOf } from '../support/rows.ts'
import { givePassword } from '../support/steps.ts'
import { setPolicy } from '../support/teams.ts'
import type { Reply } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

const idOf = async (email: string) => {
  const [row] = await copies.sql.query<{ id: string }>('SELECT id FROM accounts WHERE email = $1', [
    email,
  ])
  return row?.id ?? ''
}
const locationOf = ({ headers }: Reply) => headers.get('location')

test('EML-04, PW-11: fetching the link changes nothing; its token leaves the address bar', async () => {
  const acme = await ownedTeam(copies)
  const { token } = await invited(copies, acme, someAddress())
  const before = await rowsBut(copies.sql)
  const visitor = copies.visitor()
  for (let i = 0; i < 5; i++) {
    const moved = await visitor.get(`/invitation/${token}`)
    assert.deepEqual([moved.status, locationOf(moved)], [303, '/invitation'])
    const page = await visitor.get('/invitation')
    assert.equal(page.status, 200)
    assert.ok(!page.text.includes(token))
  }
  await fetch(`${visitor.base}/invitation/${token}`, { method: 'HEAD' })
  assert.deepEqual(await rowsBut(copies.sql), before)
})

test('TEAM-10, PW-12: a new person chooses the password, joins, and is not signed in', async () => {
  const acme = await ownedTeam(copies)
  const address = someAddress()
  const { token } = await invited(copies, acme, address, 'admin')
  const visitor = copies.visitor()
  await visitor.get(`/invitation/${token}`)
  const page = await visitor.get('/invitation')
  for (const said of ['Join <bdi>Acme</bdi>', address, 'Admin']) assert.ok(page.text.includes(said))
  const link = /name="link" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  const joined = await visitor.post('/invitation', { link, ...newcomer })
  assert.equal(locationOf(joined), '/sign-in?notice=account-ready', joined.text.slice(0, 300))
  assert.ok(!visitor.jar.has('session'))
  assert.equal(await roleIn(copies, acme.team, address), 'admin')
  const id = await idOf(address)
  assert.equal(await sessionsOf(copies.sql, id), 0)
  assert.equal(await isIn(visitor), false)
  assert.deepEqual(await eventsOf(copies, { id }), ['account.created', 'member.joined'])
  assert.ok(
    (await mailsTo(copies, { email: address })).includes('Twostep: Your account was created'),
  )
  const { json } = await givePassword(visitor, { email: address, password: newcomer.password })
  assert.equal(json['next'], 'signed-in')
  const session = await visitor.api('GET', '/session')
  assert.deepEqual(session.json['teams'], [{ id: acme.team, name: 'Acme', role: 'admin' }])
  const verified = 'SELECT 1 FROM accounts WHERE id = $1 AND email_verified_at IS NOT NULL'
  assert.equal(await countOf(copies.sql, verified, id), 1)
})

test('TEAM-10: a link works once; afterwards its page and its post say so', async () => {
  const acme = await ownedTeam(copies)
  const address = someAddress()
  const { token } = await invited(copies, acme, address)
  const [first, second] = [copies.visitor(), copies.visitor()]
  await second.get(`/invitation/${token}`)
  assert.equal((await joinBy(first, token)).status, 200)
  assert.equal((await joinBy(first, token)).json['error'], 'invitation-over')
  const page = await second.get('/invitation')
  assert.equal(page.status, 410)
  assert.match(page.text, /This invitation has ended/)
  assert.equal((await copies.visitor().get(`/invitation/${token}`)).status, 410)
  assert.equal(await countOf(copies.sql, 'SELECT 1 FROM accounts WHERE email = $1', address), 1)
})

test('PW-12, PW-01: the password of an invited person follows the same rules', async () => {
  const acme = await ownedTeam(copies, 'Quartz Violet Harbour')
  const { token } = await invited(copies, acme, someAddress())
  const tries = { short: 'too-short', 'quartz violet harbour': 'too-personal' }
  for (const [password, reason] of Object.entries(tries)) {
    const reply = await joinBy(copies.visitor(), token, { password })
    assert.equal(reply.json['error'], `password-${reason}`)
  }
  assert.equal((await joinBy(copies.visitor(), token)).status, 200, 'the link was not used up')
})

test('TEAM-10: an address with an account is led to sign in, by page and API; nothing is made', async () => {
  const acme = await ownedTeam(copies)
  const person = await addSomebody(copies.world, ['totp'])
  const { token } = await invited(copies, acme, person.email)
  const visitor = copies.visitor()
  await visitor.get(`/invitation/${token}`)
  const page = await visitor.get('/invitation')
  assert.match(page.text, /has an account already/)
  assert.match(page.text, /href="\/sign-in\?return_to=\/invitations"/)
  assert.doesNotMatch(page.text, /type="password"/)
  const reply = await joinBy(visitor, token)
  assert.deepEqual([reply.status, reply.json['error']], [409, 'invitation-to-account'])
  assert.equal(await roleIn(copies, acme.team, person.email), null)
})

test('TEAM-10: who is enrolled gives the second step first, then accepts in the session', async () => {
  const acme = await ownedTeam(copies)
  const person = await addSomebody(copies.world, ['totp'])
  const { id, token } = await invited(copies, acme, person.email)
  const visitor = copies.visitor()
  await visitor.get(`/invitation/${token}`)
  assert.equal((await givePassword(visitor, person)).json['next'], 'second-step')
  for (const path of ['/invitations', `/invitations/${id}/decline`]) {
    assert.match(String(locationOf(await visitor.get(path))), /^\/sign-in\?/)
  }
  const early = await visitor.api('POST', `/invitations/${id}/accept`, {})
  assert.equal(early.json['error'], 'sign-in-required')
  await enter(copies, person, {}, visitor)
  const page = await visitor.get('/invitations')
  assert.ok(page.text.includes('Acme'))
  const home = await visitor.get('/')
  assert.match(home.text, /You have 1 invitation/)
  const accepted = await visitor.post(`/invitations/${id}/accept`, {})
  assert.equal(locationOf(accepted), '/?notice=team-joined')
  assert.equal(await roleIn(copies, acme.team, person.email), 'member')
  assert.ok((await eventsOf(copies, person)).includes('member.joined'))
  assert.ok((await mailsTo(copies, person)).includes('Twostep: You joined a team'))
  assert.equal((await joinBy(copies.visitor(), token)).json['error'], 'invitation-over')
  assert.doesNotMatch((await visitor.get('/')).text, /You have 1 invitation/)
})

test('TEAM-10: another person’s invitation, opened while signed in, is refused with a clear page', async () => {
  const acme = await ownedTeam(copies)
  const [ann, ben] = [await addSomebody(copies.world), await addSomebody(copies.world, ['totp'])]
  const anns = await invited(copies, acme, ann.email)
  const nobodys = await invited(copies, acme, someAddress())
  const visitor = await enter(copies, ben)
  for (const { id, token } of [anns, nobodys]) {
    await visitor.get(`/invitation/${token}`)
    const page = await visitor.get('/invitation')
    assert.equal(page.status, 403)
    assert.match(page.text, /This invitation is for somebody else/)
    assert.match(page.text, /Sign out/)
    assert.ok(page.text.includes(ben.email) && !page.text.includes(ann.email))
    const joined = await joinBy(visitor, token)
    assert.deepEqual([joined.status, joined.json['error']], [403, 'invitation-of-another'])
    const accepted = await visitor.api('POST', `/invitations/${id}/accept`, {})
    assert.deepEqual([accepted.status, accepted.json['error']], [404, 'not-found'])
    assert.equal((await visitor.api('DELETE', `/invitations/${id}`)).status, 404)
    assert.equal((await visitor.get(`/invitations/${id}/decline`)).status, 404)
  }
  assert.deepEqual((await visitor.api('GET', '/invitations')).json['invitations'], [])
  assert.equal(await roleIn(copies, acme.team, ben.email), null)
  const left = 'SELECT 1 FROM invitations WHERE team_id = $1'
  assert.equal(await countOf(copies.sql, left, acme.team), 2)
})

test('TEAM-10: an address that is not confirmed gets no invitation shown or accepted', async () => {
  const acme = await ownedTeam(copies)
  const person = await addSomebody(copies.world)
  await copies.sql.query('UPDATE accounts SET email_verified_at = NULL WHERE id = $1', [person.id])
  const { id } = await invited(copies, acme, person.email)
  const visitor = await enter(copies, person)
  const list = await visitor.api('GET', '/invitations')
  assert.deepEqual(list.json, { invitations: [], unconfirmed: true })
  assert.equal((await visitor.api('POST', `/invitations/${id}/accept`, {})).status, 404)
  assert.match((await visitor.get('/invitations')).text, /isn’t confirmed yet/)
})

test('TEAM-10: an address that changed since is not the one that was invited', async () => {
  const acme = await ownedTeam(copies)
  const person = await addSomebody(copies.world)
  const { id } = await invited(copies, acme, person.email)
  const visitor = await enter(copies, person)
  const other = someAddress('moved')
  await copies.sql.query('UPDATE accounts SET email = $2, email_key = $2 WHERE id = $1', [
    person.id,
    other,
  ])
  assert.equal((await visitor.api('POST', `/invitations/${id}/accept`, {})).status, 404)
})

test('TEAM-10: expired while its page was open, it is over; the page says it is gone', async () => {
  const acme = await ownedTeam(copies)
  const person = await addSomebody(copies.world)
  const { id } = await invited(copies, acme, person.email)
  copies.clock.advance(7 * 86_400 - 60)
  const visitor = await enter(copies, person)
  copies.clock.advance(60)
  const page = await visitor.post(`/invitations/${id}/accept`, {})
  assert.equal(page.status, 404)
  assert.match(page.text, /No invitations/)
  assert.equal(await roleIn(copies, acme.team, person.email), null)
})

test('TEAM-10: the role is the one the invitation says when it is accepted', async () => {
  const acme = await ownedTeam(copies)
  const address = someAddress()
  const { id, token } = await invited(copies, acme, address)
  const visitor = copies.visitor()
  await visitor.get(`/invitation/${token}`)
  const at = `/teams/${acme.team}/invitations/${id}`
  assert.equal((await acme.visitor.api('PATCH', at, { role: 'admin' })).status, 200)
  assert.equal((await acme.visitor.api('PATCH', at, { role: 'admin' })).status, 409)
  assert.ok((await visitor.get('/invitation')).text.includes('Admin'))
  assert.equal((await joinBy(visitor, token)).status, 200)
  assert.equal(await roleIn(copies, acme.team, address), 'admin')
})

test('TEAM-10: declining takes the invitation away, after asking', async () => {
  const acme = await ownedTeam(copies)
  const person = await addSomebody(copies.world)
  const { id, token } = await invited(copies, acme, person.email)
  const visitor = await enter(copies, person)
  assert.match((await visitor.get(`/invitations/${id}/decline`)).text, /What will happen/)
  const declined = await visitor.post(`/invitations/${id}/decline`, {})
  assert.equal(locationOf(declined), '/invitations?notice=invitation-declined')
  assert.equal((await visitor.api('POST', `/invitations/${id}/accept`, {})).status, 404)
  assert.equal((await copies.visitor().get(`/invitation/${token}`)).status, 410)
  assert.ok((await eventsOf(copies, person)).includes('invitation.declined'))
})

test('TEAM-01, TEAM-02: what the team requires holds from the moment of joining', async () => {
  const acme = await ownedTeam(copies)
  await setPolicy(copies.world, acme.team)
  const person = await addSomebody(copies.world)
  const { id } = await invited(copies, acme, person.email)
  copies.clock.advance(1)
  const visitor = await enter(copies, person)
  assert.match((await visitor.get('/invitations')).text, /requires two-step authentication/)
  assert.equal((await visitor.api('POST', `/invitations/${id}/accept`, {})).status, 200)
  assert.equal((await visitor.api('GET', '/session')).json['error'], 'set-up-required')
})

test('A4: an invitation opens nothing while a team of one’s own requires a set-up', async () => {
  const [acme, strict] = [await ownedTeam(copies), await ownedTeam(copies, 'Strict')]
  const person = await addSomebody(copies.world)
  const { id } = await invited(copies, acme, person.email)
  const joined = await invited(copies, strict, person.email)
  const visitor = await enter(copies, person)
  assert.equal((await visitor.api('POST', `/invitations/${joined.id}/accept`, {})).status, 200)
  await setPolicy(copies.world, strict.team, { bites: 'now' })
  const early = await visitor.api('POST', `/invitations/${id}/accept`, {})
  assert.equal(early.json['error'], 'set-up-required')
})

test('FLOW-09: a form that was made for one invitation does not answer another', async () => {
  const acme = await ownedTeam(copies)
  const [one, two] = [someAddress(), someAddress()]
  const first = await invited(copies, acme, one)
  const second = await invited(copies, acme, two)
  const visitor = copies.visitor()
  await visitor.get(`/invitation/${first.token}`)
  const page = await visitor.get('/invitation')
  const link = /name="link" value="([^"]+)"/.exec(page.text)?.[1] ?? ''
  await visitor.get(`/invitation/${second.token}`)
  const posted = await visitor.post('/invitation', { link, ...newcomer })
  assert.equal(posted.status, 410)
  assert.equal(await countOf(copies.sql, 'SELECT 1 FROM accounts WHERE email = $1', two), 0)
})

test('TEAM-10: a token of another purpose, and one made up, open no invitation', async () => {
  const person = await addSomebody(copies.world)
  await copies.visitor().post('/forgot-password', { email: person.email })
  await copies.delivered()
  const letter = copies.newest(person.email)
  const reset = letter.channel === 'mail' ? /reset-password\/([\w-]{43})/.exec(letter.text) : null
  for (const token of [reset?.[1] ?? '', 'x'.repeat(43), '%00']) {
    assert.equal((await joinBy(copies.visitor(), token)).json['error'], 'invitation-over', token)
  }
})

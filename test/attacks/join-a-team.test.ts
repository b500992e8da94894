import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
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
} from '../support/invited.ts'
import { enter, proveAgain } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { countOf } from '../support/rows.ts'
import type { Visitor } from '../support/visitor.ts'

/** Who comes into a team and who goes, at the same instant, over two copies. */
let copies: Copies
before(async () => {
  copies = await startCopies({
    copies: 2,
    config: { sendPauseSeconds: 0, invitationsPerHourMax: 5000, invitationsPerDayMax: 5000 },
  })
})
after(() => copies.stop())

const rounds = 12
const at = (visitor: Visitor, copy: number) => visitor.copy(copies.all[copy % 2]?.base)
const statuses = (replies: readonly { status: number }[]) => replies.map(({ status }) => status)
const sorted = (replies: readonly { status: number }[]) =>
  statuses(replies).toSorted((a, b) => a - b)
const rowsOf = (text: string, ...values: string[]) => countOf(copies.sql, text, ...values)

test('TEAM-10: twenty posts of one link at once make one account and one membership', async () => {
  const acme = await ownedTeam(copies)
  const address = someAddress()
  const { token } = await invited(copies, acme, address)
  const replies = await Promise.all(
    Array.from({ length: 20 }, (_none, i) => joinBy(copies.visitor(i % 2), token)),
  )
  const won = replies.filter(({ status }) => status === 200)
  assert.equal(won.length, 1)
  for (const { status } of replies) assert.ok([200, 409, 410, 503].includes(status), `${status}`)
  assert.equal(await rowsOf('SELECT 1 FROM accounts WHERE email = $1', address), 1)
  const joined = `SELECT 1 FROM events WHERE kind = 'member.joined' AND team_id = $1`
  assert.equal(await rowsOf(joined, acme.team), 1)
})

test('TEAM-10: two accepts of one invitation at once give one membership', async () => {
  const acme = await ownedTeam(copies)
  for (let round = 0; round < rounds; round++) {
    const person = await addSomebody(copies.world)
    const { id } = await invited(copies, acme, person.email)
    const visitor = await enter(copies, person)
    const replies = await Promise.all(
      [0, 1].map((copy) => at(visitor, copy).api('POST', `/invitations/${id}/accept`, {})),
    )
    assert.deepEqual(sorted(replies), [200, 404])
    const joined = `SELECT 1 FROM events WHERE kind = 'member.joined' AND account_id = $1`
    assert.equal(await rowsOf(joined, person.id), 1)
  }
})

test('TEAM-10: accepted or withdrawn, never both', async () => {
  const acme = await ownedTeam(copies)
  for (let round = 0; round < rounds; round++) {
    const person = await addSomebody(copies.world)
    const { id } = await invited(copies, acme, person.email)
    const visitor = await enter(copies, person)
    const [accepted, withdrawn] = await Promise.all([
      at(visitor, round).api('POST', `/invitations/${id}/accept`, {}),
      at(acme.visitor, round + 1).api('DELETE', `/teams/${acme.team}/invitations/${id}`),
    ])
    assert.deepEqual(sorted([accepted, withdrawn]), [200, 404])
    const role = await roleIn(copies, acme.team, person.email)
    assert.equal(role, accepted.status === 200 ? 'member' : null)
  }
})

test('TEAM-10: joining by a link, against withdrawing it: one of both', async () => {
  const acme = await ownedTeam(copies)
  for (let round = 0; round < rounds; round++) {
    const address = someAddress()
    const { id, token } = await invited(copies, acme, address)
    const [joined, withdrawn] = await Promise.all([
      joinBy(copies.visitor(round % 2), token),
      at(acme.visitor, round + 1).api('DELETE', `/teams/${acme.team}/invitations/${id}`),
    ])
    assert.equal(statuses([joined, withdrawn]).filter((status) => status === 200).length, 1)
    const role = await roleIn(copies, acme.team, address)
    assert.equal(role, joined.status === 200 ? 'member' : null)
    const accounts = await rowsOf('SELECT 1 FROM accounts WHERE email = $1', address)
    assert.equal(accounts, joined.status === 200 ? 1 : 0, 'no account without its team')
  }
})

test('TEAM-10: accepted while its role is changed: the role is one of both, and the log says which', async () => {
  const acme = await ownedTeam(copies)
  for (let round = 0; round < rounds; round++) {
    const person = await addSomebody(copies.world)
    const { id } = await invited(copies, acme, person.email)
    const visitor = await enter(copies, person)
    const [accepted, changed] = await Promise.all([
      at(visitor, round).api('POST', `/invitations/${id}/accept`, {}),
      at(acme.visitor, round + 1).api('PATCH', `/teams/${acme.team}/invitations/${id}`, {
        role: 'admin',
      }),
    ])
    assert.equal(accepted.status, 200, accepted.text)
    const role = await roleIn(copies, acme.team, person.email)
    assert.equal(role, changed.status === 200 ? 'admin' : 'member')
    assert.equal(accepted.json['role'], role)
    const [joined] = await copies.sql.query<{ details: object }>(
      `SELECT details FROM events WHERE kind = 'member.joined' AND account_id = $1`,
      [person.id],
    )
    assert.deepEqual(joined?.details, { role })
  }
})

test('TEAM-10: sent again while it is accepted by its link: the old link joins before, or never', async () => {
  const acme = await ownedTeam(copies)
  for (let round = 0; round < rounds; round++) {
    const address = someAddress()
    const { id, token } = await invited(copies, acme, address)
    const [joined, again] = await Promise.all([
      joinBy(copies.visitor(round % 2), token),
      at(acme.visitor, round + 1).api('POST', `/teams/${acme.team}/invitations/${id}/resend`, {}),
    ])
    const left = await rowsOf('SELECT 1 FROM invitations WHERE id = $1', id)
    if (joined.status === 200) assert.deepEqual([again.status, left], [404, 0])
    else assert.deepEqual([joined.status, again.status, left], [410, 200, 1])
  }
})

test('TEAM-09: removed while they accept another invitation: in or out, and the first day is kept', async () => {
  const acme = await ownedTeam(copies)
  for (let round = 0; round < rounds; round++) {
    const { person, visitor } = await memberOf(copies, acme.team)
    const since = await firstDay('memberships', acme.team, person.id)
    copies.clock.advance(1)
    const id = await secondInvitation(acme.team, person)
    const [accepted, removed] = await Promise.all([
      at(visitor, round).api('POST', `/invitations/${id}/accept`, {}),
      at(acme.visitor, round + 1).api('DELETE', `/teams/${acme.team}/members/${person.id}`),
    ])
    assert.deepEqual(statuses([accepted, removed]), [200, 200])
    const place = await firstDay('memberships', acme.team, person.id)
    assert.deepEqual(await firstDay('former_members', acme.team, person.id), since)
    if (place) assert.deepEqual(place, since)
  }
})

/** When somebody first joined the team, as the table has it. */
async function firstDay(
  table: 'memberships' | 'former_members',
  team: string,
  account: string,
): Promise<Date | undefined> {
  const [row] = await copies.sql.query<{ first_joined_at: Date }>(
    `SELECT first_joined_at FROM ${table} WHERE team_id = $1 AND account_id = $2`,
    [team, account],
  )
  return row?.first_joined_at
}

/** An invitation to somebody who is in the team: to be had only when their address has changed. */
async function secondInvitation(team: string, person: { id: string }): Promise<string> {
  const [row] = await copies.sql.query<{ id: string }>(
    `INSERT INTO invitations (id, team_id, email, email_key, role, link_id, created_at, sent_at,
       expires_at) SELECT gen_random_uuid(), $1, a.email, a.email_key, 'member',
       gen_random_uuid(), $3, $3, $3::timestamptz + interval '1 day' FROM accounts a WHERE a.id = $2
     RETURNING id`,
    [team, person.id, copies.clock.now()],
  )
  return row?.id ?? ''
}

test('TEAM-09: an admin removed while inviting leaves no invitation behind', async () => {
  const acme = await ownedTeam(copies)
  for (let round = 0; round < rounds; round++) {
    const { person, visitor } = await memberOf(copies, acme.team, 'admin')
    const [sent, removed] = await Promise.all([
      invite(at(visitor, round), acme.team, someAddress()),
      at(acme.visitor, round + 1).api('DELETE', `/teams/${acme.team}/members/${person.id}`),
    ])
    assert.equal(removed.status, 200, removed.text)
    assert.ok([200, 404, 409].includes(sent.status), sent.text)
    assert.equal(await rowsOf('SELECT 1 FROM invitations WHERE invited_by = $1', person.id), 0)
  }
})

test('ENR-01, TEAM-07: a stolen cookie brings nobody into the thief’s team, whose owner resets second steps', async () => {
  const thiefs = await ownedTeam(copies, 'Thieves')
  const person = await addSomebody(copies.world, ['totp'])
  await copies.sql.query('DELETE FROM memberships WHERE account_id = $1', [person.id])
  const { id } = await invited(copies, thiefs, person.email)
  const own = await enter(copies, person)
  copies.clock.advance(601)
  const thief = own.copy(copies.all[1]?.base)
  assert.match((await thief.get('/invitations')).text, /Thieves/)
  const accepted = await thief.api('POST', `/invitations/${id}/accept`, {})
  assert.equal(accepted.json['error'], 'step-up-required')
  const asking = await thief.get(`/invitations/${id}/accept`)
  assert.match(asking.headers.get('location') ?? '', /^\/step-up\?return_to=/)
  assert.equal(await roleIn(copies, thiefs.team, person.email), null)
  const master = await enter(copies, thiefs.owner)
  const at = `/teams/${thiefs.team}/members/${person.id}/reset`
  assert.equal((await master.api('POST', at, { reason: 'Lost phone' })).status, 404)
  assert.equal(await rowsOf('SELECT 1 FROM methods WHERE account_id = $1', person.id), 1)
})

test('TEAM-10: who proves it again reads what the team may do, and joins', async () => {
  const acme = await ownedTeam(copies)
  const person = await addSomebody(copies.world, ['totp'])
  const { id } = await invited(copies, acme, person.email)
  const own = await enter(copies, person)
  copies.clock.advance(601)
  await proveAgain(copies, own, person)
  const page = await own.get(`/invitations/${id}/accept`)
  assert.match(page.text, /its admins can reset your two-step verification/)
  const joined = await own.post(`/invitations/${id}/accept`, {})
  assert.equal(joined.headers.get('location'), '/?notice=team-joined')
  assert.equal(await roleIn(copies, acme.team, person.email), 'member')
})

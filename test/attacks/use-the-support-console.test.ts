import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { enter } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import {
  approve,
  askAtSignIn,
  caseOf,
  freshen,
  note,
  plainMember,
  record,
  supporter,
} from '../support/recovery-case.ts'
import type { Supporter } from '../support/recovery-case.ts'
import { countOf, rowsBut } from '../support/rows.ts'
import { givePassword } from '../support/steps.ts'
import { addresses, fill } from '../support/surface.ts'
import type { Address } from '../support/surface.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
let one: Supporter
let person: Person
let id: string
before(async () => {
  copies = await startCopies({ config: { supportDecisionsPerDayMax: 3 } })
  one = await supporter(copies)
  person = await plainMember(copies)
  await askAtSignIn(copies, person)
  id = (await caseOf(copies, person)).id
})
after(() => copies.stop())

const own = addresses.filter(({ route }) => route.support)
const body = {
  email: 'x@example.com',
  contact: 'x',
  kind: 'called-known-number',
  note,
  reason: 'Because',
}

function knock(visitor: Visitor, { api, verb, path }: Address): Promise<Reply> {
  const at = fill(path, { case: id })
  if (!api) return verb === 'GET' ? visitor.get(at) : visitor.post(at, body)
  return visitor.api(verb, at.replace('/api/v1', ''), verb === 'GET' ? undefined : body)
}

const where = ({ verb, path }: Address) => `${verb} ${path}`

/** Walks the console; every address refuses for that reason, and nothing changes. */
async function closedTo(visitor: Visitor, reason: string): Promise<void> {
  assert.ok(own.length > 12, String(own.length))
  await copies.delivered()
  const rows = await rowsBut(copies.sql, 'events')
  for (const address of own) {
    const reply = await knock(visitor, address)
    if (address.api) assert.equal(reply.json['error'], reason, where(address))
    else assert.ok(reply.status === 403 || reply.status === 303, where(address))
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events'), rows)
}

test('REC-06: the console is closed to members, owners and admins', async () => {
  await closedTo(await enter(copies, await addSomebody(copies.world, ['totp'])), 'support-required')
})

test('REC-06: who lost the role is out at the next request', async () => {
  const was = await supporter(copies)
  assert.equal((await was.visitor.get('/support')).status, 200)
  await copies.sql.query('UPDATE accounts SET support_since = NULL WHERE id = $1', [was.person.id])
  await closedTo(was.visitor, 'support-required')
})

test('REC-06: the role without a method of one’s own, or on a trusted device, is of no use', async () => {
  const bare = await addSomebody(copies.world)
  await copies.sql.query('UPDATE accounts SET support_since = now() WHERE id = $1', [bare.id])
  await closedTo(await enter(copies, bare), 'support-needs-method')
  const trusted = await supporter(copies)
  trusted.visitor.jar.delete('session')
  copies.clock.advance(31)
  await enter(copies, trusted.person, { remember_device: true }, trusted.visitor)
  trusted.visitor.jar.delete('session')
  await givePassword(trusted.visitor, trusted.person)
  await closedTo(trusted.visitor, 'step-up-required')
})

test('REC-06: every act wants the own second step fresh; looking wants it once', async () => {
  await freshen(copies, one)
  copies.clock.advance(601)
  for (const address of own) {
    const reply = await knock(one.visitor, address)
    const looks = address.route.who === 'session'
    if (address.api) assert.equal(reply.status, looks ? 200 : 403, where(address))
    if (!looks && address.api) assert.equal(reply.json['error'], 'step-up-required', where(address))
  }
  assert.equal((await caseOf(copies, person))['evidence'], null)
})

test('REC-06, REC-07: whoever was just recovered looks, and decides nothing', async () => {
  const recovered = await supporter(copies)
  const until = new Date(copies.clock.now().getTime() + 3_600_000)
  await copies.sql.query('UPDATE accounts SET frozen_until = $2 WHERE id = $1', [
    recovered.person.id,
    until,
  ])
  const before = await caseOf(copies, person)
  for (const address of own.filter(({ route }) => route.who === 'fresh')) {
    const reply = await knock(recovered.visitor, address)
    if (address.api) assert.equal(reply.json['error'], 'frozen', where(address))
  }
  assert.deepEqual(await caseOf(copies, person), before)
  assert.equal((await recovered.visitor.api('GET', '/support/cases')).status, 200)
})

test('REC-06: the role opens no page of a team, and nobody’s account', async () => {
  await freshen(copies, one)
  const [team] = await copies.sql.query<{ team_id: string }>(
    'SELECT team_id FROM memberships WHERE account_id = $1',
    [person.id],
  )
  for (const address of addresses.filter(({ route }) => route.team !== undefined)) {
    const at = fill(address.path, { team: team?.team_id ?? '' })
    const reply = address.api
      ? await one.visitor.api(
          address.verb,
          at.replace('/api/v1', ''),
          address.verb === 'GET' ? undefined : {},
        )
      : address.verb === 'GET'
        ? await one.visitor.get(at)
        : await one.visitor.post(at, {})
    assert.equal(reply.status, 404, where(address))
  }
  const kinds = own.map(({ path }) => path.replace('/api/v1', ''))
  assert.ok(
    kinds.every((path) =>
      /^\/support(\/cases(\/:case(\/(evidence|approve|approval|decline|refusal|cancel))?)?|\/open)?$/.test(
        path,
      ),
    ),
  )
})

test('REC-06: nothing the console says lets anybody in, or names a whole address or number', async () => {
  await freshen(copies, one)
  const secrets = await copies.sql.query<{ text: string }>(
    `SELECT encode(m.secret, 'hex') AS text FROM methods m WHERE account_id = $1 AND secret IS NOT NULL
     UNION ALL SELECT password_hash FROM accounts WHERE id = $1
     UNION ALL SELECT encode(hash, 'hex') FROM recovery_codes WHERE account_id = $1`,
    [person.id],
  )
  const words = [
    ...secrets.map(({ text }) => text),
    person.email,
    person.phone,
    ...person.recoveryCodes,
  ]
  for (const address of own.filter(({ verb }) => verb === 'GET')) {
    const { status, text } = await knock(one.visitor, address)
    assert.equal(status, 200, where(address))
    for (const word of words) assert.ok(!text.includes(word), where(address))
  }
})

test('REC-02: a number that somebody put into the profile lately is no contact, and support reads so', async () => {
  const at = `/support/cases/${id}`
  assert.doesNotMatch((await one.visitor.get(at)).text, /no contact known before/)
  const own = await enter(copies, await addSomebody(copies.world, ['totp']))
  const stolen = await plainMember(copies)
  const thief = (await enter(copies, stolen)).copy()
  copies.clock.advance(601)
  assert.equal((await thief.api('PATCH', '/profile', { phone: '+447700900190' })).status, 200)
  assert.equal((await own.api('PATCH', '/profile', { phone: '+447700900191' })).status, 200)
  await askAtSignIn(copies, stolen)
  const asked = `/support/cases/${(await caseOf(copies, stolen)).id}`
  assert.match(
    (await one.visitor.get(asked)).text,
    /A number that is new is no contact known before/,
  )
  const { json } = await one.visitor.api('GET', asked)
  assert.ok(json['phone_changed_at'])
  assert.equal((await one.visitor.api('GET', at)).json['phone_changed_at'], null)
})

test('REC-08: one person decides so many cases a day; notes and looking are not counted', async () => {
  await freshen(copies, one)
  const outcomes: string[] = []
  for (let i = 0; i < 5; i++) {
    const asker = await plainMember(copies)
    await askAtSignIn(copies, asker)
    const theirs = await caseOf(copies, asker)
    assert.equal((await record(one, theirs.id)).status, 200)
    const { status, json } = await approve(one, theirs.id)
    outcomes.push(status === 200 ? 'approved' : String(json['error']))
  }
  const over = 'too-many-decisions'
  assert.deepEqual(outcomes, ['approved', 'approved', 'approved', over, over])
  const logged = `SELECT 1 FROM events WHERE kind = 'case.refused' AND actor_id = $1
    AND details ->> 'reason' = $2`
  assert.equal(await countOf(copies.sql, logged, one.person.id, over), 2, 'AUD-01')
  copies.clock.advance(86_401)
  await freshen(copies, one)
  const [last] = await copies.sql.query<{ id: string }>(
    `SELECT id FROM cases WHERE stage = 'check' AND evidence IS NOT NULL`,
  )
  assert.equal((await approve(one, last?.id ?? '')).status, 200)
})

test('WEB-07: what people write stands as text in the console, and in mails', async () => {
  const asker = await plainMember(copies)
  await copies.sql.query('UPDATE accounts SET name = $2 WHERE id = $1', [
    asker.id,
    '<script>alert(1)</script>',
  ])
  const door = copies.visitor()
  await givePassword(door, asker)
  const contact = '<img src=x onerror=alert(1)> https://evil.example'
  assert.equal((await door.api('POST', '/sign-in/case', { contact })).status, 200)
  await freshen(copies, one)
  const theirs = await caseOf(copies, asker)
  for (const path of ['/support', `/support/cases/${theirs.id}`]) {
    const { text } = await one.visitor.get(path)
    assert.doesNotMatch(text, /<script>alert|<img/)
  }
  await copies.delivered()
  const letter = copies.newest(asker.email)
  assert.ok(letter.channel === 'mail' && !letter.text.includes('evil'))
})

test('AUD-01: each step of a case is in the log, with who did it and which case', async () => {
  const rows = await copies.sql.query<{
    kind: string
    actor_id: string | null
    details: { case?: string }
  }>(`SELECT kind, actor_id, details FROM events WHERE kind LIKE 'case.%' AND kind <> 'case.asked'`)
  assert.ok(rows.length > 8)
  assert.ok(rows.every(({ details }) => typeof details.case === 'string'))
  const staff = rows.filter(({ kind }) => kind === 'case.evidence' || kind === 'case.approved')
  assert.ok(staff.every(({ actor_id }) => actor_id === one.person.id))
})

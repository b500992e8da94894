import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { after, before, test } from 'node:test'
import { callWith, makeKey } from '../support/api-keys.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { invited, joinBy, memberOf, ownedTeam, someAddress } from '../support/invited.ts'
import {
  addApp,
  addSent,
  cookie,
  enter,
  freshAppCode,
  proveAgain,
  startApp,
} from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode, giveCode, givePassword, wrongCode } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ config: { sendPauseSeconds: 30 } })
})
after(() => copies.stop())

type Row = {
  readonly id: number
  readonly at: Date
  readonly kind: string
  readonly actor_id: string | null
  readonly method_kind: string | null
  readonly source: string
  readonly browser: string
  readonly session_hash: string | null
  readonly request_id: string
  readonly details: Record<string, unknown>
}

/** What the log says of an account since that event; each row has its time, source and request. */
async function logOf(person: Pick<Person, 'id'>, since = 0): Promise<Row[]> {
  const rows = await copies.sql.query<Row>(
    'SELECT * FROM events WHERE account_id = $1 AND id > $2 ORDER BY id',
    [person.id, since],
  )
  for (const row of rows) {
    assert.ok(row.at <= copies.clock.now() && row.at >= new Date('2026-11-24T12:00:00Z'), row.kind)
    assert.match(row.source, /^(10\.1\.0\.1|127\.0\.0\.1)$/, row.kind)
    assert.match(row.request_id, /^[0-9a-f]{16}$/, row.kind)
    assert.equal(row.browser, 'Unknown browser')
  }
  return rows
}

/** How the log names the session of a browser: by the start of its hash. */
const nameOf = (visitor: Visitor) =>
  hash('sha256', Buffer.from(cookie(visitor, 'session'), 'base64url')).slice(0, 16)

const kinds = (rows: readonly Row[]) => rows.map(({ kind }) => kind)

/** Runs an act of somebody and gives what it logged. */
async function logged(person: Person, act: () => Promise<unknown>): Promise<Row[]> {
  const before = (await logOf(person)).at(-1)?.id ?? 0
  await act()
  return logOf(person, before)
}

test('AUD-01: every step of a sign-in, who acted, by which method and in which session', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  const rows = await logged(person, async () => {
    await givePassword(visitor, { ...person, password: 'not the right password' })
    await givePassword(visitor, person)
    await giveCode(visitor, wrongCode(person, copies.clock.now()))
    await giveCode(visitor, freshAppCode(copies, person), { remember_device: true })
  })
  assert.deepEqual(
    rows.map(({ kind, actor_id, method_kind }) => [kind, actor_id === person.id, method_kind]),
    [
      ['sign-in.password-wrong', false, null],
      ['sign-in.password-right', true, null],
      ['sign-in.code-wrong', false, 'totp'],
      ['sign-in.done', true, 'totp'],
      ['device.trusted', true, 'totp'],
    ],
  )
  assert.deepEqual(
    rows.map((row) => row.session_hash),
    [null, null, null, nameOf(visitor), nameOf(visitor)],
  )
  const trusted = await logged(person, () => givePassword(visitor, person))
  assert.deepEqual(kinds(trusted), ['sign-in.done-on-trusted-device'])
  assert.equal(trusted[0]?.session_hash, nameOf(visitor))
})

test('AUD-01: sends, and sends refused by their limit', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  const visitor = copies.visitor()
  const rows = await logged(person, async () => {
    await givePassword(visitor, person)
    await visitor.api('POST', '/sign-in/send', {})
  })
  assert.deepEqual(kinds(rows), [
    'sign-in.password-right',
    'code.sent',
    'code.send-refused-by-limit',
  ])
  assert.deepEqual(
    rows.map(({ method_kind }) => method_kind),
    [null, 'sms', 'sms'],
  )
  assert.deepEqual(rows[2]?.details, { reason: 'wait-before-sending', for: 'sign-in' })
})

test('AUD-01: codes and passwords refused by a limit, also those that were not looked at', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const wrong = wrongCode(person, copies.clock.now())
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  const five = await logged(person, async () => {
    for (let i = 0; i < 5; i++) await giveCode(visitor, wrong)
  })
  assert.deepEqual(kinds(five), [
    ...Array<string>(5).fill('sign-in.code-wrong'),
    'sign-in.ended-by-tries',
  ])
  const sixth = await logged(person, () => giveCode(visitor, wrong))
  assert.deepEqual(kinds(sixth), ['code.refused-by-limit'])
  assert.deepEqual(sixth[0]?.details, { reason: 'too-many-tries' })
  await copies.sql.query(
    'UPDATE methods SET failures = 20, not_before = $2 WHERE account_id = $1',
    [person.id, new Date(copies.clock.now().getTime() + 60_000)],
  )
  await givePassword(visitor, person)
  const waiting = await logged(person, () => giveCode(visitor, wrong))
  assert.deepEqual(waiting[0]?.details, { reason: 'wait-before-trying' })
  const guessing = await logged(person, async () => {
    for (let i = 0; i < 11; i++)
      await givePassword(copies.visitor(), { ...person, password: `no ${i}` })
  })
  assert.equal(kinds(guessing).at(-1), 'sign-in.refused-by-limit')
})

test('AUD-01: signs of attack: reuse, steps out of order, methods of others, no step-up, forgery', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  const other = copies.visitor()
  await givePassword(other, person)
  const used = await logged(person, () => giveCode(other, appCode(person, copies.clock.now())))
  assert.deepEqual(
    [used[0]?.kind, used[0]?.details],
    ['sign-in.code-wrong', { reason: 'code-used' }],
  )
  const refused = await logged(person, () =>
    other.api('POST', '/sign-in/method', { method: person.id }),
  )
  assert.deepEqual(kinds(refused), ['sign-in.method-refused'])
  copies.clock.advance(601)
  const inside = await logged(person, async () => {
    await visitor.api('POST', '/step-up/code', { code: '123456' })
    await visitor.api('POST', '/recovery-codes', {})
    await visitor.api('PATCH', '/profile', { name: 'X' }, { withToken: false })
    await visitor.api('GET', `/methods/${person.id}`)
  })
  assert.deepEqual(kinds(inside), [
    'request.out-of-order',
    'request.step-up-missing',
    'request.forgery-refused',
    'request.foreign-id',
  ])
  for (const { kind, session_hash, actor_id } of inside.filter(
    ({ kind: one }) => !/forgery/.test(one),
  )) {
    assert.deepEqual([session_hash, actor_id], [nameOf(visitor), person.id], kind)
  }
  const late = await logged(person, () => giveCode(other, '123456'))
  assert.deepEqual(kinds(late), ['request.out-of-order'], 'the account of a sign-in that is over')
})

test('AUD-01: what is for others to do: by role, by a key’s scope, on who stands as high, by another’s link', async () => {
  const acme = await ownedTeam(copies)
  const { person: admin, visitor } = await memberOf(copies, acme.team, 'admin')
  const { person: member, visitor: members } = await memberOf(copies, acme.team)
  const key = await makeKey(visitor, acme.team, ['read-log'])
  const { token } = await invited(copies, acme, someAddress())
  const at = `/teams/${acme.team}/members`
  const reason = { reason: 'because I can' }
  const acts: [Person, string, () => Promise<unknown>][] = [
    [member, 'role-required', () => members.get(at)],
    [admin, 'role-required', () => visitor.api('PUT', `/teams/${acme.team}/owner`, {})],
    [admin, 'role-not-higher', () => visitor.api('POST', `${at}/${acme.owner.id}/reset`, reason)],
    [admin, 'shared-account', () => visitor.api('POST', `${at}/${member.id}/reset`, reason)],
    [admin, 'scope-required', () => callWith(visitor.base, key.token, 'GET', at)],
    [member, 'invitation-of-another', () => joinBy(members, token)],
  ]
  for (const [person, why, act] of acts) {
    const [row, ...more] = await logged(person, act)
    const found = [row?.kind, row?.actor_id, row?.details['reason'], row?.details['api_key']]
    const used = why === 'scope-required' ? key.id : undefined
    assert.deepEqual(found, ['request.not-allowed', person.id, why, used])
    assert.deepEqual(more, [])
  }
  const log = await acme.visitor.api('GET', `/teams/${acme.team}/events?group=warnings`)
  assert.match(log.text, /Something that is for others to do was refused by Person \d+/)
})

test('AUD-01: a step without any sign-in is logged without an account', async () => {
  const visitor = copies.visitor()
  const reply = await giveCode(visitor, '123456')
  const rows = await copies.sql.query<Row & { account_id: string | null }>(
    'SELECT * FROM events WHERE request_id = $1',
    [reply.json['request_id']],
  )
  assert.deepEqual(
    rows.map(({ kind, account_id }) => [kind, account_id]),
    [['request.out-of-order', null]],
  )
})

test('AUD-01: every change of how somebody signs in, each in the session that made it', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const changes: Record<string, () => Promise<unknown>> = {
    'method.set-up-started': () => startApp(visitor),
    'method.confirmed': () => addApp(copies, visitor),
    'recovery.codes-saved': () => visitor.api('PUT', '/recovery-codes/saved', { saved: true }),
    'recovery.codes-made': () => visitor.api('POST', '/recovery-codes', {}),
    'account.phone-changed': () => visitor.api('PATCH', '/profile', { phone: '+447700900100' }),
    'session.others-ended': () => visitor.api('DELETE', '/sessions'),
  }
  for (const [kind, change] of Object.entries(changes)) {
    const rows = await logged(person, change)
    const row = rows.find((one) => one.kind === kind)
    assert.ok(row, `${kind}: ${kinds(rows).join()}`)
    assert.deepEqual([row.session_hash, row.actor_id], [nameOf(visitor), person.id], kind)
  }
  const id = await addSent(copies, visitor, 'sms', '+447700900100')
  copies.clock.advance(60)
  const renamed = await logged(person, () =>
    visitor.api('PATCH', `/methods/${id}`, { name: 'Mine' }),
  )
  assert.deepEqual(kinds(renamed), ['method.renamed'])
  await visitor.api('PATCH', '/profile', { phone: '+447700900101' })
  const moved = await logged(person, async () => {
    await visitor.api('POST', `/methods/${id}/new-number`, {})
    const code = codeIn(copies.newest('+447700900101'))
    const wrong = code === '111111' ? '222222' : '111111'
    await visitor.api('POST', `/methods/${id}/new-number/confirm`, { code: wrong })
    await visitor.api('POST', `/methods/${id}/new-number/confirm`, { code })
  })
  assert.deepEqual(kinds(moved), ['code.sent', 'method.code-wrong', 'method.number-changed'])
  assert.ok(moved.every(({ session_hash: session }) => session !== null))
  const removed = await logged(person, () => visitor.api('DELETE', `/methods/${id}`))
  assert.deepEqual([removed[0]?.kind, removed[0]?.method_kind], ['method.removed', 'sms'])
})

test('AUD-01: recovery codes and step-ups, used and failed, and leaving', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const door = copies.visitor()
  const atDoor = await logged(person, async () => {
    await givePassword(door, person)
    for (const code of ['AAAA-AAAA-AAAA-AAAA', person.recoveryCodes[0]]) {
      await door.api('POST', '/sign-in/recovery-code', { recovery_code: code })
    }
  })
  assert.deepEqual(kinds(atDoor).slice(1), [
    'recovery.code-wrong',
    'recovery.code-used',
    'sign-in.done-with-recovery-code',
  ])
  assert.equal(atDoor.at(-1)?.session_hash, nameOf(door))
  copies.clock.advance(601)
  const inside = await logged(person, async () => {
    await door.api('POST', '/step-up/password', { password: 'not the right password' })
    await door.api('POST', '/step-up/password', { password: person.password })
    await door.api('POST', '/step-up/code', { code: wrongCode(person, copies.clock.now()) })
    await door.api('POST', '/step-up/recovery-code', { recovery_code: 'AAAA-AAAA-AAAA-AAAA' })
    await proveAgain(copies, door, person)
    await door.api('DELETE', '/session')
  })
  assert.deepEqual(kinds(inside), [
    'step-up.password-wrong',
    'step-up.code-wrong',
    'recovery.code-wrong',
    'step-up.done',
    'session.signed-out',
  ])
  assert.ok(inside.every(({ session_hash: session }) => session !== null))
})

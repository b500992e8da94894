import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { doors, knock } from '../support/addresses.ts'
import { addApp, enter, proveAgain } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { givePassword } from '../support/steps.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

type Proofs = {
  readonly password_at: Date | null
  readonly second_step_at: Date | null
  readonly second_step_kind: string | null
  readonly second_step_method: string | null
  readonly trusted: boolean
}

/** What the account's one session records. */
async function proofs(person: Person): Promise<Proofs> {
  const rows = await copies.sql.query<Proofs>(
    `SELECT password_at, second_step_at, second_step_kind, second_step_method,
       trusted_device_id IS NOT NULL AS trusted FROM sessions WHERE account_id = $1`,
    [person.id],
  )
  const [row] = rows
  assert.ok(row && rows.length === 1)
  return row
}

const none = { second_step_at: null, second_step_kind: null, second_step_method: null }

test('SES-04: after the password alone a session records the password alone', async () => {
  const person = await addSomebody(copies.world)
  await enter(copies, person)
  const password_at = copies.clock.now()
  assert.deepEqual(await proofs(person), { password_at, ...none, trusted: false })
})

for (const kind of ['totp', 'sms', 'email'] as const) {
  test(`SES-04: after ${kind} it records both steps, their times and the method`, async () => {
    const person = await addSomebody(copies.world, [kind])
    const password_at = copies.clock.now()
    await enter(copies, person)
    assert.deepEqual(await proofs(person), {
      password_at,
      second_step_at: copies.clock.now(),
      second_step_kind: kind,
      second_step_method: person.methods[kind],
      trusted: false,
    })
  })
}

test('SES-04: on a trusted device it records the trust and no second step', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  await visitor.api('DELETE', '/session')
  await givePassword(visitor, person)
  const password_at = copies.clock.now()
  assert.deepEqual(await proofs(person), { password_at, ...none, trusted: true })
})

test('SES-04: after a recovery code it records that, and no method', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  copies.clock.advance(60)
  const body = { recovery_code: person.recoveryCodes[0] }
  await visitor.api('POST', '/sign-in/recovery-code', body)
  const second_step_at = copies.clock.now()
  assert.deepEqual(await proofs(person), {
    password_at: new Date(second_step_at.getTime() - 60_000),
    second_step_at,
    second_step_kind: 'recovery-code',
    second_step_method: null,
    trusted: false,
  })
})

test('SES-04, SES-05: a step-up records its own times; the trust stays on record', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  await visitor.api('DELETE', '/session')
  await givePassword(visitor, person)
  copies.clock.advance(3600)
  const password_at = copies.clock.now()
  await proveAgain(copies, visitor, person)
  assert.deepEqual(await proofs(person), {
    password_at,
    second_step_at: copies.clock.now(),
    second_step_kind: 'totp',
    second_step_method: person.methods['totp'],
    trusted: true,
  })
})

test('SES-04: when the method is removed the session no longer counts as having it', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  await addApp(copies, visitor, 'Other')
  copies.clock.advance(601)
  await proveAgain(copies, visitor, person)
  const gone = await visitor.api('DELETE', `/methods/${person.methods['totp']}`)
  assert.equal(gone.status, 200)
  assert.partialDeepStrictEqual(await proofs(person), none)
  assert.equal((await visitor.api('DELETE', '/sessions')).json['error'], 'step-up-required')
})

test('SES-06: every page of a session has the way out, as a form that posts', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  const { json } = await visitor.api('GET', '/security')
  const { devices, sessions } = json as Record<string, { id: string }[]>
  const method = person.methods['totp'] ?? ''
  const ids = { method, device: devices?.[0]?.id ?? '', session: sessions?.[0]?.id ?? '' }
  const pages = doors(ids).filter(
    ({ verb, api, who }) => verb === 'GET' && !api && who !== 'anyone',
  )
  let drawn = 0
  for (const door of pages) {
    const { status, text } = await knock(visitor, door)
    if (status !== 200) continue
    drawn += 1
    assert.match(
      text,
      /<form[^>]*(method="post"[^>]*action="\/sign-out"|action="\/sign-out"[^>]*method="post")/,
      door.path,
    )
  }
  assert.ok(drawn > 12, String(drawn))
})

test('SES-07: every reply to a session, page, API or refusal, carries no-store', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  const method = person.methods['totp'] ?? ''
  const all = doors({ method, session: method, device: method })
  const leaving = /sign-out|\/session$|\/sessions$|recovery-codes$|sign-in|methods\/:id$|remove/
  const safe = all.filter(({ verb, pattern }) => verb === 'GET' || !leaving.test(pattern))
  for (const door of safe) {
    const { headers } = await knock(visitor, door)
    assert.equal(headers.get('cache-control'), 'no-store', `${door.verb} ${door.path}`)
  }
  assert.ok(safe.length > 60)
  for (const path of ['/nothing-here', '/api/v1/nothing']) {
    assert.equal((await visitor.get(path)).headers.get('cache-control'), 'no-store')
  }
  const out = await visitor.post('/sign-out', {})
  assert.equal(out.headers.get('cache-control'), 'no-store')
})

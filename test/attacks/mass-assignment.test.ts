import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

/** What nobody may set from outside, under the names of columns and under likely ones. */
const greedy = {
  role: 'admin',
  team_id: '00000000-0000-4000-8000-000000000009',
  team: 'Another team',
  account_id: '00000000-0000-4000-8000-000000000009',
  email_verified: true,
  email_verified_at: '2020-01-01T00:00:00Z',
  email: 'thief@example.com',
  destination: '+447700900999',
  second_step_required: false,
  second_step_at: '2030-01-01T00:00:00Z',
  second_step_kind: 'totp',
  password_at: '2030-01-01T00:00:00Z',
  password_hash: 'x',
  phone_confirmed: true,
  confirmed_at: '2020-01-01T00:00:00Z',
  pending_until: '2030-01-01T00:00:00Z',
  failure_count: -100,
  failures: -100,
  attempts_left: 1000,
  not_before: '2020-01-01T00:00:00Z',
  last_step: 0,
  codes_left: 99,
  saved_at: '2020-01-01T00:00:00Z',
  expires_at: '2099-01-01T00:00:00Z',
  epoch: 1,
  generation: 0,
  secret: 'AAAA',
  seed: 'AAAA',
  is_admin: true,
  disabled_at: null,
}

/** As a form sends it. */
const typed = Object.fromEntries(
  Object.entries(greedy).map(([name, value]) => [name, String(value)]),
)

type Send = (
  visitor: Visitor,
  api: readonly [string, string],
  form: string,
  own: Record<string, string>,
) => Promise<Reply>

/** Through the API, with more fields than it takes. */
const byApi =
  (more: object): Send =>
  (visitor, [verb, path], _form, own) =>
    visitor.api(verb, path, { ...more, ...own })

/** Through the pages. */
const byForm =
  (more: Readonly<Record<string, string>>): Send =>
  (visitor, _api, form, own) =>
    visitor.post(form, { ...more, ...own })

/** Nearly everything a person can do, one after the other. */
async function liveThrough(person: Person, send: Send): Promise<void> {
  const visitor = copies.visitor()
  const good = async (reply: Promise<Reply>) => {
    const { status, text } = await reply
    assert.ok(status === 200 || status === 303, `${status} ${text.slice(0, 500)}`)
    return text
  }
  const { email, password } = person
  await good(send(visitor, ['POST', '/sign-in'], '/sign-in', { email, password }))
  const profile = ['PATCH', '/profile'] as const
  await good(
    send(visitor, profile, '/settings/profile', { name: 'Somebody', phone: '+447700900123' }),
  )
  const cards = '/settings/security/set-up'
  const sms = { kind: 'sms', notice_accepted: 'yes' }
  await good(send(visitor, ['POST', '/methods'], `${cards}/sms`, sms))
  const [{ id: pending } = { id: '' }] = await copies.sql.query<{ id: string }>(
    'SELECT id FROM methods WHERE account_id = $1',
    [person.id],
  )
  const methods = '/settings/security/methods'
  const code = codeIn(copies.newest('+447700900123'))
  await good(
    send(visitor, ['POST', `/methods/${pending}/confirm`], `${methods}/${pending}/confirm`, {
      code,
    }),
  )
  await good(
    send(visitor, ['PATCH', `/methods/${pending}`], `${methods}/${pending}/rename`, {
      name: 'Mine',
    }),
  )
  const codes = '/settings/security/recovery-codes'
  await good(send(visitor, ['PUT', '/recovery-codes/saved'], `${codes}/saved`, { saved: 'yes' }))
  await good(send(visitor, ['POST', '/step-up/password'], '/step-up/password', { password }))
  await good(send(visitor, ['POST', '/recovery-codes'], codes, {}))
  await good(send(visitor, ['DELETE', '/session'], '/sign-out', {}))
  await good(send(visitor, ['POST', '/sign-in'], '/sign-in', { email, password }))
  await send(visitor, ['POST', '/sign-in/code'], '/sign-in/code', { code: 'wrong' })
}

/** What is stored of a person, but for ids, hashes and times that are new each time. */
async function status(person: Person): Promise<unknown> {
  const [row] = await copies.sql.query<{ status: unknown }>(
    `SELECT jsonb_build_object(
       'account', (SELECT jsonb_build_array(a.email = $2, a.email_verified_at,
         a.name, a.phone, a.epoch, a.disabled_at, a.created_at)),
       'roles', (SELECT jsonb_agg(role) FROM memberships WHERE account_id = a.id),
       'methods', (SELECT jsonb_agg(jsonb_build_array(kind, slot, name, destination, secret,
         parameters, last_step, confirmed_at, pending_until, failures, not_before, last_used_at))
         FROM methods WHERE account_id = a.id),
       'recovery', (SELECT jsonb_agg(jsonb_build_array(codes_left, made_at, saved_at, failures))
         FROM recovery_sets WHERE account_id = a.id),
       'sessions', (SELECT count(*) FROM sessions WHERE account_id = a.id),
       'challenges', (SELECT jsonb_agg(jsonb_build_array(purpose, destination, attempts_left,
         expires_at, return_to)) FROM challenges WHERE account_id = a.id),
       'devices', (SELECT count(*) FROM trusted_devices WHERE account_id = a.id)) AS status
     FROM accounts a WHERE id = $1`,
    [person.id, person.email],
  )
  return row?.status
}

async function hashOf(person: Person): Promise<string | undefined> {
  const [row] = await copies.sql.query<{ hash: string }>(
    'SELECT password_hash AS hash FROM accounts WHERE id = $1',
    [person.id],
  )
  return row?.hash
}

for (const [way, plain, more] of [
  ['the API', byApi({}), byApi(greedy)],
  ['the pages', byForm({}), byForm(typed)],
] as const) {
  test(`ENR-10: through ${way}: greedy fields in every write leave the rows as they are without`, async () => {
    const [one, two] = [await addSomebody(copies.world), await addSomebody(copies.world)]
    const hash = await hashOf(two)
    await liveThrough(one, plain)
    const expected = await status(one)
    // Both use one number, and the limit is the number's.
    await copies.sql.query('DELETE FROM sends')
    await liveThrough(two, more)
    assert.deepEqual(await status(two), expected)
    assert.equal(await hashOf(two), hash)
  })
}

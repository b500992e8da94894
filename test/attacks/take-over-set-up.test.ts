import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { doors, knock } from '../support/addresses.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import {
  addApp,
  addSent,
  confirm,
  cookie,
  enter,
  isIn,
  rowsOf,
  startApp,
} from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'
import { ownTeam } from '../support/teams.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

/** All that is stored of how a person signs in. */
async function state(person: Person): Promise<string> {
  const parts = await Promise.all([
    rowsOf(copies, 'methods', person),
    rowsOf(copies, 'recovery_codes', person),
    rowsOf(copies, 'trusted_devices', person),
    copies.sql.query('SELECT epoch FROM accounts WHERE id = $1', [person.id]),
  ])
  return JSON.stringify(parts)
}

const fields = { kind: 'totp', name: 'Mine', code: '123456', notice_accepted: 'yes' }

/** Tries every protected row; each must ask for the step-up and change nothing. */
async function assertAllProtected(thief: Visitor, person: Person): Promise<void> {
  const [session] = await rowsOf<{ id: string }>(copies, 'sessions', person)
  const method = Object.values(person.methods)[0] ?? person.id
  const team = await ownTeam(copies.world, person.id)
  const ids = { method, session: session?.id ?? '', device: person.id, team, member: person.id }
  const before = await state(person)
  const rows = doors(ids).filter(({ who }) => who === 'fresh')
  for (const door of rows) {
    const reply = await knock(thief, door, fields)
    const where = `${door.verb} ${door.path}`
    if (door.api) assert.equal(reply.json['error'], 'step-up-required', where)
    else assert.match(reply.headers.get('location') ?? '', /^\/step-up\?return_to=/, where)
  }
  assert.equal(await state(person), before)
}

test('ENR-01: every change of how somebody signs in is a protected row of the table', () => {
  const id = { method: 'm', session: 's', device: 'd' }
  const changing = doors(id).filter(({ verb, api }) => api && verb !== 'GET')
  const guarded = changing.filter(({ who }) => who === 'fresh')
  assert.deepEqual(guarded.map(({ verb, pattern }) => `${verb} ${pattern.slice(7)}`).toSorted(), [
    'DELETE /account',
    'DELETE /email/others/:id',
    'DELETE /methods/:id',
    'DELETE /sessions',
    'DELETE /sessions/:id',
    'DELETE /teams/:team/members/:member',
    'DELETE /teams/:team/members/:member/exemption',
    'DELETE /teams/:team/members/:member/sessions',
    'DELETE /teams/:team/members/:member/trusted-devices',
    'DELETE /teams/:team/membership',
    'PATCH /teams/:team/invitations/:invitation',
    'PATCH /teams/:team/members/:member',
    'POST /email/changes',
    'POST /email/others',
    'POST /invitations/:id/accept',
    'POST /methods',
    'POST /methods/:id/code',
    'POST /methods/:id/confirm',
    'POST /methods/:id/new-number',
    'POST /methods/:id/new-number/confirm',
    'POST /recovery-codes',
    'POST /teams/:team/api-keys',
    'POST /teams/:team/invitations',
    'POST /teams/:team/members/:member/pass',
    'POST /teams/:team/members/:member/reset',
    'POST /teams/:team/members/:member/unlock',
    'PUT /teams/:team/members/:member/exemption',
    'PUT /teams/:team/owner',
    'PUT /teams/:team/policy',
  ])
})

test('ENR-01: with a stolen session cookie alone nothing of it can be changed', async () => {
  const person = await addSomebody(copies.world, ['totp', 'sms', 'email'])
  const owner = await enter(copies, person)
  copies.clock.advance(601)
  const thief = copies.visitor(1)
  thief.jar.set('session', cookie(owner, 'session'))
  await assertAllProtected(thief, person)
})

test('ENR-01: for a first method the password is asked for again', async () => {
  const person = await addSomebody(copies.world)
  const owner = await enter(copies, person)
  copies.clock.advance(601)
  await assertAllProtected(owner, person)
  const { json } = await owner.api('POST', '/step-up/password', { password: person.password })
  assert.equal(json['complete'], true)
  await addApp(copies, owner)
})

test('ENR-01: a trusted device does not satisfy it, nor the password alone', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const owner = await enter(copies, person, { remember_device: true })
  owner.jar.delete('session')
  await givePassword(owner, person)
  await assertAllProtected(owner, person)
  await owner.api('POST', '/step-up/password', { password: person.password })
  await assertAllProtected(owner, person)
})

test('ENR-01: a pending method, also the one being added, does not satisfy it', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const owner = await enter(copies, person)
  const pending = await startApp(owner)
  copies.clock.advance(601)
  await owner.api('POST', '/step-up/password', { password: person.password })
  const chosen = await owner.api('POST', '/step-up/method', { method: pending.id })
  assert.equal(chosen.status, 404)
  const code = appCode(pending, copies.clock.now())
  assert.equal((await owner.api('POST', '/step-up/code', { code })).json['error'], 'wrong-code')
  assert.equal((await confirm(owner, pending.id, code)).json['error'], 'step-up-required')
  await assertAllProtected(owner, person)
})

test('ENR-01: a proof counts for ten minutes and not a second more', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const owner = await enter(copies, person)
  // The password was given half a minute before the code.
  copies.clock.advance(569)
  assert.equal((await owner.api('POST', '/recovery-codes', {})).status, 200)
  copies.clock.advance(1)
  const late = await owner.api('POST', '/recovery-codes', {})
  assert.equal(late.json['error'], 'step-up-required')
})

test('ENR-02: without a right code in time it is off: nothing is asked at the next sign-in', async () => {
  const person = await addSomebody(copies.world)
  const owner = await enter(copies, person)
  const app = await startApp(owner)
  const status = async () => {
    const { json } = await owner.api('GET', '/security')
    const { json: next } = await givePassword(copies.visitor(1), person)
    return [json['on'], next['next']]
  }
  assert.deepEqual(await status(), [false, 'signed-in'], 'not confirmed')
  assert.equal((await confirm(owner, app.id, '000000')).status, 422)
  assert.equal((await owner.api('POST', `/methods/${app.id}/confirm`, {})).status, 400)
  assert.deepEqual(await status(), [false, 'signed-in'], 'a wrong code')
  const id = String((await owner.api('POST', '/methods', { kind: 'email' })).json['id'])
  const code = codeIn(copies.newest(person.email))
  copies.clock.advance(599)
  await owner.api('POST', '/step-up/password', { password: person.password })
  copies.clock.advance(1)
  assert.equal((await confirm(owner, id, code)).json['error'], 'code-expired')
  assert.deepEqual(await status(), [false, 'signed-in'], 'an expired code')
})

test('ENR-04: enrolled in X: Y from before is signed out, and X’s old id is dead', async () => {
  const person = await addSomebody(copies.world)
  const [x, y] = [await enter(copies, person), await enter(copies, person)]
  const old = x.copy(copies.all[1]?.base)
  await addApp(copies, x)
  assert.ok(await isIn(x))
  assert.ok(!(await isIn(y)))
  assert.ok(!(await isIn(old)))
  assert.equal((await rowsOf(copies, 'sessions', person)).length, 1)
})

test('ENR-04: each change ends the others’ sessions and sign-ins and renews this one', async () => {
  const person = await addSomebody(copies.world, ['totp', 'email'])
  const owner = await enter(copies, person)
  let sms = ''
  const changes: Record<string, () => Promise<unknown>> = {
    add: async () => (sms = await addSent(copies, owner, 'sms', person.phone)),
    move: async () => {
      await owner.api('PATCH', '/profile', { phone: '+447700900456' })
      await owner.api('POST', `/methods/${sms}/new-number`, {})
      const code = codeIn(copies.newest('+447700900456'))
      const moved = await owner.api('POST', `/methods/${sms}/new-number/confirm`, { code })
      assert.equal(moved.status, 200, moved.text)
    },
    remove: () => owner.api('DELETE', `/methods/${person.methods['email']}`),
  }
  for (const [name, change] of Object.entries(changes)) {
    const other = await enter(copies, person, {}, copies.visitor(1))
    const pending = copies.visitor()
    await givePassword(pending, person)
    const old = owner.copy()
    await change()
    assert.deepEqual(
      [await isIn(owner), await isIn(other), await isIn(old)],
      [true, false, false],
      name,
    )
    copies.clock.advance(30)
    const late = await giveCode(pending, appCode(person, copies.clock.now()))
    assert.equal(late.json['error'], 'sign-in-over', name)
  }
})

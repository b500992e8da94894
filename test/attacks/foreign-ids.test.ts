import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newId } from '../../src/crypto/random.ts'
import { doors, knock } from '../support/addresses.ts'
import type { Door, Ids } from '../support/addresses.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { invited } from '../support/invited.ts'
import { enter, rowsOf, startApp } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import { rowsBut } from '../support/rows.ts'
import { ownTeam } from '../support/teams.ts'
import { givePassword } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

/** Ann has one of everything; Ben has a session in which he just proved it all. */
let copies: Copies
let anns: Ids
let pending: Ids
let nobodys: Ids
let ben: { readonly id: string; readonly visitor: Visitor }
before(async () => {
  copies = await startCopies()
  const ann = await addSomebody(copies.world, ['totp', 'sms'])
  const browser = await enter(copies, ann, { remember_device: true })
  const [session] = await rowsOf<{ id: string }>(copies, 'sessions', ann)
  const [device] = await rowsOf<{ id: string }>(copies, 'trusted_devices', ann)
  const method = ann.methods['sms'] ?? ''
  const acme = { team: await ownTeam(copies.world, ann.id), owner: ann, visitor: browser }
  const invitation = await invited(copies, acme, 'nobody-yet@example.org')
  const inTeam = { team: acme.team, member: ann.id, invitation: invitation.id }
  anns = { method, session: session?.id ?? '', device: device?.id ?? '', ...inTeam }
  pending = { ...anns, method: (await startApp(browser)).id }
  const some = () => newId(copies.clock.now(), copies.world.random)
  const none = { team: some(), member: some(), invitation: some() }
  nobodys = { method: some(), session: some(), device: some(), ...none }
  const person = await addSomebody(copies.world, ['totp'])
  ben = { id: person.id, visitor: await enter(copies, person) }
})
after(() => copies.stop())

const fields = { name: 'Mine now', code: '123456' }
const withId = (ids: Ids) => doors(ids).filter(({ pattern }) => /:(id|team)\b/.test(pattern))
const where = ({ verb, path }: Door) => `${verb} ${path}`

/** The reply without what differs at every request. */
function plain({ status, text }: Reply, ids: Ids): unknown {
  const values = new RegExp(Object.values(ids).join('|'), 'g')
  return [status, text.replace(values, 'id').replace(/[0-9a-f]{16}|[\w-]{22,}/g, '')]
}

test('ENR-09: every address with an id of somebody else says 404 and changes nothing', async () => {
  const before = await rowsBut(copies.sql, 'events')
  let tried = 0
  for (const ids of [anns, pending]) {
    for (const door of withId(ids)) {
      const reply = await knock(ben.visitor, door, fields)
      assert.equal(reply.status, 404, where(door))
      if (door.api) assert.equal(reply.json['error'], 'not-found', where(door))
      tried += 1
    }
  }
  assert.ok(tried > 50, String(tried))
  assert.deepEqual(await rowsBut(copies.sql, 'events'), before)
})

test('ENR-09: an id of somebody else is answered as one that nobody has', async () => {
  for (const [i, door] of withId(anns).entries()) {
    const other = withId(nobodys)[i]
    assert.ok(other)
    const [theirs, none] = [
      await knock(ben.visitor, door, fields),
      await knock(ben.visitor, other, fields),
    ]
    assert.deepEqual(plain(theirs, anns), plain(none, nobodys), where(door))
  }
})

test('ENR-09: ids in bodies: a method at the step-up, a device, a method at the sign-in', async () => {
  const door = copies.visitor()
  const person = await addSomebody(copies.world, ['totp', 'email'])
  await givePassword(door, person)
  const before = await rowsBut(copies.sql, 'events')
  const asked = await ben.visitor.api('POST', '/step-up/method', { method: anns.method })
  assert.equal(asked.json['error'], 'not-found')
  const device = await ben.visitor.api('DELETE', '/trusted-device', { device: anns.device })
  assert.equal(device.json['error'], 'not-found')
  for (const { method } of [anns, pending, nobodys]) {
    const turned = await door.api('POST', '/sign-in/method', { method })
    assert.equal(turned.json['error'], 'method-not-available', 'as one that nobody has')
  }
  assert.deepEqual(await rowsBut(copies.sql, 'events'), before)
})

test('ENR-09: without a session no id of anybody is answered for', async () => {
  const visitor = copies.visitor()
  for (const door of withId(anns).filter(({ who }) => who !== 'anyone')) {
    const reply = await knock(visitor, door, fields)
    if (door.api) assert.equal(reply.status, 401, where(door))
    else assert.match(reply.headers.get('location') ?? '', /^\/sign-in(\?|$)/, where(door))
  }
})

test('ENR-09, AUD-01: each foreign id is in the security log, under who asked', async () => {
  const count = async () =>
    (
      await copies.sql.query(
        `SELECT 1 FROM events WHERE kind = 'request.foreign-id' AND account_id = $1
         AND session_hash IS NOT NULL AND source <> '' AND request_id <> ''`,
        [ben.id],
      )
    ).length
  const before = await count()
  const all = withId(anns)
  for (const door of all) await knock(ben.visitor, door, fields)
  assert.equal((await count()) - before, all.length)
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { readKeys } from '../../src/crypto/keys.ts'
import { random } from '../../src/crypto/random.ts'
import { deviceToken } from '../../src/crypto/tokens.ts'
import { doors, knock } from '../support/addresses.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { askedCode, cookie, enter, isIn, proveAgain, rowsOf } from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { giveCode, givePassword } from '../support/steps.ts'
import { ownTeam } from '../support/teams.ts'
import type { Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const remember = { remember_device: true }
const forged = { remember_device: true, remember: 1, trust: 1, trusted: true, device: 'trusted' }

const someone = () => addSomebody(copies.world, ['totp'])
const devices = (person: Person) => rowsOf<{ id: string }>(copies, 'trusted_devices', person)

/** Gives a browser this trust cookie under every name it could have; then the right password. */
async function enterBy(token: string, name: string, person: Person): Promise<unknown> {
  const thief = copies.visitor(1)
  for (const one of ['device-', name, `__Host-${name}`]) thief.jar.set(one, token)
  return (await givePassword(thief, person)).json['next']
}

const trustName = (visitor: Visitor) =>
  [...visitor.jar.keys()].find((name) => name.startsWith('device-')) ?? ''

test('TD-01: asked for at the password step, trust is not made', async () => {
  const person = await someone()
  const visitor = copies.visitor()
  const { email, password } = person
  await visitor.api('POST', '/sign-in', { email, password, ...forged })
  const second = await giveCode(visitor, await askedCode(copies, visitor, person))
  assert.equal(second.status, 200)
  const plain = await addSomebody(copies.world)
  const door = copies.visitor()
  const fields = { email: plain.email, password: plain.password, ...forged }
  const reply = await door.api('POST', '/sign-in', fields)
  assert.equal(reply.json['next'], 'signed-in')
  for (const one of [visitor, door]) assert.equal(cookie(one, 'device-'), '')
  assert.deepEqual([...(await devices(person)), ...(await devices(plain))], [])
})

test('TD-01: with a recovery code trust is not made, from the page or the API', async () => {
  const person = await someone()
  const asked = { ...forged, remember_device: 'yes', trust: '1' }
  for (const [i, send] of [
    (visitor: Visitor, recovery_code: string) =>
      visitor.api('POST', '/sign-in/recovery-code', { ...forged, recovery_code }),
    (visitor: Visitor, recovery_code: string) =>
      visitor.post('/sign-in/recovery-code', {
        ...Object.fromEntries(Object.entries(asked).map(([key, value]) => [key, String(value)])),
        recovery_code,
      }),
  ].entries()) {
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    await send(visitor, person.recoveryCodes[i] ?? '')
    assert.ok(await isIn(visitor))
    assert.equal(cookie(visitor, 'device-'), '')
  }
  assert.deepEqual(await devices(person), [])
})

test('TD-01: on a trusted sign-in, at the step-up and by a wrong code none is made', async () => {
  const person = await someone()
  const visitor = await enter(copies, person, remember)
  const { email, password } = person
  await visitor.api('POST', '/sign-in', { email, password, ...forged })
  await visitor.api('POST', '/step-up/password', { password, ...forged })
  const door = copies.visitor()
  await givePassword(door, person)
  await giveCode(door, '000000', forged)
  assert.equal((await devices(person)).length, 1, 'the first one')
})

test('TD-02: A’s trust cookie in B’s sign-in: the second step is asked', async () => {
  const [ann, ben] = [await someone(), await someone()]
  const anns = await enter(copies, ann, remember)
  const bens = await enter(copies, ben, remember)
  const token = cookie(anns, 'device-')
  assert.equal(await enterBy(token, trustName(bens), ben), 'second-step')
  assert.equal(await enterBy(token, trustName(anns), ben), 'second-step')
  assert.equal(await enterBy(token, trustName(anns), ann), 'signed-in', 'it is good for ann')
})

test('TD-02: a cookie with another id, generation or proof, or of another key, is none', async () => {
  const [ann, ben] = [await someone(), await someone()]
  const visitor = await enter(copies, ann, remember)
  const [device] = await devices(ann)
  const id = device?.id ?? ''
  const good = Buffer.from(cookie(visitor, 'device-'), 'base64url')
  const flipped = (at: number) => {
    const bytes = Buffer.from(good)
    bytes[at] = (bytes[at] ?? 0) ^ 1
    return bytes.toString('base64url')
  }
  const key = () => random(32).toString('base64')
  const other = readKeys('', { secrets: key(), codes: key(), tokens: key() }, random)
  const tokens = [
    ...[0, 15, 16, 19, 20, good.length - 1].map(flipped),
    good.subarray(0, 20).toString('base64url'),
    deviceToken(other, id, 0),
    deviceToken(copies.world.keys, ben.id, 0),
    '1',
    'true',
  ]
  for (const token of tokens) {
    assert.equal(await enterBy(token, trustName(visitor), ann), 'second-step', token)
  }
  assert.equal((await devices(ann)).length, 1, 'and a forged one revokes nothing')
})

test('TD-02: no script of ours probes the browser', async () => {
  const visitor = copies.visitor()
  const { text } = await visitor.get('/sign-in')
  const scripts = [...text.matchAll(/<script[^>]*src="([^"]+)"/g)].map(([, src = '']) => src)
  assert.ok(scripts.length > 0)
  const probes =
    /getContext|toDataURL|measureText|AudioContext|\.plugins|hardwareConcurrency|deviceMemory|\bscreen\.|getTimezoneOffset|enumerateDevices|WebGL/i
  for (const src of scripts) assert.doesNotMatch((await visitor.get(src)).text, probes)
})

test('TD-03: after 14 days an edited cookie date helps nobody, and the row is not counted', async () => {
  const person = await someone()
  const visitor = await enter(copies, person, remember)
  const [token, name] = [cookie(visitor, 'device-'), trustName(visitor)]
  copies.clock.advance(14 * 86_400 + 1)
  assert.equal(await enterBy(token, name, person), 'second-step')
  const inside = await enter(copies, person)
  assert.deepEqual((await inside.api('GET', '/trusted-devices')).json['devices'], [])
})

test('TD-04: trust stands in for no password', async () => {
  const person = await someone()
  const visitor = await enter(copies, person, remember)
  visitor.jar.delete('session')
  for (const password of ['', 'not the right password', person.email]) {
    const reply = await givePassword(visitor, { email: person.email, password })
    assert.ok([400, 401].includes(reply.status))
    assert.ok(!(await isIn(visitor)))
  }
})

test('TD-04: the session it opens counts as password-only, and every protected row asks for all', async () => {
  const person = await someone()
  const visitor = await enter(copies, person, remember)
  visitor.jar.delete('session')
  assert.equal((await givePassword(visitor, person)).json['next'], 'signed-in')
  const sessions = await rowsOf(copies, 'sessions', person)
  const row = sessions.find((one) => one['trusted_device_id'] !== null) ?? {}
  assert.equal(row['second_step_at'], null)
  assert.equal(row['second_step_kind'], null)
  assert.equal(row['second_step_method'], null)
  assert.equal(row['trusted_device_id'], (await devices(person))[0]?.id)
  const { proofs } = (await visitor.api('GET', '/session')).json as { proofs: object }
  assert.partialDeepStrictEqual(proofs, { second_step_at: null, trusted_device: true })
  const id = person.methods['totp'] ?? ''
  const team = await ownTeam(copies.world, person.id)
  const ids = { method: id, session: String(row['id']), device: id, team, member: person.id }
  for (const door of doors(ids).filter(({ who, api }) => who === 'fresh' && api)) {
    const reply = await knock(visitor, door)
    assert.equal(reply.json['error'], 'step-up-required', `${door.verb} ${door.path}`)
  }
  const again = await visitor.api('POST', '/step-up/password', { password: person.password })
  assert.equal(again.json['complete'], false, 'the second step is missing')
  await proveAgain(copies, visitor, person)
  assert.equal((await visitor.api('POST', '/recovery-codes', {})).status, 200)
})

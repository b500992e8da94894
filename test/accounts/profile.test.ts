import assert from 'node:assert/strict'
import { test } from 'node:test'
import { changeProfile } from '../../src/accounts/change-profile.ts'
import { lookAtProfile } from '../../src/accounts/look-at-profile.ts'
import { reportNotMe } from '../../src/accounts/report-not-me.ts'
import { updateProfile } from '../../src/accounts/store.ts'
import { check } from '../../src/sessions/check.ts'
import { memoryDatabase } from '../support/memory-database.ts'
import { eventKinds, sameMember, signedIn, someVisitor } from '../support/world.ts'
import { foundedWorld, tokensIn } from './a-founded-world.ts'

async function signedInWorld() {
  const world = await foundedWorld(await memoryDatabase())
  await world.letters()
  const ada = await signedIn(world, world.owner)
  return { world, ada }
}

test('a person sees and changes their name and phone; the session goes on', async () => {
  const { world, ada } = await signedInWorld()
  const changed = await changeProfile(world, ada, { name: 'Ada King', phone: '+44 (0)7400 123456' })
  const profile = { name: 'Ada King', phone: '+447400123456' }
  assert.deepEqual(changed, { ok: true, ...profile, phone_changed: true })
  const now = await sameMember(world, ada, ada.cookie)
  const email = { email: 'ada@example.com', email_verified: false }
  assert.deepEqual(await lookAtProfile(world, now), { ok: true, ...profile, ...email })
  assert.deepEqual((await eventKinds(world)).slice(-2), [
    'account.profile-changed',
    'account.phone-changed',
  ])
})

test('NTF-01: another phone is told by mail, with a link that objects', async () => {
  const { world, ada } = await signedInWorld()
  const before = (await world.letters()).length
  await changeProfile(world, ada, { phone: '+44 7400 123456' })
  const letters = (await world.letters()).slice(before)
  assert.deepEqual(
    letters.map(({ to, channel }) => [to, channel]),
    [['ada@example.com', 'mail']],
  )
  assert.ok(!JSON.stringify(letters).includes('7400 123456'), 'the number is masked')
  assert.ok(!JSON.stringify(letters).includes('7400123456'), 'the number is masked')
  const [token = ''] = tokensIn(letters, 'ada@example.com', 'not-me')
  assert.ok((await reportNotMe(world, someVisitor(), { token })).ok)
  assert.equal(await check(world, ada.cookie), null)
})

test('NTF-01: a phone that was removed is told as removed, not as another', async () => {
  const { world, ada } = await signedInWorld()
  await changeProfile(world, ada, { phone: '+44 7400 123456' })
  const has = await sameMember(world, ada, ada.cookie)
  const before = (await world.letters()).length
  await changeProfile(world, has, { phone: '' })
  const [letter] = (await world.letters()).slice(before)
  assert.ok(letter?.channel === 'mail')
  assert.match(letter.subject, /phone number in your profile was removed/)
  assert.match(letter.text, /has no phone number any more/)
})

test('a new name alone, or nothing new, is told to nobody', async () => {
  const { world, ada } = await signedInWorld()
  const before = {
    letters: (await world.letters()).length,
    events: (await eventKinds(world)).length,
  }
  await changeProfile(world, ada, { name: 'Ada King' })
  await changeProfile(world, await sameMember(world, ada, ada.cookie), { name: 'Ada King' })
  assert.equal((await world.letters()).length, before.letters)
  assert.equal((await eventKinds(world)).length, before.events + 1)
})

test('an empty phone is removed; one that is not given stays', async () => {
  const { world, ada } = await signedInWorld()
  await changeProfile(world, ada, { phone: '+44 7400 123456' })
  const has = await sameMember(world, ada, ada.cookie)
  const kept = await changeProfile(world, has, { name: 'Ada King' })
  assert.equal(kept.ok && kept.phone, '+447400123456')
  const typedAgain = await changeProfile(world, has, { phone: '+44 7400 123456' })
  assert.equal(typedAgain.ok && typedAgain.phone_changed, false)
  const removed = await changeProfile(world, has, { phone: '  ' })
  assert.equal(removed.ok && removed.phone, null)
})

test('SMS-04: a number that texts do not reach is refused beside its field', async () => {
  const { world, ada } = await signedInWorld()
  for (const [phone, reason] of [
    ['+1 900 555 0123', 'phone-not-mobile'],
    ['07400 123456', 'not-a-phone'],
  ] as const) {
    const refused = await changeProfile(world, ada, { phone })
    assert.deepEqual(refused, { ok: false, reason, fields: { phone: reason } })
  }
  assert.equal((await sameMember(world, ada, ada.cookie)).session.phone, null)
})

test('a phone that was changed meanwhile is not changed over it, and nobody is told wrongly', async () => {
  const { world, ada } = await signedInWorld()
  await changeProfile(world, ada, { phone: '+44 7400 123456' })
  const stale = await changeProfile(world, ada, { phone: '+44 7400 123457' })
  assert.deepEqual(stale, { ok: false, reason: 'changed' })
  const profile = { accountId: world.owner.id, name: 'Ada', phone: null, phoneBefore: null }
  assert.equal(await updateProfile(world.sql, profile, '[]', '[]'), false)
})

test('A9: text messages keep going to the number they were turned on with', async () => {
  const { world, ada } = await signedInWorld()
  await world.sql.query(
    `INSERT INTO methods (id, account_id, kind, slot, name, destination, created_at, confirmed_at)
     VALUES ($1, $1, 'sms', 'sms', 'Text message', '+447400123456', $2, $2)`,
    [world.owner.id, world.clock()],
  )
  await changeProfile(world, ada, { phone: '+44 7400 123457' })
  const [method] = await world.sql.query<{ destination: string }>('SELECT * FROM methods')
  assert.equal(method?.destination, '+447400123456')
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { cleanUp } from '../../src/clean-up.ts'
import { deriveCode } from '../../src/crypto/codes.ts'
import { readKeys } from '../../src/crypto/keys.ts'
import { random } from '../../src/crypto/random.ts'
import { CarrierFailed } from '../../src/delivery/port.ts'
import type { Carrier, Letter } from '../../src/delivery/port.ts'
import { codeIn, startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { dump, forms } from '../support/dump.ts'
import { addSomebody } from '../support/people.ts'
import { countOf } from '../support/rows.ts'
import { givePassword, signIn } from '../support/steps.ts'

const letters: Letter[] = []
/** Keeps what it was given, and says that it could not take it: the queue stays full. */
const send: Carrier['send'] = async (letter) => {
  letters.push(letter)
  throw new CarrierFailed('broken')
}

let copies: Copies
before(async () => {
  const carriers = (['text', 'mail'] as const).map((channel) => ({ name: channel, channel, send }))
  copies = await startCopies({ carriers })
})
after(() => copies.stop())

test('CODE-05: who reads the database in mid-flow, queue and all, finds no code', async () => {
  const codes = await openOneOfEach()
  assert.equal(codes.length, 5)
  const queued = 'SELECT 1 FROM messages WHERE accepted_at IS NULL AND challenge_id IS NOT NULL'
  assert.equal(await countOf(copies.sql, queued), 5)
  const all = await dump(copies.sql)
  for (const code of codes) {
    // In a longer row of digits, of an id or a number, the six may stand by chance.
    assert.doesNotMatch(all, new RegExp(`(?<![0-9a-f])${code}(?![0-9a-f])`))
    const [, ...written] = forms(code)
    for (const one of written) assert.ok(!all.includes(one), one)
  }
})

test('CODE-05: what is there gives the code with the key, and another one with any other key', async () => {
  const person = await addSomebody(copies.world, ['sms'])
  await givePassword(copies.visitor(), person)
  const code = codeIn(newest(person.phone))
  const [row] = await copies.sql.query<{ seed: Buffer; method_id: string; destination: string }>(
    'SELECT seed, method_id, destination FROM challenges WHERE account_id = $1',
    [person.id],
  )
  assert.ok(row)
  const { seed, method_id: methodId, destination } = row
  const from = { seed, methodId, destination, purpose: 'sign-in' }
  assert.equal(deriveCode(copies.world.keys, from), code)
  const others = Array.from({ length: 20 }, () => deriveCode(otherKeys(), from))
  assert.ok(others.filter((other) => other === code).length <= 1)
  assert.ok(new Set(others).size >= 18, 'without the key every code is as likely')
})

test('CODE-05: after the clean-up the expired challenges are gone', async () => {
  const open = 'SELECT 1 FROM challenges'
  assert.ok((await countOf(copies.sql, open)) > 0)
  copies.clock.advance(23 * 3600)
  await cleanUp(copies.world)
  assert.ok((await countOf(copies.sql, open)) > 0, 'kept for a day after they expire')
  copies.clock.advance(2 * 3600)
  await cleanUp(copies.world)
  assert.equal(await countOf(copies.sql, open), 0)
})

/** A sign-in by text and one by mail, a set-up, a step-up, a new number; their codes. */
async function openOneOfEach(): Promise<string[]> {
  const [byText, byMail, enrolling, moving] = [
    await addSomebody(copies.world, ['sms']),
    await addSomebody(copies.world, ['email']),
    await addSomebody(copies.world, ['totp']),
    await addSomebody(copies.world, ['totp', 'sms', 'email']),
  ]
  await givePassword(copies.visitor(), byText)
  await givePassword(copies.visitor(), byMail)
  const own = copies.visitor()
  await signIn(own, enrolling, copies.clock.now())
  await own.api('POST', '/methods', { kind: 'sms', notice_accepted: true })
  const other = copies.visitor()
  await signIn(other, moving, copies.clock.now())
  await other.api('PATCH', '/profile', { phone: '+12025557654' })
  await other.api('POST', `/methods/${moving.methods['sms']}/new-number`, {})
  const newNumber = codeIn(newest('+12025557654'))
  copies.clock.advance(60)
  await other.api('POST', '/step-up/method', { method: moving.methods['email'] })
  const to = [byText.phone, byMail.email, enrolling.phone, moving.email]
  return [...to.map((one) => codeIn(newest(one))), newNumber]
}

/** The newest letter with a code to that destination. */
function newest(to: string): Letter {
  const found = letters.findLast((letter) => letter.to === to && /\b\d{6}\b/.test(textOf(letter)))
  if (!found) throw new Error(`no code was handed over for ${to}`)
  return found
}

function textOf(letter: Letter): string {
  return letter.channel === 'text' ? letter.body : letter.text
}

function otherKeys() {
  const key = () => random(32).toString('base64')
  return readKeys('', { secrets: key(), codes: key(), tokens: key() }, random)
}

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { newToken } from '../../src/crypto/tokens.ts'
import { useRecoveryCode } from '../../src/sign-in/use-recovery-code.ts'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import {
  addApp,
  confirm,
  cookie,
  enter,
  isIn,
  mailsTo,
  proveAgain,
  rowsOf,
  startApp,
} from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { appCode, givePassword } from '../support/steps.ts'
import type { Visitor } from '../support/visitor.ts'
import { someVisitor } from '../support/world.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2 })
})
after(() => copies.stop())

const page = '/settings/security/recovery-codes'

/** The password step, then a recovery code at the second copy. */
async function enterWith(person: Person, code: string, visitor: Visitor = copies.visitor(1)) {
  await givePassword(visitor, person)
  const reply = await visitor.api('POST', '/sign-in/recovery-code', { recovery_code: code })
  return { visitor, reply }
}

async function codesLeft(visitor: Visitor): Promise<unknown> {
  const { json } = await visitor.api('GET', '/recovery-codes')
  return (json['recovery'] as { codes_left: number } | null)?.codes_left ?? null
}

test('RC-01: there is no code before the first method is on, then ten, given this once', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  assert.equal(await codesLeft(visitor), null)
  const app = await startApp(visitor)
  assert.equal((await rowsOf(copies, 'recovery_codes', person)).length, 0)
  const on = await confirm(visitor, app.id, appCode(app, copies.clock.now()))
  const codes = on.json['codes'] as string[]
  assert.equal(new Set(codes).size, 10)
  assert.equal(on.headers.get('cache-control'), 'no-store')
  for (const path of [page, `${page}/new`, '/settings/security', '/']) {
    const { text } = await visitor.get(path)
    for (const code of codes) assert.ok(!text.includes(code), path)
  }
  const api = await visitor.api('GET', '/recovery-codes')
  for (const code of codes) assert.ok(!api.text.includes(code))
  assert.equal((await addApp(copies, visitor, 'Second')).codes, null, 'one set for all methods')
})

test('RC-01: the page of the codes can copy, keep as a file and print, and asks for the tick', async () => {
  const visitor = await enter(copies, await addSomebody(copies.world))
  const app = await startApp(visitor)
  const code = appCode(app, copies.clock.now())
  const shown = await visitor.post(`/settings/security/methods/${app.id}/confirm`, { code })
  assert.equal(shown.headers.get('cache-control'), 'no-store')
  assert.equal(shown.text.match(/<li><code>[A-Z2-7-]{19}<\/code>/g)?.length, 10)
  for (const mark of ['data-copy=', 'data-download=', 'data-print'])
    assert.ok(shown.text.includes(mark))
  assert.match(shown.text, /<input[^>]*name="saved"[^>]*required|required[^>]*name="saved"/)
  const saved = async () => {
    const { json } = await visitor.api('GET', '/recovery-codes')
    return (json['recovery'] as { saved_at: string | null }).saved_at
  }
  assert.equal((await visitor.post(`${page}/saved`, {})).status, 400)
  assert.equal(await saved(), null)
  assert.equal((await visitor.post(`${page}/saved`, { saved: 'yes' })).status, 303)
  assert.equal(await saved(), copies.clock.now().toISOString())
})

test('RC-02, RC-04: case, spaces and hyphens do not count, and it is one use however typed', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const [code = ''] = person.recoveryCodes
  const typed = code.toLowerCase().replaceAll('-', ' ')
  assert.notEqual(typed, code)
  assert.equal((await enterWith(person, ` ${typed} `)).reply.status, 200)
  for (const again of [code, code.replaceAll('-', ''), typed]) {
    const { reply, visitor } = await enterWith(person, again)
    assert.equal(reply.json['error'], 'wrong-recovery-code')
    assert.ok(!(await isIn(visitor)))
  }
})

test('RC-03: a wrong code costs one hash, with ten codes stored, and so does a right one', async () => {
  const { world } = copies
  let hashes = 0
  const hashWithSalt = (text: string, salt: Buffer) => {
    hashes += 1
    return world.passwords.hashWithSalt(text, salt)
  }
  const counting = { ...world, passwords: { ...world.passwords, hashWithSalt } }
  const person = await addSomebody(world, ['totp'])
  for (const code of ['AAAA-AAAA-AAAA-AAAA', person.recoveryCodes[9] ?? '']) {
    const visitor = copies.visitor()
    await givePassword(visitor, person)
    const token = Buffer.from(cookie(visitor, 'sign-in'), 'base64url')
    const { hash: signIn } = newToken(() => token)
    hashes = 0
    await useRecoveryCode(counting, someVisitor({ signIn }), { recovery_code: code })
    assert.equal(hashes, 1)
  }
  const left = await world.sql.query(
    'SELECT 1 FROM recovery_codes WHERE account_id = $1 AND used_at IS NULL',
    [person.id],
  )
  assert.equal(left.length, 9, 'the right one was taken')
})

test('RC-04: without the password step a recovery code is never read', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const [code = ''] = person.recoveryCodes
  const body = { recovery_code: code, email: person.email, account: person.id }
  const visitor = copies.visitor()
  const early = await visitor.api('POST', '/sign-in/recovery-code', body)
  assert.equal(early.json['error'], 'sign-in-over')
  await givePassword(visitor, { email: person.email, password: 'not this password at all' })
  const wrong = await visitor.api('POST', '/sign-in/recovery-code', body)
  assert.equal(wrong.json['error'], 'sign-in-over')
  const [set] = await copies.sql.query<{ failures: number; codes_left: number }>(
    'SELECT failures, codes_left FROM recovery_sets WHERE account_id = $1',
    [person.id],
  )
  assert.deepEqual(set, { failures: 0, codes_left: 10 })
  assert.equal((await enterWith(person, code)).reply.status, 200, 'it is still good')
})

test('RC-05: a new set needs the step-up, voids the old codes at once and is told', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person)
  copies.clock.advance(600)
  const early = await visitor.api('POST', '/recovery-codes', {})
  assert.equal(early.json['error'], 'step-up-required')
  assert.equal(early.status, 403)
  await proveAgain(copies, visitor, person)
  const made = await visitor.api('POST', '/recovery-codes', {})
  const fresh = made.json['codes'] as string[]
  assert.equal(fresh.length, 10)
  assert.equal(made.headers.get('cache-control'), 'no-store')
  for (const old of person.recoveryCodes.slice(0, 3)) {
    assert.equal((await enterWith(person, old)).reply.json['error'], 'wrong-recovery-code')
  }
  assert.equal((await enterWith(person, fresh[0] ?? '')).reply.status, 200)
  const subjects = await mailsTo(copies, person)
  assert.ok(subjects.includes('Twostep: New recovery codes were made'))
})

test('RC-06: a used code is told and counted, trust ends, and the page of the codes comes next', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const trusted = await enter(copies, person, { remember_device: true })
  const [code = ''] = person.recoveryCodes
  const { visitor, reply } = await enterWith(person, code)
  assert.equal(reply.json['return_to'], page)
  assert.equal(await codesLeft(visitor), 9)
  assert.match((await visitor.get(page)).text, /9 of 10 left[\s\S]*Make new codes/)
  assert.equal((await givePassword(trusted, person)).json['next'], 'second-step')
  assert.equal((await rowsOf(copies, 'trusted_devices', person)).length, 0)
  await copies.delivered()
  const letter = copies.newest(person.email)
  assert.ok(letter.channel === 'mail' && letter.subject.endsWith('A recovery code was used'))
  assert.match(letter.text, /9 are left/)
})

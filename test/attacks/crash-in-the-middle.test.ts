import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { faults } from '../support/faults.ts'
import {
  addApp,
  confirm,
  cookie,
  enter,
  freshAppCode,
  isIn,
  mailsTo,
  rowsOf,
  startApp,
} from '../support/member.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { rowsBut } from '../support/rows.ts'
import { appCode, giveCode, givePassword } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

const { wrap, breakAt, came } = faults()
let copies: Copies
before(async () => {
  copies = await startCopies({ wrap, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

const opensSession = (text: string) => text.includes('INSERT INTO sessions')

/** Somebody at the code screen, with the app's present code. */
async function atTheCode(): Promise<{ person: Person; visitor: Visitor; code: string }> {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  return { person, visitor, code: freshAppCode(copies, person) }
}

function assertFailed(reply: Reply): void {
  assert.equal(reply.json['error'], 'unexpected', reply.text)
  assert.deepEqual(reply.setCookies, [])
}

test('TOTP-04, SES-01: it breaks before the session is written: none is open, the code is still good', async () => {
  const { person, visitor, code } = await atTheCode()
  breakAt('before', opensSession)
  assertFailed(await giveCode(visitor, code))
  assert.ok(came())
  assert.equal((await rowsOf(copies, 'sessions', person)).length, 0)
  assert.equal((await giveCode(visitor, code)).status, 200)
})

test('TOTP-04: the answer is lost after the session was written: nobody has it, the code is spent', async () => {
  const { person, visitor, code } = await atTheCode()
  breakAt('after', opensSession)
  assertFailed(await giveCode(visitor, code))
  assert.ok(came())
  assert.ok(!(await isIn(visitor)))
  assert.equal((await giveCode(visitor, code)).json['error'], 'sign-in-over')
  await givePassword(visitor, person)
  assert.equal((await giveCode(visitor, code)).json['error'], 'code-used')
  assert.equal((await giveCode(visitor, freshAppCode(copies, person))).status, 200)
})

test('RC-04, NTF-05: a recovery code is used with its mail, or neither, wherever it breaks', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const body = { recovery_code: person.recoveryCodes[0] }
  const visitor = copies.visitor()
  await givePassword(visitor, person)
  const state = async () => {
    const [row] = await copies.sql.query<{ left: number; told: number; used: number }>(
      `SELECT codes_left AS left,
         (SELECT count(*)::int FROM messages WHERE account_id = $1 AND template = 'notice') AS told,
         (SELECT count(*)::int FROM recovery_codes WHERE account_id = $1 AND used_at IS NOT NULL)
           AS used FROM recovery_sets WHERE account_id = $1`,
      [person.id],
    )
    return row
  }
  breakAt('before', opensSession)
  assertFailed(await visitor.api('POST', '/sign-in/recovery-code', body))
  assert.ok(came())
  assert.deepEqual(await state(), { left: 10, told: 0, used: 0 })
  breakAt('after', opensSession)
  assertFailed(await visitor.api('POST', '/sign-in/recovery-code', body))
  assert.ok(came())
  assert.deepEqual(await state(), { left: 9, told: 1, used: 1 })
  assert.deepEqual(await mailsTo(copies, person), ['Twostep: A recovery code was used'])
})

test('TD-07: the reply with the next token is lost: the browser is trusted still', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const visitor = await enter(copies, person, { remember_device: true })
  visitor.jar.delete('session')
  const token = cookie(visitor, 'device-')
  breakAt('after', opensSession)
  assertFailed(await givePassword(visitor, person))
  assert.ok(came())
  assert.equal(cookie(visitor, 'device-'), token)
  assert.equal((await givePassword(visitor, person)).json['next'], 'signed-in')
  assert.notEqual(cookie(visitor, 'device-'), token)
})

/** Changes that are one whole: each starts from the same state. Gives what would be done. */
const changes: Record<string, (visitor: Visitor, person: Person) => Promise<() => Promise<Reply>>> =
  {
    'a method is confirmed': async (visitor) => {
      const app = await startApp(visitor)
      return () => confirm(visitor, app.id, appCode(app, copies.clock.now()))
    },
    'a method is removed': async (visitor, person) => () =>
      visitor.api('DELETE', `/methods/${person.methods['email']}`),
    'new recovery codes are made': async (visitor) => () =>
      visitor.api('POST', '/recovery-codes', {}),
    'all other sessions are ended': async (visitor) => () => visitor.api('DELETE', '/sessions'),
  }

for (const [what, prepare] of Object.entries(changes)) {
  test(`ENR-02, NTF-05: ${what}: whichever statement breaks, it is whole or it never was`, async () => {
    const person = await addSomebody(copies.world, ['totp', 'email'])
    const visitor = await enter(copies, person, { remember_device: true })
    await enter(copies, person)
    const act = await prepare(visitor, person)
    // Guesses are counted before they are looked at, and stay counted.
    const state = async () => {
      await copies.sql.query("UPDATE methods SET failures = 0, not_before = 'epoch'")
      await copies.sql.query('UPDATE challenges SET attempts_left = 5')
      return rowsBut(copies.sql, 'events')
    }
    await copies.delivered()
    const before = await state()
    let broken = 0
    for (; ; broken++) {
      let count = 0
      breakAt('before', () => count++ === broken)
      const reply = await act()
      const broke = came()
      // Once it is done, only the sending of its notice can still break.
      if (reply.status === 200) break
      assertFailed(reply)
      assert.ok(broke)
      assert.deepEqual(await state(), before, `statement ${broken}`)
    }
    assert.ok(broken >= 2, `${broken} statements`)
    const messages = await rowsOf<{ template: string }>(copies, 'messages', person)
    const told = messages.filter(({ template }) => template === 'notice').length
    assert.equal(told, /sessions/.test(what) ? 1 : 2, 'the device’s notice, and that of the change')
  })
}

test('ENR-02, RC-01: the reply to the first confirmation is lost: on, told, and new codes can be had', async () => {
  const person = await addSomebody(copies.world)
  const visitor = await enter(copies, person)
  const app = await startApp(visitor)
  const code = appCode(app, copies.clock.now())
  breakAt('after', (text) => text.includes('confirmed AS'))
  assertFailed(await confirm(visitor, app.id, code))
  assert.ok(came())
  assert.ok(!(await isIn(visitor)), 'its session has a new id that nobody knows')
  assert.deepEqual(await mailsTo(copies, person), ['Twostep: A two-step method was turned on'])
  await enter(copies, { ...person, key: app.key }, {}, visitor)
  const made = await visitor.api('POST', '/recovery-codes', {})
  assert.equal((made.json['codes'] as string[]).length, 10)
  await addApp(copies, visitor, 'Another')
})

import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { startCopies } from '../support/copies.ts'
import type { Copies } from '../support/copies.ts'
import { addSomebody } from '../support/people.ts'
import type { Person } from '../support/people.ts'
import { askLink, follow, newPassword, setPassword } from '../support/reset.ts'
import { countOf, eventsOf } from '../support/rows.ts'
import { appCode, giveCode, givePassword, signIn } from '../support/steps.ts'
import type { Reply, Visitor } from '../support/visitor.ts'

let copies: Copies
before(async () => {
  copies = await startCopies({ copies: 2, config: { sendPauseSeconds: 0 } })
})
after(() => copies.stop())

const page = '/settings/password'

test('PW-07: the password is changed with the present one, and everything else ends', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const elsewhere = await enter(person, { remember_device: true })
  const pending = copies.visitor()
  await givePassword(pending, person)
  const link = await follow(copies, await askLink(copies, person))
  copies.clock.advance(30)
  const own = await enter(person)
  const old = own.copy()
  assert.equal((await change(own, person)).status, 200)
  assert.equal((await own.api('GET', '/session')).status, 200, 'this session goes on')
  assert.equal((await old.api('GET', '/session')).status, 401, 'under another id')
  assert.equal((await elsewhere.api('GET', '/session')).status, 401)
  assert.equal((await giveCode(pending, code(person, 1))).json['error'], 'sign-in-over')
  assert.equal((await setPassword(link)).json['error'], 'reset-over')
  const known = { ...person, password: newPassword }
  assert.equal((await givePassword(elsewhere, known)).json['next'], 'second-step', 'no trust left')
  assert.equal((await givePassword(copies.visitor(), person)).status, 401)
  const left = 'SELECT 1 FROM challenges WHERE account_id = $1 AND epoch < 2'
  assert.equal(await countOf(copies.sql, left, person.id), 0)
})

test('PW-07: open codes of another session are dead after a change', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const other = await enter(person)
  await other.api('POST', '/step-up/method', { method: person.methods['totp'] })
  copies.clock.advance(30)
  const own = await enter(person)
  assert.equal((await change(own, person)).status, 200)
  const late = await other.api('POST', '/step-up/code', { code: code(person, 1) })
  assert.equal(late.json['error'], 'sign-in-required')
})

test('PW-07: a stolen session changes nothing without the present password', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const thief = (await enter(person)).copy()
  const tries: Record<string, unknown>[] = [
    { new_password: newPassword },
    { current_password: '', new_password: newPassword },
    { current_password: 'not the one', new_password: newPassword },
    { current_password: [person.password], new_password: newPassword },
  ]
  for (const body of tries) {
    const reply = await thief.api('PUT', '/password', body)
    assert.ok(reply.status === 400 || reply.status === 422, reply.text)
  }
  assert.equal((await givePassword(copies.visitor(), person)).status, 200)
})

test('PW-07: nor with it, when the second step is too long ago', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const thief = (await enter(person)).copy()
  copies.clock.advance(601)
  const events = await eventsOf(copies.sql, person.id)
  assert.equal((await change(thief, person)).json['error'], 'step-up-required')
  assert.equal((await eventsOf(copies.sql, person.id)).includes('step-up.password-wrong'), false)
  const wrong = await change(thief, { ...person, password: 'not the one' })
  assert.equal(wrong.json['error'], 'step-up-required', 'says nothing of the password')
  assert.ok((await eventsOf(copies.sql, person.id)).length > events.length)
  assert.equal((await givePassword(copies.visitor(), person)).status, 200)
})

test('PW-07: a session on a trusted device still needs the second step', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const own = await enter(person, { remember_device: true })
  await own.api('DELETE', '/session')
  assert.equal((await givePassword(own, person)).json['next'], 'signed-in')
  assert.equal((await change(own, person)).json['error'], 'step-up-required')
})

test('PW-07: the way leads over the second step alone; the password is typed once', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const own = await enter(person)
  copies.clock.advance(3600)
  const away = (await own.get(page)).headers.get('location')
  assert.equal(away, `/step-up?return_to=${encodeURIComponent(page)}`)
  const asked = await own.get(away ?? '')
  assert.doesNotMatch(asked.text, /type="password"/)
  const on = { return_to: page }
  await own.post('/step-up/method', { method: person.methods['totp'] ?? '', ...on })
  const back = await own.post('/step-up/code', { code: code(person), ...on })
  assert.equal(back.headers.get('location'), page)
  assert.equal((await own.get(page)).status, 200)
  const guarded = await own.api('POST', '/recovery-codes', {})
  assert.equal(guarded.json['error'], 'step-up-required', 'nothing else is open by that')
  const done = await own.post(page, {
    current_password: person.password,
    new_password: newPassword,
  })
  assert.equal(done.headers.get('location'), `${page}?notice=password-changed-here`)
})

test('PW-07: who has no method changes it with the present password alone', async () => {
  const person = await addSomebody(copies.world)
  const own = await enter(person)
  copies.clock.advance(3600)
  assert.equal((await own.get(page)).status, 200)
  assert.equal((await change(own, person)).status, 200)
})

test('PW-01, PW-02: a new password must be fit, and the page says which field is not', async () => {
  const person = await addSomebody(copies.world)
  const own = await enter(person)
  for (const [new_password, reason] of [
    ['short', 'password-too-short'],
    [person.email, 'password-too-personal'],
  ] as const) {
    const body = { current_password: person.password, new_password }
    const reply = await own.api('PUT', '/password', body)
    const fields = reply.json['fields'] as Record<string, { error: string }>
    assert.equal(fields['new_password']?.error, reason)
    const form = await own.post(page, body)
    assert.equal(form.status, 422)
    assert.ok(!form.text.includes(person.password) && form.text.includes('aria-invalid'))
  }
  assert.equal((await givePassword(copies.visitor(), person)).status, 200)
})

test('LIM-06: the present password is guessed under the same limits as at sign-in', async () => {
  const person = await addSomebody(copies.world)
  const thief = await enter(person)
  const from = { headers: { 'x-forwarded-for': '10.66.1.1' } }
  for (let i = 0; i < 12; i++) {
    const body = { current_password: `guess ${i}`, new_password: newPassword }
    const reply = await thief.api('PUT', '/password', body, from)
    assert.equal(reply.json['error'], 'wrong-password')
  }
  const body = { current_password: person.password, new_password: newPassword }
  const right = await thief.api('PUT', '/password', body, from)
  assert.equal(right.json['error'], 'wrong-password', 'right, and refused')
  assert.equal((await givePassword(copies.visitor(), person)).status, 200)
})

test('PW-07: of 10 changes at once over two copies one is made', async () => {
  const person = await addSomebody(copies.world, ['totp'])
  const own = await enter(person)
  const replies = await Promise.all(
    Array.from({ length: 10 }, (_none, i) =>
      change(own.copy(copies.all[i % 2]?.base), person, `a new password, number ${i}`),
    ),
  )
  const made = replies.flatMap((reply, i) => (reply.status === 200 ? [i] : []))
  assert.equal(made.length, 1)
  const password = `a new password, number ${made[0]}`
  assert.equal((await givePassword(copies.visitor(), { ...person, password })).status, 200)
  const events = await eventsOf(copies.sql, person.id)
  assert.equal(events.filter((kind) => kind === 'password.changed').length, 1)
})

test('PW-07, PW-09: of a change and a reset at once one is made', async () => {
  const person = await addSomebody(copies.world)
  const own = await enter(person)
  const link = await follow(copies, await askLink(copies, person), 1)
  const [changed, reset] = await Promise.all([
    change(own, person, 'this was the change of it'),
    setPassword(link, 'this was the reset of it'),
  ])
  assert.notEqual(changed.status === 200, reset.status === 200)
  const password = changed.status === 200 ? 'this was the change of it' : 'this was the reset of it'
  assert.equal((await givePassword(copies.visitor(), { ...person, password })).status, 200)
})

test('PW-07: a session that ended meanwhile changes nothing', async () => {
  const person = await addSomebody(copies.world)
  const own = await enter(person)
  const [changed] = await Promise.all([
    change(own.copy(copies.all[1]?.base), person),
    own.copy().api('DELETE', '/session'),
  ])
  const password = changed.status === 200 ? newPassword : person.password
  assert.equal((await givePassword(copies.visitor(), { ...person, password })).status, 200)
})

test('NTF-01: the owner is told of a change, in its statement', async () => {
  const person = await addSomebody(copies.world)
  await change(await enter(person), person)
  await copies.delivered()
  const letter = copies.newest(person.email)
  assert.ok(letter.channel === 'mail' && letter.subject.endsWith('Your password was changed'))
  assert.match(letter.text, /\/not-me\//)
  assert.ok(!letter.text.includes(newPassword))
})

test('PW-06: password managers find both fields and the account; nothing typed comes back', async () => {
  const person = await addSomebody(copies.world)
  const { text } = await (await enter(person)).get(page)
  assert.match(text, /name="current_password"[^>]*autocomplete="current-password"/)
  assert.match(text, /name="new_password"[^>]*autocomplete="new-password"/)
  assert.ok(text.includes(`value="${person.email}"`))
  assert.equal([...text.matchAll(/data-show=/g)].length, 2)
  assert.doesNotMatch(text, /maxlength|onpaste/)
})

async function enter(person: Person, more: object = {}): Promise<Visitor> {
  const visitor = copies.visitor()
  await signIn(visitor, person, copies.clock.now(), more)
  return visitor
}

function change(visitor: Visitor, person: Person, new_password = newPassword): Promise<Reply> {
  const current_password = person.password
  return visitor.api('PUT', '/password', { current_password, new_password })
}

function code(person: Person, away = 0): string {
  return appCode(person, copies.clock.now(), away)
}
